"""Pages of the concertation."""
