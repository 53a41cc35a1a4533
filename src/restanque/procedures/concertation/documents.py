"""Word documents of the concertation: the draft of the bilan, and the note to the team.

The draft is made to be published: what was announced, what was done, what was said and answered,
with figures and dates. It claims nothing that the ledger does not show, and leaves « à rédiger »
where only the team can write. What to settle first is in a separate file, never in the draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from restanque.kit.documents import WordWriter
from restanque.kit.text import format_date, format_number, plural
from restanque.procedures.concertation.figures import Figures, figures_of
from restanque.procedures.concertation.ledger import Duty, Ledger
from restanque.procedures.concertation.nomenclature import MeansKind
from restanque.procedures.models import Contribution, ContributionAnswer, Means, ProcedureFact

_TO_WRITE = "[À rédiger par l’équipe : {}]"


def bilan(ledger: Ledger, *, now: datetime) -> bytes:
    """The draft of the bilan de la concertation."""
    procedure = ledger.procedure
    rows = Contribution.objects.filter(procedure=procedure, participation=None)
    figures = figures_of(procedure, rows)
    writer = WordWriter(
        title=f"Bilan de la concertation : {procedure.name}",
        author=procedure.workspace.name,
        created_at=now,
        fictitious=ledger.is_fictitious,
    )
    writer.heading("Bilan de la concertation", 0)
    writer.paragraph(f"{procedure.name}, {procedure.territory.name}", "Subtitle")
    writer.paragraph(
        f"Projet établi le {format_date(now.date(), long=True)}, à relire avant d’être soumis à "
        "l’assemblée.",
        "Restanque source",
    )
    _frame(writer, ledger)
    _announced(writer, ledger)
    _done(writer, ledger)
    _figures(writer, ledger, figures)
    _said(writer, ledger, figures)
    _conclusion(writer, ledger)
    _annexes(writer, ledger, figures)
    return writer.to_bytes()


def _frame(writer: WordWriter, ledger: Ledger) -> None:
    procedure, period = ledger.procedure, ledger.period
    writer.heading("Le cadre", 1)
    proof = procedure.prescription_proof or "acte à citer"
    doubt = ", date à confirmer" if procedure.to_confirm else ""
    writer.paragraph(
        f"La procédure a été lancée le {format_date(period.start, long=True)} ({proof}{doubt}). La "
        "concertation est suivie depuis cet acte"
        + (
            f" jusqu’à l’arrêt du projet, le {format_date(period.end, long=True)}."
            if period.end
            else " ; le projet n’est pas encore arrêté."
        )
    )
    for duty in (ledger.duty, ledger.bilan_duty):
        if duty is not None:
            writer.paragraph(_cited(duty))


def _cited(duty: Duty) -> str:
    words = f"{duty.rule.title} ({duty.article})."
    if duty.rule.to_verify:
        words += " [Référence à vérifier sur Légifrance avant publication.]"
    return words


def _announced(writer: WordWriter, ledger: Ledger) -> None:
    writer.heading("Ce qui était annoncé, ce qui a été fait", 1)
    if not ledger.rows:
        writer.paragraph(_TO_WRITE.format("recopier les modalités fixées par la délibération."))
        return
    writer.table(
        "Modalités annoncées et moyens mis en œuvre",
        ("Modalité annoncée", "Annoncé", "Réalisé", "Moyens"),
        [
            (
                _with_source(row.modality.text, row.modality.source),
                _promise(row.modality.quantity, row.modality.throughout),
                format_number(row.carried.done),
                "\n".join(_short(one, ledger) for one in row.means) or "–",
            )
            for row in ledger.rows
        ],
        numeric=(2,),
        widths=(5, 2.2, 1.6, 7),
        source="« Réalisé » compte les moyens qui ont eu lieu entre l’acte de lancement et "
        "l’arrêt du projet. État au " + format_date(ledger.reading.today) + ".",
    )


def _with_source(text: str, source: str) -> str:
    return f"{text} ({source})" if source else text


def _promise(quantity: int | None, throughout: bool) -> str:
    parts = [f"au moins {quantity}"] if quantity else []
    if throughout:
        parts.append("en continu")
    return ", ".join(parts) or "sans nombre"


def _short(one: Means, ledger: Ledger) -> str:
    planned = " (prévu)" if one.is_planned(ledger.reading.today) else ""
    return f"{when(one)} : {one.what}{planned}"


def when(one: Means) -> str:
    """« 3 mars 2026 », « du 3 mars au 5 mai 2026 », « depuis le 3 mars 2026 »."""
    if one.lasting:
        return f"depuis le {format_date(one.started_on)}"
    if one.ended_on and one.ended_on != one.started_on:
        return f"du {format_date(one.started_on)} au {format_date(one.ended_on)}"
    return format_date(one.started_on)


def _done(writer: WordWriter, ledger: Ledger) -> None:
    done = [one for one in ledger.means if not one.is_planned(ledger.reading.today)]
    writer.heading("Les moyens, un par un", 1)
    if not done:
        writer.paragraph("Aucun moyen n’est enregistré à ce jour.")
        return
    known = [one for one in done if one.attendance is not None]
    people = sum(one.attendance or 0 for one in known)
    source = (
        f"Participants : {format_number(people)} au total, comptés pour "
        f"{plural(len(known), 'moyen')} sur {len(done)}. « – » : non compté."
    )
    writer.table(
        "Moyens d’information et d’expression",
        ("Quand", "Nature", "Quoi, où", "Participants", "Preuve"),
        [
            (
                when(one),
                str(MeansKind(one.kind).label),
                f"{one.what}, {one.place}" if one.place else one.what,
                format_number(one.attendance),
                one.proof_words or "non prouvé",
            )
            for one in done
        ],
        numeric=(3,),
        widths=(3, 3, 5.5, 2, 3.2),
        source=source,
    )
    extra = [one for one in ledger.loose if one in done]
    if extra:
        writer.paragraph("En plus des modalités annoncées :")
        for one in extra:
            writer.paragraph(_short(one, ledger), "List Bullet")


def _figures(writer: WordWriter, ledger: Ledger, figures: Figures) -> None:
    writer.heading("La participation en chiffres", 1)
    if not figures.total:
        writer.paragraph("Aucune contribution écrite n’est enregistrée à ce jour.")
        return
    repeated, published = format_number(figures.repeated), format_number(figures.published)
    hidden, waiting = format_number(figures.hidden), format_number(figures.waiting)
    writer.paragraph(
        f"{plural(figures.total, 'contribution').capitalize()} du {format_date(figures.first)} au "
        f"{format_date(figures.last)}, dont {repeated} au texte identique à une autre. "
        f"Publiées : {published} ; non publiées : {hidden} ; à relire : {waiting}. "
        "Toutes comptent ici."
    )
    source = f"n = {format_number(figures.total)} contributions, registre de l’équipe au " + (
        format_date(ledger.reading.today) + "."
    )
    writer.table(
        "Contributions selon la voie",
        ("Voie", "Contributions"),
        [(way.capitalize(), format_number(count)) for way, count in figures.by_way],
        numeric=(1,),
        widths=(4, 1),
        source=source,
    )
    themes = [(theme.name, format_number(count)) for theme, count in figures.by_theme]
    if figures.untagged:
        themes.append(("Sans thème", format_number(figures.untagged)))
    writer.table(
        "Contributions selon le thème",
        ("Thème", "Contributions"),
        themes,
        numeric=(1,),
        widths=(4, 1),
        source=f"{source} Une contribution peut relever de plusieurs thèmes : les nombres ne "
        "s’additionnent pas.",
    )


def _said(writer: WordWriter, ledger: Ledger, figures: Figures) -> None:
    writer.heading("Ce qui a été dit, ce qui est répondu", 1)
    if not figures.total:
        writer.paragraph("Sans objet à ce jour.")
        return
    by_theme = _answers_by_theme(ledger)
    for theme, count in figures.by_theme:
        if count:
            writer.heading(f"{theme.name} ({plural(count, 'contribution')})", 2)
            writer.paragraph(
                _TO_WRITE.format("ce que disent ces contributions, en quelques lignes.")
            )
            _answers(writer, by_theme.get(theme.pk, []))
    if figures.untagged:
        writer.heading(f"Sans thème ({plural(figures.untagged, 'contribution')})", 2)
        writer.paragraph(_TO_WRITE.format("classez-les, ou dites ce qu’elles contiennent."))
        _answers(writer, by_theme.get(None, []))
    silent = figures.total - figures.answered_publicly
    if silent:
        writer.paragraph(
            f"À ce jour, {plural(silent, 'contribution')} sur {format_number(figures.total)} "
            f"{'est' if silent == 1 else 'sont'} sans réponse publique."
        )


# Answer → numbers of the contributions that it answers.
_Answered = list[tuple[ContributionAnswer, list[int]]]


def _answers_by_theme(ledger: Ledger) -> dict[int | None, _Answered]:
    rows = (
        Contribution.objects.filter(
            procedure=ledger.procedure, participation=None, answer__public=True
        )
        .select_related("answer")
        .prefetch_related("themes")
        .order_by("number")
    )
    found: dict[int | None, dict[int, tuple[ContributionAnswer, list[int]]]] = {}
    for one in rows:
        if one.answer is None:
            continue
        keys: list[int | None] = [theme.pk for theme in one.themes.all()]
        for key in keys or [None]:
            place = found.setdefault(key, {}).setdefault(one.answer.pk, (one.answer, []))
            place[1].append(one.number)
    return {key: list(answers.values()) for key, answers in found.items()}


def _answers(writer: WordWriter, answers: _Answered) -> None:
    for given, numbers in answers:
        listed = ", ".join(str(number) for number in numbers)
        label = f"Réponse à {'la contribution' if len(numbers) == 1 else 'aux contributions'}"
        label = label.replace("à aux", "aux")
        writer.lines([(f"{label} n° {listed}", given.text)], "Restanque encadré")
    if not answers:
        writer.paragraph("Aucune réponse publique à ce jour.")


def _conclusion(writer: WordWriter, ledger: Ledger) -> None:
    writer.heading("Conclusion", 1)
    writer.paragraph(
        _TO_WRITE.format(
            "ce que la concertation a changé dans le projet, et ce qui n’a pas été retenu, avec "
            "les raisons."
        )
    )
    if ledger.grave:
        writer.paragraph(
            _TO_WRITE.format(
                "ce document n’affirme pas que les modalités annoncées ont été suivies ; voir la "
                "note séparée."
            )
        )
    elif ledger.rows:
        writer.paragraph(
            "À ce jour, d’après le registre tenu par l’équipe, chacune des modalités annoncées est "
            "mise en œuvre et la preuve de chaque moyen est citée."
        )


def _annexes(writer: WordWriter, ledger: Ledger, figures: Figures) -> None:
    writer.heading("Annexes", 1)
    acts = {one.act for one in ledger.modalities if one.act is not None}
    lines = [
        f"Acte : {act} ({_file_of(act)})"
        for act in sorted(acts, key=lambda act: (act.happened_on, act.pk))
    ]
    lines += [
        f"{when(one)}, {one.what} : {one.proof_words} ({one.proof_name or 'pièce non jointe'})"
        for one in ledger.means
        if one.proof_kind
    ]
    page = ledger.page
    if page is not None:
        lines += [
            f"Document mis en ligne : {one} ({_online(one.online_on, one.withdrawn_on)})"
            for one in page.documents.order_by("online_on", "pk")
        ]
    if figures.total:
        lines.append(
            f"Registre des {plural(figures.total, 'contribution')} (classeur Excel, sans les noms)"
        )
    _bullets(writer, lines or ["Aucune annexe à ce jour."])


def _file_of(act: ProcedureFact) -> str:
    """The file of the fact that announces, or the register of acts when a body made it."""
    if act.act is not None:
        return f"{act.proof_words}, au registre des délibérations"
    return act.proof_name or "pièce non jointe"


def _online(first: date, last: date | None) -> str:
    return f"le {format_date(first)}" + (f", retiré le {format_date(last)}" if last else "")


def team_note(ledger: Ledger, *, now: datetime) -> bytes:
    """What the team must know before the bilan: every gap, what it may cost, what to do."""
    procedure = ledger.procedure
    writer = WordWriter(
        title=f"Note à l’équipe, concertation : {procedure.name}",
        author=procedure.workspace.name,
        created_at=now,
        fictitious=ledger.is_fictitious,
    )
    writer.heading("Note à l’équipe avant le bilan", 0)
    writer.paragraph(f"{procedure.name}, {procedure.territory.name}", "Subtitle")
    writer.paragraph(
        "Document de travail, à ne pas joindre au bilan. Il dit les écarts entre ce qui était "
        f"annoncé et ce qui est fait, au {format_date(ledger.reading.today, long=True)}.",
        "Restanque encadré",
    )
    writer.heading("À régler avant le bilan", 1)
    _bullets(
        writer,
        [f"{'Fait' if one.done else 'À régler'} : {one.words}" for one in ledger.checks],
    )
    _gaps(writer, ledger)
    _unknown(writer, ledger)
    return writer.to_bytes()


def _gaps(writer: WordWriter, ledger: Ledger) -> None:
    writer.heading("Les écarts", 1)
    if not ledger.gaps:
        writer.paragraph("Aucun écart n’est relevé.")
    else:
        writer.table(
            "Écarts, du plus grave au moins grave",
            ("Constat", "Nature", "Ce que cela peut coûter", "Que faire"),
            [
                (row.gap.message, row.gap.kind.label, row.consequence or "–", row.advice)
                for row in ledger.gaps
            ],
            widths=(6, 2.5, 4, 4.5),
            source=_law_words(ledger.duty),
        )


def _unknown(writer: WordWriter, ledger: Ledger) -> None:
    writer.heading("Ce que ce registre ne sait pas", 1)
    today = ledger.reading.today
    uncounted = [
        one for one in ledger.means if one.attendance is None and not one.is_planned(today)
    ]
    _bullets(
        writer,
        [
            f"{plural(len(uncounted), 'moyen')} sans nombre de participants.",
            "L’acte de lancement est à confirmer."
            if ledger.procedure.to_confirm
            else "L’acte de lancement est donné comme certain.",
            "Seul ce qui est enregistré est comparé : une modalité oubliée dans le registre ne "
            "fait pas d’écart ici.",
        ],
    )


def _law_words(duty: Duty | None) -> str:
    if duty is None:
        return "La base de droit n’a pas de règle pour cette procédure : à vérifier."
    return f"{duty.rule.title}, {duty.article}. Vérification : {duty.evidence.detail}"


def _bullets(writer: WordWriter, lines: Iterable[str] | Sequence[str]) -> None:
    for line in lines:
        writer.paragraph(line, "List Bullet")
