"""Road distances on a graph: arrays in, matrix out. See README.md."""

from restanque.engine.roads.graph import Roads, RoadsError, Trips

__all__ = ["Roads", "RoadsError", "Trips"]
