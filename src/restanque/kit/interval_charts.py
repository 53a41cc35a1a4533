"""Bars that show what is not known: an estimate with its interval, a median between quartiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from restanque.kit import palette
from restanque.kit.charts import Drawing, alt
from restanque.kit.text import NO_BREAK_SPACE, format_number

_BAR: dict[str, Any] = {"yOffset": 12}
_TRACK = "#e3ded2"
_STEP = 44


@dataclass(frozen=True, slots=True)
class Span:
    """One line: a figure between two bounds. None: not known, or not to be shown."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None


def interval_bars(
    spans: Sequence[Span],
    *,
    category: str,
    value: str,
    unit: str = "",
    decimals: int = 0,
    maximum: float | None = None,
    bounds: tuple[str, str] = ("De", "À"),
    shape: Literal["bar", "range"] = "bar",
) -> Drawing:
    """Horizontal lines in the given order, each under its name and its figure.

    « bar »: a bar to the value, its interval as a whisker. « range »: a band from bound to bound
    (quartiles), the value as a tick. `maximum` is the end of the track (100 for shares). The table
    has the value, both bounds (`bounds` names them) and n.
    """
    top = maximum or max((s.high or s.value or 0.0 for s in spans), default=1.0) * 1.05 or 1.0
    records = [_record(span, unit, decimals) for span in spans]
    base = alt.Chart(alt.Data(values=records)).encode(
        y=alt.Y("c:N", sort=[r["c"] for r in records], title=None, axis=None)
    )

    def x(field: str) -> Any:
        scale = alt.Scale(domain=[0, top], nice=False)
        return alt.X(f"{field}:Q", title=None, axis=None, scale=scale)

    track = base.mark_bar(height=12, color=_TRACK, **_BAR).transform_calculate(top=str(top))
    marks = [track.encode(x=x("top"))]
    known = base.transform_filter("datum.l != null")
    if shape == "bar":
        marks.append(base.mark_bar(height=12, color=palette.OLIVE, **_BAR).encode(x=x("v")))
        ends = known.mark_rule(strokeWidth=2, color=palette.INK, **_BAR)
        marks.append(ends.encode(x=x("l"), x2="h:Q"))
        for end in ("l", "h"):
            tick = known.mark_tick(thickness=2, height=14, color=palette.INK, **_BAR)
            marks.append(tick.encode(x=x(end)))
    else:
        band = known.mark_bar(height=12, color=palette.OLIVE_MID, **_BAR)
        marks.append(band.encode(x=x("l"), x2="h:Q"))
        middle = base.transform_filter("datum.v != null")
        tick = middle.mark_tick(thickness=4, height=20, color=palette.INK, **_BAR)
        marks.append(tick.encode(x=x("v")))
    chart = alt.layer(*marks, *_words(base)).properties(height={"step": _STEP})
    rows = tuple((s.label, *(_rounded(v, decimals) for v in (s.value, s.low, s.high)), s.n)
                 for s in spans)  # fmt: skip
    titled = f"{value} ({unit})" if unit else value
    return Drawing(chart, (category, titled, *bounds, "n"), rows)


def _record(span: Span, unit: str, decimals: int) -> dict[str, Any]:
    said = format_number(span.value, decimals)
    if span.value is not None and unit:
        said += f"{NO_BREAK_SPACE}{unit}"
    return {"c": span.label, "v": span.value, "l": span.low, "h": span.high, "t": said}


def _rounded(value: float | None, decimals: int) -> float | int | None:
    if value is None:
        return None
    return round(value, decimals) if decimals else round(value)


def _words(base: Any) -> tuple[Any, Any]:
    """The category at the left and its figure at the right, above the bar."""
    name = base.mark_text(align="left", baseline="bottom", dy=3, limit={"expr": "width - 90"})
    figure = base.mark_text(align="right", baseline="bottom", dy=3, fontWeight=600)
    return (
        name.encode(x=alt.value(0), text="c:N"),
        figure.encode(x=alt.value("width"), text="t:N"),
    )
