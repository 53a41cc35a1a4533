"""Restanque: shared workplace for French food and planning policy teams."""

__version__ = "0.1.0"
