"""The style packs that partimento ships, from the archives and from our own patterns."""
