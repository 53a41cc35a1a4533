"""Who to call for what: the lists of candidate communes. Only in the team's documents."""

from __future__ import annotations

from restanque.kit.text import format_number, plural
from restanque.surveys.analysis.candidates import Answers, Candidate, members
from restanque.surveys.analysis.conditions import Condition, Operator, parse_conditions
from restanque.surveys.models import CandidateList
from restanque.surveys.report import wording as w
from restanque.surveys.report.parts import Audience, Block, Paragraph, Section, Table
from restanque.surveys.report.reader import Reader


def contacts(reader: Reader) -> Section | None:
    """The saved lists of the campaign, then who said yes to the directions they leave out.

    None for the public: an answer is never published with a commune's name, as the questionnaire
    asks nobody to agree to that.
    """
    if reader.audience != Audience.TEAM:
        return None
    study = reader.study
    answers = Answers(study.campaign, today=study.today, dataset=study.dataset)
    rows: list[tuple[str, tuple[Candidate, ...]]] = []
    covered: set[str] = set()
    for saved in CandidateList.objects.filter(campaign=study.campaign).order_by("name", "pk"):
        rows.append((saved.name, members(saved, today=study.today, answers=answers)))
        covered |= {one.question for one in parse_conditions(saved.conditions)}
    for one in w.ORIENTATIONS:
        if one.fact not in covered and reader.has(one.fact):
            yes = (Condition(one.fact, Operator.IS, (w.YES,)),)
            rows.append((one.label, answers.members(yes)))
    kept = [(label, found) for label, found in rows if found]
    if not kept:
        return None
    blocks: list[Block] = [
        Paragraph(
            "Les communes de chaque liste ou de chaque piste, pour préparer les appels. Ce tableau "
            "reste dans l’équipe : ne le diffusez pas.",
            lead=True,
        ),
        Table(
            "Communes à contacter", ("Piste ou liste", "Nombre", "Communes"),
            tuple((label, format_number(len(found)), _names(found)) for label, found in kept),
            (1,), f"{plural(len(study.dataset.rows), 'réponse')} lues le jour du rapport.",
        ),
    ]  # fmt: skip
    return Section("contacts", "Communes à contacter", tuple(blocks))


def _names(found: tuple[Candidate, ...]) -> str:
    return ", ".join(one.commune.name if one.commune else one.organisation for one in found)
