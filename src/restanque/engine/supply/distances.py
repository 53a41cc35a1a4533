"""Distances as the crow flies: on a plane, and from longitude and latitude to that plane."""

from __future__ import annotations

import numpy as np

from restanque.engine.supply.arrays import FloatArray

#: Mean radius of the Earth, km (IUGG).
EARTH_KM = 6371.0088


def between(x: FloatArray, y: FloatArray, x2: FloatArray, y2: FloatArray) -> FloatArray:
    """Plane distances in km, shape (len(x), len(x2)); 0 where a place is unknown."""
    made = np.hypot(x[:, None] - x2[None, :], y[:, None] - y2[None, :])
    return np.where(np.isnan(made), 0.0, made)


def project(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Kilometres on a plane around the middle of the points; NaN stays NaN.

    Equirectangular: under 0.3 % off the great circle within 150 km of the middle parallel, under
    4 % over the whole of France. Give distances where that is not enough.
    """
    known = ~np.isnan(lat)
    middle = float((lat[known].min() + lat[known].max()) / 2) if known.any() else 0.0
    degree = np.pi * EARTH_KM / 180
    return lon * degree * np.cos(np.radians(middle)), lat * degree
