"""Everything that touches the world: files, ports, processes, REAPER, the command line."""

__version__ = "0.1.0"
