"""Areas, projection and contours."""

import numpy as np
import pytest
import shapely

from restanque.territories import geo, geometry
from restanque.territories.models import Commune, Territory
from tests.territories.conftest import TODAY


def test_area_of_a_degree_cell_is_the_ellipsoid_s() -> None:
    # One degree by one degree at the equator on GRS80: 12 308.8 km² (geodesic tables).
    cell = np.array([shapely.box(0, 0, 1, 1)])
    assert geometry.area_km2(cell)[0] == pytest.approx(12_308.8, rel=1e-4)


def test_rounding_keeps_polygons_valid() -> None:
    spike = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0.50001, 0.00001), (0, 1)])
    coarse = geometry.rounded(np.array([spike]))
    assert shapely.is_valid(coarse).all()
    assert shapely.get_dimensions(coarse)[0] == 2


@pytest.mark.usefixtures("france")
def test_geojson_has_a_feature_for_each_commune(scot: Territory) -> None:
    communes = scot.communes_at(TODAY)
    found = geo.geojson_for(communes, lambda c: {"population": c.population})
    assert [feature["id"] for feature in found["features"]] == [c.code for c in communes]
    arles = found["features"][0]
    assert arles["properties"]["name"] == "Arles"
    assert arles["properties"]["population"] > 50_000
    assert shapely.is_valid(shapely.geometry.shape(arles["geometry"]))


@pytest.mark.usefixtures("france")
def test_a_commune_without_contour_keeps_its_feature() -> None:
    features = geo.geojson_for(Commune.objects.filter(pk="15031"))["features"]
    assert [(f["id"], f["geometry"]) for f in features] == [("15031", None)]


@pytest.mark.usefixtures("france")
def test_the_outline_of_a_territory_is_nearly_one_piece(scot: Territory) -> None:
    outline = geo.outline_of(geo.contours_of(scot.communes_at(TODAY)).values())
    assert shapely.is_valid(outline)
    pieces = sorted(shapely.area(shapely.get_parts(outline)), reverse=True)
    assert pieces[0] / sum(pieces) > 0.98
