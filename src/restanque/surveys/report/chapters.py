"""The chapters of the bread report: each reads the study and gives a section, or None."""

from __future__ import annotations

from collections.abc import Sequence

from restanque.kit.charts import ChartPanel
from restanque.kit.maps import MapPanel
from restanque.kit.text import NO_BREAK_SPACE, format_number, format_percent, plural
from restanque.surveys.analysis.figure import Figure
from restanque.surveys.analysis.tabulate import tells_few
from restanque.surveys.report import panels, tables
from restanque.surveys.report import sentences as say
from restanque.surveys.report import wording as w
from restanque.surveys.report.parts import (
    Audience,
    Block,
    Box,
    Bullets,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Picture,
    Section,
)
from restanque.surveys.report.reader import Line, Quartiles, Reader


def participation(reader: Reader) -> Section:
    """Who answered: a map, two tables. The public sees intercommunalités, not communes."""
    study = reader.study
    said = say.participation(len(study.respondents), len(study.population.places))
    blocks: list[Block] = [Paragraph(said, lead=True)]
    if study.method.silent:
        blocks.append(Paragraph(
            f"{_listed(study.method.silent)} n’a pas répondu et ne peut être représentée par "
            "aucune autre commune"
            f"{w.COLON}les chiffres portent sur le territoire sans elle."))  # fmt: skip
    blocks.append(Picture(_participation_map(reader, said)))
    blocks += [tables.by_place(study, "taille"), tables.by_place(study, "epci")]
    return Section("participation", "Qui a répondu", tuple(blocks))


def _participation_map(reader: Reader, said: str) -> MapPanel:
    study = reader.study
    if reader.audience == Audience.TEAM:
        return panels.participation_map(study)
    rates = {
        group.label: group.n / group.population if group.population else None
        for group in study.by("epci")
    }
    return panels.rate_map(
        study, "participation", "Part des communes qui ont répondu", rates, said,
        n=f"{len(study.respondents)} communes sur {len(study.population.places)}",
    )  # fmt: skip


def volume(reader: Reader) -> Section | None:
    """How much bread: a day, a year, a meal."""
    day, year = reader.total(w.KG_DAY), reader.total(w.KG_YEAR)
    if day is None:
        return None
    figures = [KeyFigure(*amount_of(day, "kg par jour"), "pain acheté un jour de service",
                         detail_of(day))]  # fmt: skip
    if year is not None:
        found, unit = in_large_unit(year)
        figures.append(KeyFigure(*amount_of(found, f"{unit} par an"), "pain acheté en un an",
                                 detail_of(found)))  # fmt: skip
    middle = reader.quartiles(w.KG_DAY)
    if middle is not None:
        value, _ = say.amount_parts(middle[1])
        figures.append(
            KeyFigure(value, "kg par jour", "la moitié des communes achètent moins",
                      detail_of(middle[1]))
        )  # fmt: skip
    grams = reader.quartiles(w.GRAMS)
    if grams is not None:
        value, _ = say.amount_parts(grams[1], decimals=0)
        figures.append(KeyFigure(value, "g par repas", "pain acheté par repas servi (médiane)",
                                 detail_of(grams[1], decimals=0)))  # fmt: skip
    lead = say.amount_sentence(day, "Les cantines achètent", "kg de pain par jour de service")
    lead = lead if year is None else f"{lead} {yearly_sentence(year)}"
    asked: list[Block] = [
        Paragraph(lead, lead=True),
        KeyFigures(tuple(figures)),
        Paragraph(
            f"{_capital(plural(day.n, 'commune'))} ont donné une quantité"
            f"{w.SEMICOLON}les autres sont estimées d’après leur population. {without(day)}"
        ),
    ]
    return Section("quantites", f"Combien de pain{w.QUESTION}", tuple(asked))


def sources(reader: Reader) -> Section | None:
    """From whom: kind of supplier, in the commune or not, who buys."""
    kinds = reader.lines(w.KIND)
    if not kinds:
        return None
    n = next((line.figure.n for line in kinds if line.figure is not None), 0)
    blocks: list[Block] = []
    spoken = [_kind_sentence(line) for line in kinds]
    said = [sentence for sentence in spoken if sentence]
    blocks += [Paragraph(said[0], lead=True)] if said else []
    if local := reader.share(w.IN_COMMUNE, w.YES):
        blocks.append(Paragraph(say.share_sentence(local, "achètent un pain fait dans la commune")))
    blocks.append(
        Paragraph(
            f"Ces questions ont été posées aux {plural(n, 'commune')} qui connaissent leurs "
            "fournisseurs. Quand une entreprise achète le pain, la commune ne sait souvent pas "
            "d’où il vient."
        )
    )
    blocks.append(Picture(source_chart(reader, kinds)))
    if buyers := reader.lines(w.BUYER):
        blocks.append(tables.shares(reader, "Qui achète le pain", buyers))
    if places := reader.lines(w.IN_COMMUNE):
        blocks.append(tables.shares(reader, "Le pain est-il fait dans la commune", places,
                                    question=True))  # fmt: skip
    return Section("provenance", f"À qui les communes achètent{w.QUESTION}", tuple(blocks))


def _kind_sentence(line: Line) -> str:
    verb = w.SUPPLIER_VERBS.get(line.code)
    return say.share_sentence(line.figure, verb) if verb and line.figure is not None else ""


def source_chart(reader: Reader, kinds: Sequence[Line]) -> ChartPanel:
    """Kinds of suppliers, as a share of the communes that know theirs."""
    first = next((s for line in kinds if (s := _kind_sentence(line))), "")
    return panels.share_chart(
        reader.study, "fournisseurs", "À qui les communes achètent leur pain",
        [(line.label, line.figure) for line in kinds], category="Fournisseur", description=first,
    )  # fmt: skip


def prices(reader: Reader) -> Section | None:
    """Prices a kilo: all, by way of managing, by kind of supplier, by sign."""
    found = reader.quartiles(w.PRICE)
    if found is None:
        return None
    blocks: list[Block] = [
        Paragraph(price_sentence(found), lead=True),
        Picture(price_chart(reader)),
        tables.prices(reader, "Prix selon le fournisseur", "Fournisseur", w.KIND),
        tables.prices(reader, "Prix selon la gestion du service", "Gestion", w.MODE),
        tables.prices(reader, "Prix selon le signe de qualité", "Signe", w.SIGNS),
        Paragraph(
            "Prix hors taxes, ramenés au kilo, du pain le plus acheté à chaque fournisseur. Un "
            "groupe de moins de 5 prix n’est pas montré. Un écart entre deux lignes n’est pas "
            "commenté tant que leurs intervalles se recouvrent."
        ),
    ]
    return Section("prix", f"À quel prix{w.QUESTION}", tuple(blocks))


def price_sentence(found: Quartiles) -> str:
    """« Le kilo coûte 4,28 € HT (médiane, entre 4,08 et 4,44) ; la moitié des prix… »"""
    low, middle, high = found
    value, bounds = say.amount_parts(middle, decimals=2)
    span = ""
    if low.value is not None and high.value is not None:
        span = (f"{w.SEMICOLON}la moitié des prix vont de {format_number(low.value, 2)} à "
                f"{format_number(high.value, 2)}{NO_BREAK_SPACE}€")  # fmt: skip
    inside = f"médiane, {bounds}" if bounds else "médiane"
    return f"Le kilo de pain coûte {value}{NO_BREAK_SPACE}€ HT ({inside}){span}."


def price_chart(reader: Reader) -> ChartPanel:
    """All prices, then those of each kind of supplier and with organic bread."""
    lines: list[tuple[str, Quartiles | None]] = [("Tous les prix", reader.quartiles(w.PRICE))]
    for by in (w.KIND, w.SIGNS):
        lines += [
            (w.SIGN_LABELS.get(code, label), found)
            for code, label, found in reader.quartiles_by(w.PRICE, by)
            if found is not None
        ]
    found = lines[0][1]
    return panels.range_chart(
        reader.study, "prix", "Prix du kilo de pain, hors taxes", lines, category="Groupe",
        description=price_sentence(found) if found is not None else "",
    )  # fmt: skip


def signs(reader: Reader) -> Section | None:
    """Certified bread: shares of communes, organic first."""
    lines = reader.lines(w.SIGNS)
    if not lines:
        return None
    blocks: list[Block] = []
    if (organic := reader.share(w.SIGNS, "bio")) is not None:
        blocks.append(Paragraph(say.share_sentence(organic, "servent du pain bio, au moins en "
                                                   "partie"), lead=True))  # fmt: skip
    if (some := reader.share(w.SIGNS, w.SIGN_CODES)) is not None:
        blocks.append(
            Paragraph(say.share_sentence(some, "servent un pain qui porte un signe de qualité"))
        )
    blocks.append(
        Paragraph(
            "Signes déclarés par les communes, sans contrôle des preuves. « Local » n’en est pas "
            "un, et la marque « Lou Pan d’Ici » non plus."
        )
    )
    chart = panels.share_chart(
        reader.study, "signes", "Signes de qualité du pain servi",
        [(w.SIGN_LABELS.get(line.code, line.label), line.figure) for line in lines],
        category="Signe", description=w.SEVERAL,
    )  # fmt: skip
    return Section("signes", "Les signes de qualité", (*blocks, Picture(chart)))


def orientation_lines(reader: Reader) -> list[tuple[w.Orientation, Line]]:
    """Share of « oui » to each direction asked, the highest first."""
    found = []
    for one in w.ORIENTATIONS:
        if reader.has(one.fact):
            found.append((one, Line(one.fact, one.label, reader.share(one.fact, w.YES))))
    found.sort(key=lambda pair: -(_value(pair[1])))
    return found


def _value(line: Line) -> float:
    return (line.figure.value or 0.0) if line.figure is not None else -1.0


def leading(reader: Reader) -> list[tuple[str, say.Estimate]]:
    """The directions that may come first: the same communes answered, answers are compared."""
    known = [
        (one.fact, line.label, line.figure)
        for one, line in orientation_lines(reader)
        if line.figure is not None
    ]
    found = say.leaders(
        known, lambda row: row[2], lambda a, b: reader.is_ahead((a[0], w.YES), (b[0], w.YES))
    )
    return [(label, figure) for _, label, figure in found]


def orientation_chart(reader: Reader, *, most: int = 0) -> ChartPanel:
    """Share of « oui » to each direction; the first ones only, for a slide."""
    lines = orientation_lines(reader)
    kept = lines[:most] if most else lines
    first = "" if len(kept) == len(lines) else f", les {len(kept)} premières pistes"
    return panels.share_chart(
        reader.study, "pistes", f"Ce que veulent les communes{first} (part de {w.QUOTED_YES})",
        [(line.label, line.figure) for _, line in kept],
        category="Piste", description=say.first_sentence(leading(reader), what="piste"),
    )  # fmt: skip


def trust(reader: Reader) -> str:
    """How far shares can be relied upon, by the widest interval of the directions asked."""
    study = reader.study
    shares = [line.figure for _, line in orientation_lines(reader) if line.figure is not None]
    margin = say.widest_margin(shares)
    return say.trust(len(study.respondents), len(study.population.places), margin)


def orientations(reader: Reader) -> Section | None:
    """What communes want: keeping the baker with a better flour is said first."""
    pairs = orientation_lines(reader)
    if not pairs:
        return None
    blocks: list[Block] = [Paragraph(say.first_sentence(leading(reader), what="piste"), lead=True)]
    keep = next((line.figure for one, line in pairs if one.fact == w.KEEP_BAKER), None)
    if keep is not None:
        blocks.append(Paragraph(say.share_sentence(keep, w.ORIENTATIONS[0].want)))
    blocks.append(Picture(orientation_chart(reader)))
    if (drawn := _orientation_map(reader)) is not None:
        blocks.append(Picture(drawn))
    if surcharge := reader.lines(w.SURCHARGE, sort=False):
        blocks.append(tables.shares(reader, "Surcoût accepté pour un pain qui répond mieux aux "
                                    "souhaits", surcharge))  # fmt: skip
    return Section("souhaits", f"Que veulent les communes{w.QUESTION}", tuple(blocks))


def _orientation_map(reader: Reader) -> MapPanel | None:
    study = reader.study
    if not reader.has(w.KEEP_BAKER):
        return None
    title = "Garder le boulanger et améliorer la farine"
    if reader.audience == Audience.TEAM:
        return panels.choice_map(study, "carte-boulanger", title, w.KEEP_BAKER)
    rates, n = {}, 0
    for group in study.by("epci"):
        found = study.share(w.KEEP_BAKER, w.YES, within=group)
        few = found.n < say.FEWEST or 0 < (found.count or 0) < say.FEWEST
        few = few or 0 < found.n - (found.count or 0) < say.FEWEST
        rates[group.label] = None if few else found.value
        n += 0 if few else found.n
    if not any(rate is not None for rate in rates.values()):
        return None
    return panels.rate_map(
        study, "carte-boulanger", f"{title}{w.COLON}part des communes intéressées", rates,
        "Une intercommunalité où moins de 5 communes ont répondu, ou répondu de la même façon, "
        "n’est pas publiée.", n=plural(n, "commune"),
    )  # fmt: skip


def needs(reader: Reader) -> Section | None:
    """What holds communes back, and the help they ask for."""
    blocks: list[Block] = []
    for name, which, title, head in (
        ("freins", w.OBSTACLES, "Ce qui freine les communes", "Les freins cités"),
        ("aides", w.HELP, "Ce que demandent les communes", "Les aides demandées"),
    ):
        lines = reader.lines(which)
        known = [(line.code, line.label, line.figure) for line in lines if line.figure is not None]
        if not known:
            continue
        first = say.leaders(known, lambda row: row[2], reader.comparer(which))
        said = say.first_sentence([(label, f) for _, label, f in first], what="réponse")
        blocks.append(Paragraph(f"{head}. {said}", lead=True))
        chart = panels.share_chart(
            reader.study, name, title, [(line.label, line.figure) for line in lines],
            category="Réponse", description=w.SEVERAL,
        )  # fmt: skip
        blocks.append(Picture(chart))
    return Section("freins", "Freins et demandes", tuple(blocks)) if blocks else None


def method(reader: Reader) -> Section:
    """The method box: population, answers, weights, merges, limits."""
    found = reader.study.method
    lines = [_labelled(sentence) for sentence in found.sentences]
    lines += [("Regroupement", merge) for merge in found.merges]
    if found.channels and not _few(reader, found.channels):
        channels = ", ".join(f"{label} {format_number(n)}" for label, n in found.channels)
        lines.append(("Voie de réponse", channels))
    if found.who and not _few(reader, found.who):
        who = ", ".join(f"{label} {format_number(n)}" for label, n in found.who)
        lines.append(("Qui a répondu", who))
    limits = (
        "Les réponses sont déclarées par les mairies, sans contrôle des factures.",
        "Une part sans réponse à une question est estimée d’après les communes de même taille.",
        "Une quantité totale très inégale d’une commune à l’autre est moins sûre qu’une part.",
        "Aucun écart n’est commenté sans être statistiquement établi.",
    )
    return Section(
        "methode", "Méthode et limites",
        (Box("Comment ces chiffres sont faits", tuple(lines)), Bullets(limits)),
    )  # fmt: skip


def _few(reader: Reader, counts: Sequence[tuple[str, int]]) -> bool:
    """Whether the public would read a count of 1 to 4."""
    return reader.hides and tells_few(*(n for _, n in counts))


def _labelled(sentence: str) -> tuple[str, str]:
    label, colon, text = sentence.partition(w.COLON)
    if colon and len(label) <= 20:
        return label, text[:1].upper() + text[1:]
    return "", sentence


def amount_of(figure: say.Estimate, unit: str) -> tuple[str, str]:
    """(« environ 3 550 », unit)."""
    value, _ = say.amount_parts(figure)
    return value, unit


def detail_of(figure: say.Estimate, *, decimals: int | None = None) -> str:
    """« entre 3 100 et 4 200 ; n = 53 »."""
    _, bounds = say.amount_parts(figure, decimals=decimals)
    n = f"n = {format_number(figure.n)}".replace(" ", NO_BREAK_SPACE)
    return f"{bounds}{w.SEMICOLON}{n}" if bounds else n


def without(figure: Figure) -> str:
    """« Chiffre sans Marseille, qui n’a pas donné de quantité. », or nothing."""
    missing = figure.estimate.missing_units if figure.estimate is not None else ()
    if not missing:
        return ""
    verb = "n’ont pas donné" if len(missing) > 1 else "n’a pas donné"
    return f"Chiffre sans {_listed(missing)}, qui {verb} de quantité."


def in_large_unit(kilos: say.Estimate) -> tuple[say.Estimate, str]:
    """Tonnes from ten tonnes on."""
    if kilos.value is not None and kilos.value >= 10_000:
        return say.scaled(kilos, 0.001), "tonnes"
    return kilos, "kg"


def yearly_sentence(kilos: Figure) -> str:
    """« Cela fait environ 570 tonnes par an (entre 470 et 730). »"""
    found, unit = in_large_unit(kilos)
    return say.amount_sentence(found, "Cela fait", f"{unit} par an")


def rate(part: int, whole: int) -> str:
    """« 60 % »."""
    return format_percent(part / whole if whole else None)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
