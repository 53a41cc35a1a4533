"""The content of the report, made once; the four writings read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from restanque.kit.text import NO_BREAK_SPACE, format_date, format_number, plural
from restanque.surveys.analysis.study import Study
from restanque.surveys.report import chapters, tables
from restanque.surveys.report import sentences as say
from restanque.surveys.report import wording as w
from restanque.surveys.report.contacts import contacts
from restanque.surveys.report.decks import slides_of
from restanque.surveys.report.parts import (
    Answer,
    Answers,
    Audience,
    Block,
    Paragraph,
    Picture,
    Report,
    Section,
    Table,
)
from restanque.surveys.report.reader import Reader


def build_report(study: Study, *, audience: Audience, made_at: dt.datetime) -> Report:
    """The report of a campaign for an audience. Reads only; no clock."""
    reader = Reader(study, audience)
    campaign = study.campaign
    chapter_list = [
        chapters.participation(reader),
        chapters.volume(reader),
        chapters.sources(reader),
        chapters.prices(reader),
        chapters.signs(reader),
        chapters.orientations(reader),
        chapters.needs(reader),
        contacts(reader),
        chapters.method(reader),
    ]
    sections = [section for section in chapter_list if section is not None]
    return Report(
        title=campaign.version.questionnaire.title,
        subtitle=(
            f"{campaign.territory.name}. {campaign.name}. {state_of(study)}, "
            f"{format_date(made_at.date(), long=True)}."
        ),
        author=campaign.sender_name,
        made_at=made_at,
        audience=audience,
        fictitious=campaign.fictitious,
        opening=_opening(reader, sections),
        sections=(*map(_without_opening, sections), _annex(study, sections)),
        slides=slides_of(reader),
    )


def state_of(study: Study) -> str:
    """Whether these are the last figures."""
    if study.campaign.status == "closed":
        return "Résultats de la campagne close"
    return "Résultats provisoires, campagne en cours"


def _opening(reader: Reader, sections: Sequence[Section]) -> Section:
    """Two pages that answer alone: five questions, then the two charts people look for."""
    blocks: list[Block] = [Answers(tuple(_answers(reader))), Paragraph(w.HOW_TO_READ)]
    drawn = {picture.figure.name: picture for picture in _pictures(sections)}
    blocks += [drawn[name] for name in _IN_OPENING if name in drawn]
    return Section("essentiel", "L’essentiel", tuple(blocks))


# The two charts people look for; their chapters send back to them.
_IN_OPENING = ("fournisseurs", "pistes")


def _pictures(sections: Sequence[Section]) -> list[Picture]:
    return [b for section in sections for b in section.blocks if isinstance(b, Picture)]


def _without_opening(section: Section) -> Section:
    """The chapter, its chart replaced by where it is."""
    blocks = tuple(
        Paragraph(
            f"Le graphique «{NO_BREAK_SPACE}{block.figure.title}{NO_BREAK_SPACE}» est en tête de "
            "ce rapport."
        )
        if isinstance(block, Picture) and block.figure.name in _IN_OPENING
        else block
        for block in section.blocks
    )
    return replace(section, blocks=blocks)


def _answers(reader: Reader) -> list[Answer]:
    study = reader.study
    answered, known = len(study.respondents), len(study.population.places)
    found = [
        Answer(
            f"Combien de communes ont répondu, et peut-on s’y fier{w.QUESTION}",
            say.participation(answered, known),
            _trust(reader),
        )
    ]
    found += _volume_answer(reader)
    found += _source_answer(reader)
    if (quartiles := reader.quartiles(w.PRICE)) is not None:
        n = quartiles[1].n
        found.append(Answer(f"À quel prix{w.QUESTION}", chapters.price_sentence(quartiles),
                            f"{plural(n, 'commune')} ont donné un prix."))  # fmt: skip
    if leading := chapters.leading(reader):
        n = leading[0][1].n
        found.append(
            Answer(
                f"Que veulent les communes en premier{w.QUESTION}",
                say.first_sentence(leading, what="piste"),
                f"Part des communes qui répondent « oui » ({plural(n, 'réponse')}).",
            )
        )  # fmt: skip
    return found


def _trust(reader: Reader) -> str:
    study = reader.study
    if study.refusal:
        return f"Ces chiffres décrivent les répondants seulement{w.COLON}{_lower(study.refusal)}"
    said = chapters.trust(reader)
    held = study.method.inhabitants_answered / study.method.inhabitants * 100 if (
        study.method.inhabitants) else 0  # fmt: skip
    return (
        f"{said} Elles réunissent {format_number(held)}{NO_BREAK_SPACE}% des habitants. Les "
        "communes qui se taisent sont représentées par celles de même taille."
    )


def _volume_answer(reader: Reader) -> list[Answer]:
    day, year = reader.total(w.KG_DAY), reader.total(w.KG_YEAR)
    if day is None:
        return []
    said = say.amount_sentence(day, "Les cantines achètent", "kg par jour de service")
    yearly = ""
    if year is not None:
        yearly = f"{chapters.yearly_sentence(year)} "
    return [
        Answer(
            f"Combien de pain{w.QUESTION}",
            said,
            f"{yearly}{plural(day.n, 'commune')} ont donné une quantité. "
            f"{chapters.without(day)}".strip(),
        )
    ]


def _source_answer(reader: Reader) -> list[Answer]:
    kinds = reader.lines(w.KIND)
    said = [s for line in kinds if line.code in w.SUPPLIER_VERBS and line.figure is not None
            and (s := say.share_sentence(line.figure, w.SUPPLIER_VERBS[line.code]))]  # fmt: skip
    if not said:
        return []
    n = next(line.figure.n for line in kinds if line.figure is not None)
    local = reader.share(w.IN_COMMUNE, w.YES)
    near = f"{say.share_sentence(local, 'achètent un pain fait dans la commune')} " if local else ""
    return [
        Answer(
            f"À qui les communes l’achètent-elles{w.QUESTION}",
            said[0],
            f"{near}{plural(n, 'commune')} connaissent leurs fournisseurs.",
        )
    ]


def _annex(study: Study, sections: Sequence[Section]) -> Section:
    """The numbers of every picture, and the weights."""
    made: list[Table] = []
    for picture in _pictures(sections):
        if len(picture.figure.table[1]) <= _LONGEST:
            made.append(tables.of_panel(picture.figure))
    if (weights := tables.cells(study)) is not None:
        made.append(weights)
    return Section("annexes", "Annexes : les chiffres des figures", tuple(made))


# A map of communes has a line for each: 121 lines say less than the map; the table by size
# and by intercommunalité says it.
_LONGEST = 40


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
