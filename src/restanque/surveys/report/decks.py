"""The five slides: one message each, said in its title."""

from __future__ import annotations

from restanque.kit.text import NO_BREAK_SPACE, format_percent, plural
from restanque.surveys.report import chapters, panels, tables
from restanque.surveys.report import sentences as say
from restanque.surveys.report import wording as w
from restanque.surveys.report.parts import KeyFigures, Picture, Slide
from restanque.surveys.report.reader import Reader


def slides_of(reader: Reader) -> tuple[Slide, ...]:
    """At most five, in the order of the report; a subject without figures has none."""
    made = [_who(reader), _volume(reader), _source(reader), _price(reader), _wishes(reader)]
    return tuple(slide for slide in made if slide is not None)


def _who(reader: Reader) -> Slide:
    section = chapters.participation(reader)
    picture = next(block for block in section.blocks if isinstance(block, Picture))
    study = reader.study
    title = say.participation(len(study.respondents), len(study.population.places))
    method = study.method
    held = method.inhabitants_answered / method.inhabitants if method.inhabitants else None
    beside = (
        f"Elles réunissent {format_percent(held)} des habitants.",
        chapters.trust(reader),
    )
    return Slide(title.rstrip("."), picture, _source_line(reader, picture.figure.n),
                 _notes(reader, picture), beside)  # fmt: skip


def _volume(reader: Reader) -> Slide | None:
    section = chapters.volume(reader)
    day = reader.total(w.KG_DAY)
    if section is None or day is None:
        return None
    figures = next(block for block in section.blocks if isinstance(block, KeyFigures))
    value, _ = say.amount_parts(day)
    title = " ".join(part for part in ("Les cantines achètent", say.about(day), value) if part)
    told = " ".join(block.text for block in section.blocks if hasattr(block, "text"))
    return Slide(f"{title}{NO_BREAK_SPACE}kg de pain par jour", figures,
                 _source_line(reader, plural(day.n, "commune")), told)  # fmt: skip


def _source(reader: Reader) -> Slide | None:
    kinds = reader.lines(w.KIND)
    if not kinds:
        return None
    picture = Picture(chapters.source_chart(reader, kinds))
    title = next(
        (
            said
            for line in kinds
            if line.figure is not None
            and line.code in w.SUPPLIER_VERBS
            and (said := say.share_headline(line.figure, w.SUPPLIER_VERBS[line.code]))
        ),
        picture.figure.title,
    )
    return Slide(title, picture, _source_line(reader, picture.figure.n), _notes(reader, picture))


def _price(reader: Reader) -> Slide | None:
    found = reader.quartiles(w.PRICE)
    if found is None:
        return None
    picture = Picture(chapters.price_chart(reader))
    value, bounds = say.amount_parts(found[1], decimals=2)
    title = f"Prix médian{w.COLON}{value}{NO_BREAK_SPACE}€ HT le kilo"
    title += f", {bounds}" if bounds else ""
    return Slide(title, picture, _source_line(reader, picture.figure.n), _notes(reader, picture))


def _wishes(reader: Reader) -> Slide | None:
    if not chapters.orientation_lines(reader):
        return None
    picture = Picture(chapters.orientation_chart(reader, most=_MOST_ROWS))
    leading = chapters.leading(reader)
    title = picture.figure.title
    if len(leading) == 1:
        title = f"En tête{w.COLON}{leading[0][0][:1].lower()}{leading[0][0][1:]}"
    elif leading:
        number = say.in_words(len(leading))
        title = f"{number.capitalize()} pistes peuvent venir en tête, sans départage"
    return Slide(title, picture, _source_line(reader, picture.figure.n), _notes(reader, picture))


# Beyond, letters are too small at five metres.
_MOST_ROWS = 5


def _source_line(reader: Reader, n: str) -> str:
    study = reader.study
    return f"n = {n}. {panels.source_of(study)[:1].upper()}{panels.source_of(study)[1:]}."


def _notes(reader: Reader, picture: Picture) -> str:
    """What the speaker says, and the figures of the picture in full."""
    table = tables.of_panel(picture.figure)
    lines = [picture.figure.description, w.HOW_TO_READ, picture.figure.caption]
    if len(table.rows) <= 40:
        lines += [" | ".join(table.headers), *(" | ".join(row) for row in table.rows)]
    return "\n".join(line for line in lines if line)
