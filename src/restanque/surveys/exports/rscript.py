"""R: our weighted figures, and the script that finds them again with package `survey` (Lumley)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from restanque.surveys import markup
from restanque.surveys.analysis.columns import BoolArray
from restanque.surveys.analysis.figure import Figure
from restanque.surveys.analysis.questions import Kind, Question
from restanque.surveys.analysis.study import Study
from restanque.surveys.exports.source import Source
from restanque.surveys.exports.variables import as_rows, free_name, plain_csv, variables_of
from restanque.surveys.exports.workbook import readme, zipped

SCRIPT = Path(__file__).parent / "analyse.R"
MERGED_ANEW = "poids refaits pour cette question"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure to find again. `measure`: part or moyenne."""

    variable: str
    code: str
    measure: str
    question: Question
    label: str
    figure: Figure
    note: str


def archive(source: Source) -> bytes:
    """Data, figures, script."""
    study = source.study
    names = _names(study)
    lines = list(figures(study, names))
    everything = variables_of(source)
    return zipped(
        {
            "analyse.R": _script(source),
            "variables.csv": _data(study, names),
            "questions-posees.csv": _asked(study, names),
            "chiffres.csv": _figures(lines),
            "reponses.csv": plain_csv([one.name for one in everything], as_rows(everything)),
            "LISEZMOI.txt": readme("r", source),
        }
    )


def figures(study: Study, names: dict[str, str]) -> Iterator[Line]:
    """Every share and mean of the study, in the order of the questionnaire."""
    if study.weighting is None:
        return
    for question in study.questions:
        name = names.get(question.key)
        if name is None:
            continue
        note = MERGED_ANEW if _is_merged_anew(study, question) else ""
        if question.kind == Kind.NUMBER:
            yield Line(name, "", "moyenne", question, "", study.mean(question), note)
            continue
        for share in study.shares(question):
            yield Line(name, share.code, "part", question, share.label, share.figure, note)


def _names(study: Study) -> dict[str, str]:
    """Question → its column. Texts and dates have no figure."""
    taken = {"numero", "insee", "poids", "cellule", "taille_cellule"}
    counted = (Kind.ONE, Kind.MANY, Kind.NUMBER)
    return {
        question.key: free_name(question.key.rpartition(".")[2], taken)
        for question in study.questions
        if question.kind in counted
    }


def _is_merged_anew(study: Study, question: Question) -> bool:
    """Whether a weight cell has no answer left to this question: its cells are not ours."""
    made = study.weighting
    if made is None:
        return False
    design, column = made.design, study.column(question)
    known = ~np.isnan(column.numbers) if question.kind == Kind.NUMBER else column.told
    kept: BoolArray = known | ~column.concerned
    left = np.bincount(design.strata[kept], minlength=len(design.stratum_names))
    return bool(((left == 0) & (design.respondents > 0) & ~design.self_representing).any())


def _data(study: Study, names: dict[str, str]) -> bytes:
    made = study.weighting
    headers = ["numero", "insee", "poids", "cellule", "taille_cellule", *names.values()]
    if made is None:
        return plain_csv(headers, [])
    design = made.design
    columns: list[list[Any]] = []
    for key in names:
        question = study.question(key)
        column = study.column(question)
        if question.kind == Kind.NUMBER:
            columns.append([None if np.isnan(x) else float(x) for x in column.numbers])
        else:
            known = {code for code, _ in study.choices(question)}
            columns.append(
                [None if told is None else " ".join(sorted(told & known)) for told in column.values]
            )
    rows = [
        [
            row.invitation,
            place.code,
            float(design.weights[rank]),
            design.stratum_names[design.strata[rank]],
            round(float(design.stratum_sizes[design.strata[rank]])),
            *(cells[rank] for cells in columns),
        ]
        for rank, (row, place) in enumerate(zip(study.respondents, study.places, strict=True))
    ]
    return plain_csv(headers, rows)


def _asked(study: Study, names: dict[str, str]) -> bytes:
    columns = [study.column(key).concerned for key in names]
    rows = [
        [row.invitation, *(int(concerned[rank]) for concerned in columns)]
        for rank, row in enumerate(study.respondents)
    ]
    return plain_csv(["numero", *names.values()], rows if study.weighting is not None else [])


def _figures(lines: list[Line]) -> bytes:
    headers = (
        "variable", "code", "mesure", "valeur", "erreur_type", "n", "question", "modalite", "note",
    )  # fmt: skip
    return plain_csv(
        headers,
        [
            (
                line.variable,
                line.code,
                line.measure,
                line.figure.value,
                line.figure.estimate.standard_error if line.figure.estimate else None,
                line.figure.n,
                markup.plain(line.question.label),
                markup.plain(line.label),
                line.note,
            )
            for line in lines
        ],
    )


def _script(source: Source) -> str:
    """The script, after what the data are."""
    about = "".join(f"# {what}\u00a0: {' '.join(text.split())}\n" for what, text in source.notes())
    return f"{about}\n{SCRIPT.read_text('utf-8')}"
