"""The archive that may be published: figures of closed questions, nobody to be found in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from restanque.kit.documents import csv_bytes
from restanque.kit.text import format_date
from restanque.surveys import markup
from restanque.surveys.analysis.columns import BoolArray
from restanque.surveys.analysis.figure import Figure
from restanque.surveys.analysis.groups import Group
from restanque.surveys.analysis.questions import Kind, Question
from restanque.surveys.analysis.study import Study
from restanque.surveys.exports.source import Source
from restanque.surveys.exports.suppression import FEWEST, hidden_cells, is_dominated
from restanque.surveys.exports.workbook import zipped

TEXT = Path(__file__).parent / "texts" / "donnees-ouvertes.txt"
HIDDEN = "non diffusé"
WHOLE = "Ensemble"
GROUPINGS = (("epci", "EPCI"), ("taille", "Classe de taille"))
# Facts of a purchase or of a supplier: commercial secrets of others than the communes.
_EXCLUDED = (
    "contact.", "need.price", "need.annual_budget", "need.current_", "need.supplier",
    "canteen.contractor", "offer.", "visit.", "certification.", "organisation.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One published figure, hidden or not. `low`, `high`: its interval."""

    question: Question
    choice: str
    grouping: str
    group: str
    n: int
    figure: Figure
    hidden: bool


def archive(source: Source) -> bytes:
    """Figures, participation, questions, rules."""
    study, fictitious = source.study, source.fictitious
    chosen = [one for one in study.questions if not refusal(one)]
    headers = ("Question", "Modalité", "Mesure", "Unité", "Découpage", "Groupe", "n", "Valeur",
               "De", "À")  # fmt: skip
    rows = [_written(cell) for question in chosen for cell in cells_of(study, question)]
    asked = [
        (markup.plain(one.label), markup.plain(one.page), refusal(one) or "publiée")
        for one in study.questions
    ]
    return zipped(
        {
            "chiffres.csv": csv_bytes(headers, rows, fictitious=fictitious),
            "participation.csv": csv_bytes(
                ("Découpage", "Groupe", "Communes", "Réponses"),
                list(participation(study)),
                fictitious=fictitious,
            ),
            "questions.csv": csv_bytes(
                ("Question", "Partie", "Publication"), asked, fictitious=fictitious
            ),
            "LISEZMOI.txt": _readme(source),
        }
    )


def refusal(question: Question) -> str:
    """Why a question is not published, or ""."""
    if question.repeat:
        return "fournisseurs\u00a0: une réponse par fournisseur"
    if question.fact.startswith(_EXCLUDED):
        return "prix, dépense, fournisseur ou coordonnée"
    if question.kind == Kind.TEXT:
        return "texte libre"
    if question.kind == Kind.DATE:
        return "date"
    return ""


def cells_of(study: Study, question: Question) -> Iterator[Cell]:
    """The figures of a question: whole, then by each grouping, with what is hidden."""
    column = study.column(question)
    if question.kind == Kind.NUMBER:
        known = column.concerned & ~np.isnan(column.numbers)
        yield from _means(study, question, known)
        return
    choices = study.choices(question)
    known = column.concerned & column.told
    ticks = [column.ticks(code) == 1 for code, _ in choices]
    several = question.kind == Kind.MANY
    whole: list[bool] | None = None
    for grouping, groups in _groupings(study):
        inside = [known if group is None else known & group.rows for group in groups]
        counts = [[int((rows & tick).sum()) for tick in ticks] for rows in inside]
        totals = [int(rows.sum()) for rows in inside]
        hidden = hidden_cells(counts, totals, several=several, whole=whole)
        whole = whole if whole is not None else hidden[0]
        for group, total, marks in zip(groups, totals, hidden, strict=True):
            for (code, label), mark in zip(choices, marks, strict=True):
                figure = study.share(question, code, within=group)
                name = group.label if group is not None else WHOLE
                yield Cell(question, markup.plain(label), grouping, name, total, figure, mark)


def _means(study: Study, question: Question, known: BoolArray) -> Iterator[Cell]:
    numbers = study.column(question).numbers
    for grouping, groups in _groupings(study):
        inside = [known if group is None else known & group.rows for group in groups]
        totals = [int(rows.sum()) for rows in inside]
        # A mean with its n gives the sum: alone hidden, it would be found from the whole. A group
        # that one commune dominates counts as one, so that it is not hidden alone either.
        counts = [
            [1 if is_dominated(numbers[rows].tolist()) else total]
            for rows, total in zip(inside, totals, strict=True)
        ]
        few = hidden_cells(counts, totals, several=True)
        for group, total, (hidden,) in zip(groups, totals, few, strict=True):
            figure = study.mean(question, within=group)
            name = group.label if group is not None else WHOLE
            yield Cell(question, "", grouping, name, total, figure, hidden)


def participation(study: Study) -> Iterator[tuple[str, str, int, int | str]]:
    """Communes of the territory and answers, whole and by group."""
    places, answered = study.population.places, study.answers
    yield "", WHOLE, len(places), len(answered)
    for code, label in GROUPINGS:
        groups: dict[str, list[bool]] = {}
        for place in places:
            name = place.epci if code == "epci" else place.size
            groups.setdefault(name, []).append(place.code in answered)
        for name, marks in groups.items():
            few = len(marks) < FEWEST
            yield label, name, len(marks), HIDDEN if few else sum(marks)


def _groupings(study: Study) -> Iterator[tuple[str, Sequence[Group | None]]]:
    yield "", (None,)
    for code, label in GROUPINGS:
        yield label, study.by(code)


def _written(cell: Cell) -> tuple[object, ...]:
    question, figure = cell.question, cell.figure
    is_share = question.kind != Kind.NUMBER
    first = (
        markup.plain(question.label), cell.choice, "part" if is_share else "moyenne",
        "%" if is_share else question.unit, cell.grouping, cell.group,
    )  # fmt: skip
    if cell.hidden:
        n = HIDDEN if cell.n < FEWEST else cell.n
        return (*first, n, HIDDEN, HIDDEN, HIDDEN)
    numbers = (figure.value, figure.low, figure.high)
    return (*first, cell.n, *(_rounded(number, is_share=is_share) for number in numbers))


def _rounded(number: float | None, *, is_share: bool) -> float | int | None:
    """Shares to the point, amounts to three figures: what an interval of this width allows."""
    if number is None:
        return None
    return round(100 * number) if is_share else float(f"{number:.3g}")


def _readme(source: Source) -> str:
    study = source.study
    weights = (
        f"aucun poids, elle ne décrit que les répondants ({study.refusal})"
        if study.refusal
        else "chaque réponse compte aussi pour les communes voisines de même taille qui se sont "
        "tues."
    )
    text = TEXT.read_text("utf-8").format(
        mark="DONNÉES FICTIVES\u00a0: ces réponses sont inventées, ne pas publier.\n\n"
        if source.fictitious
        else "",
        campaign=source.campaign.name,
        territory=source.campaign.territory,
        day=format_date(study.today, long=True),
        weights=weights,
        secret=HIDDEN,
        fewest=FEWEST,
        most=FEWEST - 1,
    )
    return text.replace("\n", "\r\n")
