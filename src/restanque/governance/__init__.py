"""Bodies, sittings, acts."""
