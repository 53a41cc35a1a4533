"""Pages of the room, split by meaning."""
