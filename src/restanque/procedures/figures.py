"""Pictures of the room: the timeline of a procedure, the double clock of a SCoT-AEC."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from restanque.engine.deadlines import StepState, StepStatus
from restanque.kit import palette
from restanque.kit.charts import ChartPanel, alt
from restanque.kit.text import format_date, plural
from restanque.procedures.reading import Reading

_ROW = 38
_KINDS = ("fait", "acquis par le silence", "prévu")
_SHAPES = ("circle", "diamond", "circle")
_COLORS = (palette.OLIVE, palette.OLIVE, palette.PAPER)
_DAY_FORMAT = "%b %Y"


def timeline_panel(reading: Reading) -> ChartPanel:
    """Each step on the line of time: done, planned, the least that the texts leave, last day.

    Reports due years after the approval have their own picture (`clock_panel`).
    """
    shown = [
        state
        for state in reading.timeline.steps
        if state.status is not StepStatus.NOT_APPLICABLE and state.day and not state.step.at_term
    ]
    return ChartPanel(
        name="frise",
        title="La procédure dans le temps",
        chart=_gantt(shown, reading.today),
        headers=("Étape", "État", "Fait le", "Prévu le", "Au plus tôt", "Au plus tard"),
        rows=[
            (s.step.label, s.status.label, s.done, s.planned, s.earliest, s.latest) for s in shown
        ],
        n=plural(len(shown), "étape"),
        source=f"faits enregistrés ; état du droit {reading.law.version.partition('+')[0]}",
        date=reading.today,
        description="La barre va du plus tôt que les textes permettent à la date prévue ; le trait "
        "épais est le dernier jour d’après un texte, la ligne en tirets le jour du calcul.",
        fictitious=reading.is_fictitious,
    )


def _gantt(states: Sequence[StepState], today: date) -> Any:
    labels = [state.step.label for state in states]
    y = alt.Y("c:N", sort=labels, title=None, axis=None)
    x = alt.X("d:T", title=None, axis=alt.Axis(format=_DAY_FORMAT, labelAngle=0))
    points = [record for state in states for record in _points(state)]
    spans = [
        {"c": s.step.label, "d": s.earliest.isoformat(), "e": s.planned.isoformat()}
        for s in states
        if s.done is None and s.earliest and s.planned
    ]
    base = alt.Chart(alt.Data(values=points))
    marks = base.mark_point(size=80, yOffset=9, strokeWidth=2, filled=True, opacity=1).encode(
        x=x,
        y=y,
        shape=alt.Shape("k:N", scale=alt.Scale(domain=list(_KINDS), range=list(_SHAPES))),
        fill=alt.Fill("k:N", scale=alt.Scale(domain=list(_KINDS), range=list(_COLORS))),
        stroke=alt.value(palette.INK),
    )
    bars = (
        alt.Chart(alt.Data(values=spans))
        .mark_bar(height=5, color=palette.OLIVE_MID, yOffset=9)
        .encode(x=x, x2="e:T", y=y)
    )
    now = (
        alt.Chart(alt.Data(values=[{"d": today.isoformat()}]))
        .mark_rule(color=palette.INK, strokeDash=[4, 3])
        .encode(x=x)
    )
    names = (
        alt.Chart(alt.Data(values=[{"c": label} for label in labels]))
        .mark_text(align="left", baseline="bottom", dy=3, fontSize=13, limit={"expr": "width"})
        .encode(x=alt.value(0), y=y, text="c:N")
    )
    terms = [
        {"c": s.step.label, "d": s.statutory.isoformat()}
        for s in states
        if s.done is None and s.statutory
    ]
    last = (
        alt.Chart(alt.Data(values=terms))
        .mark_tick(thickness=3, height=22, color=palette.INK, yOffset=9, orient="vertical")
        .encode(x=x, y=y)
    )
    return alt.layer(now, bars, last, marks, names).properties(height={"step": _ROW})


def _points(state: StepState) -> list[dict[str, str]]:
    label = state.step.label
    if state.done is not None:
        kind = _KINDS[1] if state.tacit else _KINDS[0]
        return [{"c": label, "d": state.done.isoformat(), "k": kind}]
    if state.planned is not None:
        return [{"c": label, "d": state.planned.isoformat(), "k": _KINDS[2]}]
    return []


def clock_panel(reading: Reading) -> ChartPanel | None:
    """The PCAET's and the SCoT's dates from one approval, on one axis; None without approval."""
    ticks = reading.clock
    if not ticks:
        return None
    names = {"pcaet": "Volet climat-air-énergie (3 et 6 ans)", "scot": "SCoT (3 et 10 ans)"}
    records = [
        {"c": names[tick.clock], "d": tick.date.isoformat(), "t": str(tick.date.year)}
        for tick in ticks
    ]
    base = alt.Chart(alt.Data(values=records))
    y = alt.Y("c:N", title=None, axis=None, sort=list(names.values()))
    x = alt.X("d:T", title=None, axis=alt.Axis(format="%Y", labelAngle=0))
    marks = base.mark_point(size=130, filled=True, color=palette.OLIVE, yOffset=14).encode(x=x, y=y)
    words = base.mark_text(dy=0, yOffset=-4, fontSize=13).encode(x=x, y=y, text="t:N")
    titles = (
        alt.Chart(alt.Data(values=[{"c": name} for name in names.values()]))
        .mark_text(align="left", baseline="bottom", yOffset=-14, fontWeight=600)
        .encode(x=alt.value(0), y=y, text="c:N")
    )
    state = reading.timeline.step(reading.procedure.engine_kind.approval)
    start = "faite" if state.done else "prévue"
    return ChartPanel(
        name="horloge",
        title="Deux horloges à partir d’une seule approbation",
        chart=alt.layer(marks, words, titles).properties(height={"step": 74}),
        headers=("Horloge", "Échéance", "Date", "Texte", "Calcul"),
        rows=[
            (
                names[tick.clock],
                tick.label,
                tick.date,
                tick.derivation.article,
                tick.derivation.computation,
            )
            for tick in ticks
        ],
        n=plural(len(ticks), "échéance"),
        source=f"approbation {start} le {format_date(state.day)}",
        date=reading.today,
        description="Le SCoT se réexamine à 3 ans et s’analyse à 10 ans ; le volet "
        "climat-air-énergie se rapporte à 3 ans et se met à jour à 6 ans.",
        fictitious=reading.is_fictitious,
    )
