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
# What a mark says → its shape, its fill. Shapes alone tell them apart, in print too.
_DONE, _SILENCE, _PLANNED = "fait", "acquis par le silence", "prévu"
_SOONEST, _LAST = "au plus tôt permis", "dernier jour d’après un texte"
_MARKS = {
    _DONE: ("circle", palette.OLIVE),
    _SILENCE: ("diamond", palette.OLIVE),
    _PLANNED: ("circle", palette.PAPER),
    _SOONEST: ("triangle-right", palette.STONE),
    _LAST: ("triangle-left", palette.BAUXITE),
}
_DAY_FORMAT = "%b %Y"


def timeline_panel(reading: Reading) -> ChartPanel:
    """Each step on the line of time: done, planned, the least that the texts leave, last day.

    The chain that sets the date aimed at is drawn as a line. Reports due years after the approval
    have their own picture (`clock_panel`).
    """
    shown = [
        state
        for state in reading.timeline.steps
        if state.status is not StepStatus.NOT_APPLICABLE and state.day and not state.step.at_term
    ]
    path = [one.step for one in reading.timeline.critical_path]
    return ChartPanel(
        name="frise",
        title="La procédure dans le temps",
        chart=_gantt(shown, path, reading),
        headers=(
            "Étape", "État", "Fait le", "Prévu le", "Au plus tôt permis", "Dernier jour (texte)",
            "Au plus tard", "Chemin critique",
        ),
        rows=[
            (
                s.step.label, s.status.label, s.done, s.planned, s.earliest, s.statutory, s.latest,
                "oui" if s.id in path else "–",
            )
            for s in shown
        ],
        n=plural(len(shown), "étape"),
        source=f"faits enregistrés ; état du droit {reading.law.version.partition('+')[0]}",
        date=reading.today,
        description=_words(reading),
        fictitious=reading.is_fictitious,
    )  # fmt: skip


def _words(reading: Reading) -> str:
    """How to read the picture, and what it shows."""
    words = (
        "La barre va du premier jour que les textes permettent à la date prévue ; un triangle seul "
        "dit que l’étape est prévue ce jour-là. Les tirets sont le jour du calcul et la date visée."
    )
    if reading.timeline.critical_path:
        words += (
            " La ligne ocre et les noms en gras sont le chemin critique : retarder l’une de ces "
            f"étapes retarde « {reading.aim_label} »."
        )
    return words


def _gantt(states: Sequence[StepState], path: Sequence[str], reading: Reading) -> Any:
    labels = [state.step.label for state in states]
    y = alt.Y("c:N", sort=labels, title=None, axis=None)
    x = alt.X("d:T", title=None, axis=alt.Axis(format=_DAY_FORMAT, labelAngle=0))
    layers = [
        _rule(reading.today, x, palette.INK),
        _bars(states, x, y),
        _path(states, path, x, y),
        _points(states, x, y),
        *_names(states, path, y),
    ]
    target = reading.timeline.target
    if target is not None and reading.timeline.critical_path:
        layers.insert(0, _rule(target, x, palette.OCHRE))
    return alt.layer(*layers).properties(height={"step": _ROW})


def _rule(day: date, x: Any, color: str) -> Any:
    values = alt.Data(values=[{"d": day.isoformat()}])
    return alt.Chart(values).mark_rule(color=color, strokeDash=[4, 3]).encode(x=x)


def _bars(states: Sequence[StepState], x: Any, y: Any) -> Any:
    """From the soonest day allowed to the one planned."""
    spans = [
        {"c": s.step.label, "d": s.earliest.isoformat(), "e": s.planned.isoformat()}
        for s in states
        if s.done is None and s.earliest and s.planned
    ]
    chart = alt.Chart(alt.Data(values=spans))
    bars = chart.mark_bar(height=5, color=palette.OLIVE_MID, yOffset=9)
    return bars.encode(x=x, x2="e:T", y=y)


def _path(states: Sequence[StepState], path: Sequence[str], x: Any, y: Any) -> Any:
    """The chain that sets the date aimed at, from the last act done."""
    by_id = {state.id: state for state in states}
    values = [
        {"c": state.step.label, "d": state.day.isoformat(), "o": rank}
        for rank, state in enumerate(by_id[name] for name in path if name in by_id)
        if state.day is not None
    ]
    chart = alt.Chart(alt.Data(values=values))
    # Along the row, then down: as few names as possible are crossed.
    line = chart.mark_line(
        color=palette.OCHRE, strokeWidth=2.5, yOffset=9, interpolate="step-after"
    )
    return line.encode(x=x, y=y, order="o:Q")


def _points(states: Sequence[StepState], x: Any, y: Any) -> Any:
    values = [
        {"c": state.step.label, "d": day.isoformat(), "k": kind}
        for state in states
        for kind, day in _dated(state)
    ]
    kinds = list(_MARKS)
    shapes, fills = zip(*_MARKS.values(), strict=True)
    chart = alt.Chart(alt.Data(values=values))
    marks = chart.mark_point(
        size=80, yOffset=9, stroke=palette.INK, strokeWidth=1.5, filled=False, opacity=1
    )
    legend = alt.Legend(columns=1)
    return marks.encode(
        x=x,
        y=y,
        shape=alt.Shape("k:N", scale=alt.Scale(domain=kinds, range=list(shapes)), legend=legend),
        fill=alt.Fill("k:N", scale=alt.Scale(domain=kinds, range=list(fills)), legend=legend),
    )


def _dated(state: StepState) -> list[tuple[str, date]]:
    """What is marked of a step: what was done, else what is planned and what the texts allow."""
    if state.done is not None:
        return [(_SILENCE if state.tacit else _DONE, state.done)]
    found = [(_SOONEST, state.earliest), (_LAST, state.statutory)]
    if state.planned != state.earliest:
        found.append((_PLANNED, state.planned))
    return [(kind, day) for kind, day in found if day is not None]


def _names(states: Sequence[StepState], path: Sequence[str], y: Any) -> list[Any]:
    """The name of each step above its line, those of the critical path in bold."""
    found = []
    for weight, chosen in (
        ("normal", [s for s in states if s.id not in path]),
        ("bold", [s for s in states if s.id in path]),
    ):
        chart = alt.Chart(alt.Data(values=[{"c": state.step.label} for state in chosen]))
        text = chart.mark_text(
            align="left",
            baseline="bottom",
            dy=3,
            fontSize=13,
            fontWeight=weight,
            limit={"expr": "width"},
        )
        found.append(text.encode(x=alt.value(0), y=y, text="c:N"))
    return found


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
