"""A timeline as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from restanque.engine.deadlines.clocks import ClockTick
from restanque.engine.deadlines.derivation import Derivation
from restanque.engine.deadlines.timeline import StepState, StepStatus, Timeline
from restanque.engine.deadlines.words import spelled


def to_text(timeline: Timeline, clocks: tuple[ClockTick, ...] = ()) -> str:
    """The whole calendar in French, ending with a new line."""
    return "\n".join(_lines(timeline, clocks)) + "\n"


def _lines(timeline: Timeline, clocks: tuple[ClockTick, ...]) -> Iterator[str]:
    yield timeline.label
    yield f"Acte de lancement : {spelled(timeline.prescription)}"
    yield f"Régime : {timeline.regime_label}"
    yield f"Calculé au {spelled(timeline.today)}, règles {timeline.ruleset_version}"
    yield from timeline.notes
    yield ""
    yield "ÉTAPES"
    for state in timeline.steps:
        if state.status is not StepStatus.NOT_APPLICABLE:
            yield from _step(state)
    yield ""
    yield "RISQUES"
    yield from _risks(timeline)
    yield ""
    yield from _path(timeline)
    if clocks:
        yield ""
        yield "APRÈS L’APPROBATION"
        for tick in clocks:
            mark = " [à vérifier]" if tick.derivation.rule.to_verify else ""
            yield f"  {spelled(tick.date)} : {tick.label} ({tick.derivation.article}){mark}"


def _step(state: StepState) -> Iterator[str]:
    dates = [
        f"{label} {spelled(day)}"
        for label, day in (
            ("silence acquis le" if state.tacit else "fait le", state.done),
            ("prévu le", state.planned),
            ("au plus tôt le", state.earliest if state.done is None else None),
            ("au plus tard le", state.latest if state.done is None else None),
        )
        if day is not None
    ]
    yield f"- [{state.status.label}] {state.step.label} ({state.id})"
    yield f"    {' ; '.join(dates) or 'aucune date'}"
    if state.done is not None and not state.tacit:
        yield f"    preuve : {state.proof or 'non prouvé'}"
    if state.done is None and state.wished_by and state.latest != state.statutory:
        yield f"    dernier jour d’après : {state.wished_by.computation}"
    told = ""
    for found in state.derivations:
        if found.rule_id != told:
            told = found.rule_id
            yield f"    {found.article} [{_mark(found)}] : {found.rule.title}"
            yield f"      sinon : {found.rule.consequence}"
        if found.computation:
            yield f"      {_USES[str(found.use)]} : {found.computation}"
            yield f"        départ : {found.starts_from} ({found.proof})"


_USES = {"act": "dernier jour", "wait": "pas avant"}


def _mark(found: Derivation) -> str:
    tag = found.rule.evidence.tag
    return f"{tag}, à vérifier" if found.rule.to_verify else tag


def _risks(timeline: Timeline) -> Iterator[str]:
    if not timeline.risks:
        yield "  aucun"
    for risk in timeline.risks:
        yield f"- [{risk.kind.label}] {risk.message}"
        if risk.article:
            yield f"    {risk.article} : {risk.consequence}"


def _path(timeline: Timeline) -> Iterator[str]:
    aimed = timeline.step(timeline.target_step)
    if not timeline.critical_path:
        yield f"« {aimed.step.label} » est fait."
        return
    yield f"CHEMIN CRITIQUE vers « {aimed.step.label} »{_aimed_at(timeline.target)}"
    for one in timeline.critical_path:
        yield f"  {spelled(one.day)} : {one.label}{' (fait)' if one.done else ''}"
    if timeline.margin is not None:
        late = timeline.margin < 0
        yield f"  {'retard' if late else 'marge'} : {abs(timeline.margin)} jours"


def _aimed_at(target: date | None) -> str:
    return f", visé le {spelled(target)}" if target else ""
