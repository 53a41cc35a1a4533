"""Charts that show an interval give the table of the same numbers."""

from restanque.kit import charts
from restanque.kit.interval_charts import Span, interval_bars

SPANS = [Span("Oui", 61.4, 53.2, 69.0, 70), Span("Non publié", None)]


def text_of(shape: str) -> str:
    drawing = interval_bars(
        SPANS, category="Réponse", value="Part", unit="%", maximum=100, shape=shape  # type: ignore[arg-type]
    )  # fmt: skip
    return charts.render_svg(drawing, name="essai", title="Essai")


def test_the_table_has_the_value_its_bounds_and_n() -> None:
    drawing = interval_bars(SPANS, category="Réponse", value="Part", unit="%", maximum=100)
    assert drawing.headers == ("Réponse", "Part (%)", "De", "À", "n")
    assert drawing.rows == (("Oui", 61, 53, 69, 70), ("Non publié", None, None, None, None))


def test_an_unknown_value_has_a_line_without_figure() -> None:
    for shape in ("bar", "range"):
        drawn = text_of(shape)
        assert "61\u00a0%" in drawn
        assert "Non publié" in drawn
        assert "–" in drawn


def test_a_chart_of_nothing_can_be_drawn() -> None:
    empty = interval_bars([], category="Réponse", value="Part")
    assert empty.rows == ()
    assert charts.render_svg(empty, name="vide", title="Vide").startswith("<svg")
