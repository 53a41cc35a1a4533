"""Concertation: what was announced, what was done, what the public said, and what was answered."""
