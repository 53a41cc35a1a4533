"""Writes of the concertation."""
