"""Measures: speed as ratios to a peer in one run, and what survives a crash. Never run by tests."""
