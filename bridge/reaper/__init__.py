"""REAPER: the mailbox, the transport over OSC, and what is installed into its resource folder."""
