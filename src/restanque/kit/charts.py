"""Charts: one description, drawn the same in the page, in Word and in a download.

The constructors give a `Drawing`: the chart and the table of the very same numbers, so that the
two cannot disagree. Any other Altair chart can be shown with its own headers and rows.
"""

import copy
import datetime as dt
import functools
import importlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import vl_convert
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from lxml import etree

from restanque.kit import palette, svg
from restanque.kit.figures import Figure
from restanque.kit.text import NO_BREAK_SPACE, format_number

Number = int | float | Decimal | None

# Importing altair takes most of a second: only processes that draw pay it.
alt: Any = SimpleLazyObject(lambda: importlib.import_module("altair"))

_LOCALE: Literal["fr-FR"] = "fr-FR"
_AXIS = {
    "domainColor": palette.INK, "gridColor": palette.JOINT, "labelColor": palette.INK_2,
    "labelFontSize": 14, "tickColor": palette.STONE, "tickSize": 4, "titleColor": palette.INK_2,
    "titleFontSize": 14, "titleFontWeight": "normal", "labelLimit": 230, "labelPadding": 6,
    "titlePadding": 10, "labelFlush": False, "labelOverlap": True,
}  # fmt: skip
THEME: dict[str, Any] = {
    "background": None,
    "font": palette.SANS,
    "padding": 2,
    "axis": _AXIS,
    "axisY": {"ticks": False},
    "axisBand": {"grid": False},
    "bar": {"color": palette.OLIVE},
    "line": {"color": palette.OLIVE, "strokeWidth": 2.5},
    "point": {"color": palette.OLIVE, "filled": True, "size": 70},
    "rule": {"color": palette.INK},
    "text": {"color": palette.INK, "fontSize": 14, "font": palette.SANS},
    "legend": {
        "orient": "top", "labelColor": palette.INK, "labelFontSize": 14, "titleFontSize": 14,
        "titleColor": palette.INK_2, "titleFontWeight": "normal", "labelLimit": 260, "title": None,
    },
    "range": {"category": list(palette.SERIES)},
    "view": {"stroke": None},
}  # fmt: skip
# Below this width, in pixels, an axis shows fewer ticks.
_NARROW = 420
_TRACK = "#e3ded2"
# Height of a bar's line: its words, then the bar.
_STEP = 44


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart and the table of the same numbers."""

    chart: Any
    headers: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, kw_only=True)
class ChartPanel(Figure):
    """A chart with its title, table, n, source and date. `chart`: a Drawing or an Altair chart."""

    chart: Any
    headers: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()

    def __post_init__(self) -> None:
        """An Altair chart comes with its table: no chart without one."""
        if not isinstance(self.chart, Drawing) and not self.headers:
            raise ValueError(f"Chart {self.name} needs headers and rows: its table.")

    @property
    def table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """The given table, else the drawing's."""
        if self.headers or not isinstance(self.chart, Drawing):
            return self.headers, self.rows
        return self.chart.headers, self.chart.rows

    def draw(self, width: int = 640) -> etree._Element:
        """The chart, drawn for that width."""
        root = svg.parse(_svg_of(self.chart, width))
        return svg.make_strict(root, f"c-{self.key}-{width}")


def render_svg(
    chart: Any, *, name: str, title: str, description: str = "", width: int = 640
) -> SafeString:
    """A chart as inline SVG, for a page or a document that writes its own caption."""
    root = svg.make_strict(svg.parse(_svg_of(chart, width)), f"c-{name}")
    svg.name_drawing(root, f"c-{name}", title, description)
    return mark_safe(svg.to_text(root))


def render_png(chart: Any, *, width: int = 640, scale: float = 2) -> bytes:
    """A chart as an image on the paper's colour, without caption."""
    root = svg.parse(_svg_of(chart, width))
    root.insert(0, svg.element("rect", width="100%", height="100%", fill=palette.PAPER))
    return bytes(vl_convert.svg_to_png(svg.to_text(root), scale=scale))


def _svg_of(chart: Any, width: int) -> str:
    spec = (chart.chart if isinstance(chart, Drawing) else chart).to_dict()
    spec = copy.deepcopy(spec)
    if not {"hconcat", "vconcat", "concat", "facet", "repeat"} & set(spec):
        spec["width"] = width
        spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return _rendered(json.dumps(spec, sort_keys=True, default=_plain), width < _NARROW)


@functools.lru_cache(maxsize=128)
def _rendered(spec: str, narrow: bool) -> str:
    """The SVG of a specification; 40 ms at the first call of each, nothing afterwards."""
    config = copy.deepcopy(THEME)
    if narrow:
        config["axisX"] = {"tickCount": 4}
    return vl_convert.vegalite_to_svg(
        spec, config=config, format_locale=_LOCALE, time_format_locale=_LOCALE, allowed_base_urls=[]
    )


def _data(records: Sequence[Mapping[str, Any]]) -> Any:
    return alt.Data(values=list(records))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return str(value)


def bars(
    values: Sequence[tuple[str, Number]],
    *,
    category: str,
    value: str,
    unit: str = "",
    decimals: int = 0,
    maximum: float | None = None,
    highlight: str = "",
) -> Drawing:
    """Horizontal bars in the given order, each under its name and its figure.

    None is shown as « – », without bar. `maximum` is the end of the track (100 for shares).
    """
    records: list[dict[str, Any]] = [
        {
            "c": name,
            "v": float(v or 0),
            "t": _with_unit(v, decimals, unit),
            "k": palette.OCHRE if name == highlight else palette.OLIVE,
        }
        for name, v in values
    ]
    top = maximum or max((r["v"] for r in records), default=1) or 1
    base = _named_bars(records, top)
    bar = base.mark_bar(**_BAR).encode(
        x=_track_scale("v:Q", top), color=alt.Color("k:N", scale=None)
    )
    return Drawing(
        (_track(base, top) + bar + _words(base)).properties(height={"step": _STEP}),
        (category, value),
        tuple((name, v) for name, v in values),
    )


def stacked_bars(
    rows: Sequence[tuple[str, Mapping[str, Number]]],
    *,
    series: Sequence[str],
    category: str,
    unit: str = "",
    maximum: float | None = None,
    colours: Sequence[str] | None = None,
) -> Drawing:
    """Horizontal bars cut in series, in their declared order, the total at the right."""
    totals = {name: sum(float(parts.get(one) or 0) for one in series) for name, parts in rows}
    top = maximum or max(totals.values(), default=1) or 1
    names = [
        {"c": name, "v": total, "t": _with_unit(Decimal(str(total)), 0, unit)}
        for name, total in totals.items()
    ]
    records = [
        {"c": name, "s": one, "v": float(parts.get(one) or 0), "o": rank}
        for name, parts in rows
        for rank, one in enumerate(series)
    ]
    used = list(colours or palette.SERIES)[: len(series)]
    named, cut = _named_bars(names, top), _named_bars(records, top)
    bar = cut.mark_bar(**_BAR, stroke=palette.PAPER, strokeWidth=1).encode(
        x=_track_scale("v:Q", top),
        color=alt.Color(
            "s:N",
            sort=list(series),
            scale=alt.Scale(domain=list(series), range=used),
            legend=alt.Legend(title=None, symbolType="square"),
        ),
        order=alt.Order("o:Q"),
    )
    return Drawing(
        (_track(named, top) + bar + _words(named)).properties(height={"step": _STEP}),
        (category, *series),
        tuple((name, *(parts.get(one) for one in series)) for name, parts in rows),
    )


_BAR: dict[str, Any] = {"height": 12, "yOffset": 12}


def _named_bars(records: list[dict[str, Any]], top: float) -> Any:
    order = list(dict.fromkeys(record["c"] for record in records))
    return alt.Chart(_data(records)).encode(y=alt.Y("c:N", sort=order, title=None, axis=None))


def _track_scale(field: str, top: float) -> Any:
    return alt.X(field, title=None, axis=None, scale=alt.Scale(domain=[0, top], nice=False))


def _track(base: Any, top: float) -> Any:
    """The empty track behind the bars: what the whole would be."""
    return (
        base.mark_bar(**_BAR, color=_TRACK)
        .encode(x=_track_scale("top:Q", top))
        .transform_calculate(top=str(top))
    )


def _words(base: Any) -> Any:
    """The category at the left and its figure at the right, above the bar."""
    name = base.mark_text(
        align="left", baseline="bottom", dy=3, limit={"expr": "width - 90"}
    ).encode(x=alt.value(0), text="c:N")
    figure = base.mark_text(align="right", baseline="bottom", dy=3, fontWeight=600).encode(
        x=alt.value("width"), text="t:N"
    )
    return name + figure


def bins(values: Sequence[Number], step: float) -> list[tuple[Decimal, Decimal, int]]:
    """(from, to, how many) of each class [from, to[, without gap; unknown values left out."""
    width = Decimal(str(step))
    if width <= 0:
        raise ValueError("step must be positive")
    places = Counter(math.floor(Decimal(str(v)) / width) for v in values if v is not None)
    if not places:
        return []
    span = range(min(places), max(places) + 1)
    return [(width * i, width * (i + 1), places[i]) for i in span]


def histogram(
    values: Sequence[Number],
    *,
    step: float,
    x: str,
    y: str,
    decimals: int = 0,
    mark: tuple[float, str] | None = None,
) -> Drawing:
    """How many values fall in each class of width `step`; `mark` draws a line (value, words)."""
    classes = bins(values, step)
    records = [{"a": float(low), "b": float(high), "n": count} for low, high, count in classes]
    shown = f",.{decimals}f"
    chart: Any = (
        alt.Chart(_data(records))
        .mark_bar(stroke=palette.PAPER, strokeWidth=1)
        .encode(
            x=alt.X(
                "a:Q",
                title=x,
                scale=alt.Scale(zero=False, nice=False),
                axis=alt.Axis(grid=False, format=shown, values=_edges(classes)),
            ),
            x2="b:Q",
            y2=alt.datum(0),
            y=alt.Y("n:Q", title=y, axis=alt.Axis(tickMinStep=1, tickCount=5, format=",.0f")),
        )
    )
    if mark is not None:
        at = alt.Chart(_data([{"m": float(mark[0]), "t": mark[1]}]))
        halo = at.mark_rule(color=palette.PAPER, strokeWidth=5).encode(x="m:Q")
        rule = at.mark_rule(color=palette.INK, strokeWidth=2).encode(x="m:Q")
        words = at.mark_text(align="left", dx=-1, baseline="bottom", fontWeight=600).encode(
            x="m:Q", y=alt.value(-5), text="t:N"
        )
        chart = chart + halo + rule + words
    rows = tuple(
        (f"de {format_number(low, decimals)} à moins de {format_number(high, decimals)}", count)
        for low, high, count in classes
    )
    return Drawing(chart.properties(height=260), (x, y), rows)


def _edges(classes: Sequence[tuple[Decimal, Decimal, int]]) -> list[float]:
    """The limits of classes to write under the axis: about eight of them."""
    limits = [float(low) for low, _, _ in classes] + [float(high) for _, high, _ in classes[-1:]]
    return limits[:: max(1, math.ceil(len(limits) / 9))]


def line(
    series: Mapping[str, Sequence[tuple[Any, Number]]],
    *,
    x: str,
    y: str,
    unit: str = "",
    zero: bool = True,
) -> Drawing:
    """One line a series over days or years; a missing value breaks the line, it is never joined."""
    records = [
        {"x": _moment(at), "y": None if v is None else float(v), "s": name}
        for name, points in series.items()
        for at, v in points
    ]
    several = len(series) > 1
    names = list(series)
    colour = alt.Color(
        "s:N",
        sort=names,
        scale=alt.Scale(domain=names, range=list(palette.SERIES)[: len(names)]),
        title=None,
    )
    base = alt.Chart(_data(records)).encode(
        x=_time_or_number(series, x),
        y=alt.Y(
            "y:Q",
            title=f"{y} ({unit})" if unit else y,
            axis=alt.Axis(tickCount=5),
            scale=alt.Scale(zero=zero),
        ),
        color=colour if several else alt.Undefined,
        shape=alt.Shape("s:N", sort=names, scale=alt.Scale(domain=names), title=None)
        if several
        else alt.Undefined,
    )
    points = base.mark_point(filled=True, size=70)
    chart = (base.mark_line(interpolate="linear") + points).properties(height=260)
    moments = sorted({at for points_ in series.values() for at, _ in points_})
    known = {name: dict(points_) for name, points_ in series.items()}
    rows = tuple((at, *(known[name].get(at) for name in series)) for at in moments)
    return Drawing(chart, (x or "Date", *series), rows)


def _time_or_number(series: Mapping[str, Sequence[tuple[Any, Number]]], title: str) -> Any:
    """The x axis: days when the points have days (their writing follows the span), else numbers."""
    moments = [at for points in series.values() for at, _ in points]
    days = [at for at in moments if isinstance(at, dt.date)]
    if not days:
        return alt.X(
            "x:Q",
            title=title or None,
            scale=alt.Scale(nice=False),
            axis=alt.Axis(grid=False, format="d", tickMinStep=1),
        )
    span = (max(days) - min(days)).days
    written = "%-d %b" if span < 200 else "%b %Y" if span < 1500 else "%Y"
    return alt.X("x:T", title=title or None, axis=alt.Axis(grid=False, format=written, tickCount=5))


def _moment(at: Any) -> Any:
    return at.isoformat() if isinstance(at, dt.date) else at


def _with_unit(value: Number, decimals: int, unit: str) -> str:
    shown = format_number(value, decimals)
    return f"{shown}{NO_BREAK_SPACE}{unit}" if unit and value is not None else shown
