"""Pure computation: no clock, no thread, no socket, no device."""
