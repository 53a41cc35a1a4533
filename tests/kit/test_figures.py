"""Charts and maps: drawn strictly, with their table, downloadable."""

import datetime as dt
import itertools
import json
import re
from decimal import Decimal

import altair as alt
import pytest
import shapely
from django.http import Http404
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from restanque.kit import charts, figures, maps, palette, svg

SAID = {"n": "52 prix", "source": "campagne", "date": dt.date(2026, 11, 24)}
PANEL = charts.ChartPanel(
    name="prix",
    title="Prix du pain",
    description="Surtout 4 €.",
    chart=charts.bars(
        [("Boulanger & fils", 46), ("Ne sait pas", None)], category="Qui", value="Communes"
    ),
    **SAID,
)


def square(x: float, y: float) -> shapely.Polygon:
    return shapely.box(5 + x, 43 + y, 5 + x + 1, 43 + y + 1)


def panel(**changes) -> maps.MapPanel:
    options = {
        "name": "etats",
        "title": "Où en est-on ?",
        "features": [
            maps.Feature("1", "Aix", square(0, 0), "done", "12 kg", "/communes/1/"),
            maps.Feature("2", "Bouc", shapely.to_wkb(square(1, 0)), "check"),
            maps.Feature(
                "3", "<Cassis>", shapely.geometry.mapping(shapely.Point(5.5, 44.5)), "lost"
            ),
        ],
        "classes": [
            maps.MapClass("done", "Validée", "fait"),
            maps.MapClass("check", "À valider", "valider"),
        ],
        "outlines": [square(0, 0)],
        "labels": ["1", "2", "9"],
        **SAID,
    }
    return maps.MapPanel(**options | changes)


ALL = [
    PANEL,
    charts.ChartPanel(
        name="tailles",
        title="Tailles",
        **SAID,
        chart=charts.stacked_bars(
            [("A", {"x": 1, "y": 2}), ("B", {"x": 0})], series=("x", "y"), category="Taille"
        ),
    ),
    charts.ChartPanel(
        name="histogramme",
        title="Histogramme",
        **SAID,
        chart=charts.histogram(
            [3.1, 3.4, 4.2, None, 7],
            step=0.5,
            x="Prix",
            y="Communes",
            decimals=1,
            mark=(3.4, "médiane"),
        ),
    ),
    charts.ChartPanel(
        name="rythme",
        title="Rythme",
        **SAID,
        chart=charts.line(
            {
                "a": [(dt.date(2026, 1, 1), 1), (dt.date(2026, 2, 1), None)],
                "b": [(dt.date(2026, 1, 1), 2)],
            },
            x="",
            y="n",
        ),
    ),
    charts.ChartPanel(
        name="annees",
        title="Années",
        chart=charts.line({"a": [(2024, 1), (2025, 2)]}, x="Année", y="n"),
        **SAID,
    ),
    panel(),
]


@pytest.mark.parametrize("figure", ALL, ids=lambda f: f.name)
@pytest.mark.parametrize("width", [340, 520])
def test_page_drawings_hold_nothing_a_strict_policy_blocks(
    figure: figures.Figure, width: int
) -> None:
    root = svg.parse(figure.inline(width))
    assert root.get("role") == "img"
    named = {node.get("id") for node in root.iter() if node.get("id")}
    assert set(root.get("aria-labelledby").split()) <= named
    for node in root.iter():
        assert etree.QName(node).localname not in {"script", "style", "foreignObject", "a", "image"}
        for attribute, value in node.attrib.items():
            assert attribute != "style"
            assert not attribute.startswith("on")
            assert "http" not in value
    used = set(re.findall(r"url\(#([^)]+)\)", figure.inline(width)))
    assert used <= named


@pytest.mark.parametrize("figure", ALL, ids=lambda f: f.name)
def test_files_stand_alone_with_title_n_source_and_date(figure: figures.Figure) -> None:
    text = " ".join(svg.parse(figure.file_svg()).itertext())
    for words in (figure.title, "n = 52 prix", "campagne", "24\u00a0nov.\u00a02026"):
        assert words in text
    assert "Données fictives" not in text
    assert figure.png().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "make",
    [panel, lambda **k: charts.ChartPanel(name="x", title="X", chart=PANEL.chart, **SAID, **k)],
)
def test_fictitious_figures_say_so_everywhere(make) -> None:
    figure = make(fictitious=True)
    assert figure.file_svg().decode().count("Données fictives") == 2
    assert figure.csv().decode("utf-8-sig").startswith("Données fictives\r\n")
    tag = "c-map" if isinstance(figure, maps.MapPanel) else "c-chart"
    assert "rq-fictif" in page(f'<{tag} :panel="panel" />', figure)


def page(markup: str, figure: figures.Figure) -> str:
    template = engines["django"].from_string(CottonCompiler().process(markup))
    return template.render({"panel": figure}, RequestFactory().get("/x/?q=a&page=2"))


def test_chart_component_shows_table_source_and_downloads() -> None:
    html = page('<c-chart :panel="panel" />', PANEL)
    for words in (
        "Prix du pain",
        "n = 52 prix · campagne",
        "Boulanger &amp; fils",
        "<td",
        "–",
        "?q=a&amp;figure=prix&amp;format=png",
    ):
        assert words in html
    assert "style=" not in html
    assert len(re.findall(r"<svg", html)) == 2


def test_ids_of_two_drawings_of_a_page_differ() -> None:
    html = page('<c-chart :panel="panel" />', PANEL) + page('<c-map :panel="panel" />', panel())
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_map_component_has_legend_with_counts_and_linked_table() -> None:
    html = page('<c-map :panel="panel" />', panel())
    for label, count in (("Validée", 1), ("À valider", 1), ("Non renseigné", 1)):
        assert re.search(rf"{label} <strong>{count}</strong>", html)
    assert '<a href="/communes/1/">Aix</a>' in html
    assert "&lt;Cassis&gt;" in html
    assert 'data-map="?q=a&amp;figure=etats&amp;format=geojson"' in html


def test_downloads_are_served_and_unknown_ones_are_not_found(rf: RequestFactory) -> None:
    assert figures.serve(rf.get("/"), PANEL) is None
    for file_format, kind in (
        ("svg", "image/svg+xml"),
        ("png", "image/png"),
        ("csv", "text/csv; charset=utf-8"),
    ):
        response = figures.serve(
            rf.get("/", {"figure": "prix", "format": file_format}), PANEL, panel()
        )
        assert response["Content-Type"] == kind
        assert response["Content-Disposition"] == f'attachment; filename="prix.{file_format}"'
    for query in (
        {"figure": "autre", "format": "csv"},
        {"figure": "prix", "format": "exe"},
        {"figure": "prix"},
    ):
        with pytest.raises(Http404):
            figures.serve(rf.get("/", query), PANEL)


def test_geojson_tells_names_states_styles_and_addresses(rf: RequestFactory) -> None:
    data = json.loads(
        figures.serve(rf.get("/", {"figure": "etats", "format": "geojson"}), panel()).content
    )
    assert [f["properties"]["style"] for f in data["features"]] == ["fait", "valider", "none"]
    assert data["features"][0]["properties"] == {
        "name": "Aix",
        "kind": "done",
        "state": "Validée",
        "style": "fait",
        "patterned": False,
        "value": "12 kg",
        "url": "/communes/1/",
        "named": True,
    }
    assert len(data["outlines"]) == 1


def test_chart_without_its_table_is_refused() -> None:
    bare = alt.Chart(alt.Data(values=[{"a": 1}])).mark_bar().encode(x="a:Q")
    with pytest.raises(ValueError, match="table"):
        charts.ChartPanel(name="x", title="X", chart=bare, **SAID)
    own = charts.ChartPanel(name="x", title="X", chart=bare, headers=("a",), rows=((1,),), **SAID)
    assert own.table == (("a",), ((1,),))


def test_unknown_is_drawn_without_bar_and_shown_as_a_dash() -> None:
    assert PANEL.table[1] == (("Boulanger & fils", 46), ("Ne sait pas", None))
    assert "–" in " ".join(svg.parse(PANEL.inline()).itertext())


def test_numbers_in_drawings_are_french() -> None:
    chart = charts.bars([("A", 12345.5)], category="c", value="v", decimals=1, unit="kg")
    assert "12\u202f345,5\u00a0kg" in charts.render_svg(chart, name="t", title="T")
    axis = charts.line({"a": [(2024, 0), (2025, 4.5)]}, x="Année", y="n")
    text = " ".join(svg.parse(charts.render_svg(axis, name="t", title="T")).itertext())
    assert "2024" in text
    assert charts.render_png(chart).startswith(b"\x89PNG")


@given(st.lists(st.decimals(-50, 50, places=2), max_size=40), st.sampled_from([0.1, 0.25, 0.5, 2]))
def test_classes_of_a_histogram_lose_no_value_and_leave_no_gap(
    values: list[Decimal], step: float
) -> None:
    classes = charts.bins(values, step)
    assert sum(count for _, _, count in classes) == len(values)
    for (_, high, _), (low, _, _) in itertools.pairwise(classes):
        assert high == low
    for low, high, count in classes:
        assert count == sum(low <= value < high for value in values)


def test_drawings_are_cleaned_of_anything_active() -> None:
    root = svg.parse(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<script>x</script><style>a{}</style><g onclick="x" style="fill:red;stroke:url(http://x)">'
        '<use xlink:href="http://x"/><use xlink:href="#a"/>'
        '<rect id="a" clip-path="url(#a)" opacity="0"/>'
        '<rect id="b" fill="url(#b)"/></g></svg>'
    )
    text = svg.to_text(svg.make_strict(root, "p"))
    for gone in ("script", "style", "onclick", "http://x", "opacity"):
        assert gone not in text
    assert 'fill="red"' in text
    assert 'fill="url(#p-b)"' in text
    assert 'xlink:href="#p-a"' in text


def test_entities_of_a_drawing_are_not_followed() -> None:
    bomb = '<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/hostname">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>'
    root = svg.parse(bomb)
    assert "".join(node.text or "" for node in root.iter("{*}text")) == ""


def test_map_keeps_proportions_and_north_up() -> None:
    root = maps.static_map([maps.Feature("1", "A", square(0, 0), "x")], [], width=500)
    _, height = svg.size(root)
    # A degree of longitude at 43.5° is 0.725 of a degree of latitude.
    assert height == pytest.approx(12 + 488 / 0.7254, abs=2)
    north = maps.static_map(
        [
            maps.Feature("1", "N", shapely.Point(5, 44), "x"),
            maps.Feature("2", "S", shapely.Point(5.1, 43), "x"),
        ],
        [],
    )
    tops = [float(c.get("cy")) for c in north.iter("{*}circle")]
    assert tops[0] < tops[1]


def test_names_never_cover_each_other() -> None:
    features = [
        maps.Feature(str(i), "Saint-Étienne-du-Grès", shapely.Point(5 + i / 1e4, 43), "x")
        for i in range(9)
    ]
    features.append(maps.Feature("far", "Arles", shapely.Point(5.2, 43.1), "x"))
    root = maps.static_map(features, [], names=[f.id for f in features])
    assert [t.text for t in root.iter("{*}text")] == ["Saint-Étienne-du-Grès", "Arles"]


@pytest.mark.parametrize(
    "features",
    [
        [],
        [maps.Feature("1", "Vide", shapely.Polygon(), "x")],
        [maps.Feature("1", "Seul", shapely.Point(5, 43), "x")],
        [maps.Feature("1", "Île", shapely.MultiPolygon([square(0, 0), square(3, 3)]), "x")],
        [
            maps.Feature("1", "Minuscule", square(0, 0).buffer(1e-9), "x"),
            maps.Feature("2", "Ligne", shapely.LineString([(5, 43), (9, 44)]), "x"),
        ],
    ],
)
def test_odd_geometries_are_drawn_or_left_out_never_fatal(features: list[maps.Feature]) -> None:
    root = maps.static_map(features, [], names=["1"])
    width, height = svg.size(root)
    assert width > 0
    assert height > 0


def test_unknown_style_is_a_mistake_of_the_room() -> None:
    with pytest.raises(ValueError, match="Unknown map style"):
        maps.MapClass("a", "A", "rose")


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", palette.SERIES)
def test_series_stand_out_on_paper(colour: str) -> None:
    ratio = (_luminance(palette.PAPER) + 0.05) / (_luminance(colour) + 0.05)
    assert ratio >= 3
