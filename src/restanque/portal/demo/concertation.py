"""The demo's concertation: everything here is invented, and marked so.

The modalities are not those of the real deliberation, the meetings never took place, and nobody
wrote the contributions. One gap of each kind is left on purpose, so that the ledger has to say it.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from restanque.accounts.models import User
from restanque.kit.documents import render_pdf
from restanque.procedures.concertation.nomenclature import (
    MeansKind,
    MeansProof,
    ModerationState,
    Way,
)
from restanque.procedures.concertation.services import (
    answers,
    contributions,
    ledger,
    pages,
    participations,
)
from restanque.procedures.models import Modality, Procedure, PublicPage, Theme
from restanque.procedures.services import procedures
from restanque.territories.models import Territory

THEMES = ("Mobilités", "Énergie et climat", "Agriculture et paysages", "Logement", "Eau")
_SOURCE = "modalité fictive, article 4"
# What is announced: kind, words, number, throughout.
_MODALITIES = (
    (MeansKind.MEETING, "Au moins quatre réunions publiques réparties sur le territoire", 4, False),
    (MeansKind.REGISTER, "Un registre ouvert au siège pendant toute la concertation", None, True),
    (MeansKind.PAGE, "Une page internet avec les documents de la procédure", None, False),
    (MeansKind.EXHIBITION, "Une exposition itinérante", 1, False),
    (MeansKind.PRESS, "Deux articles dans le bulletin d’information", 2, False),
)
# Kind, what, place, days before today, proof, whether its file is joined, and the rest.
_MEANS: tuple[tuple[MeansKind, str, str, int, str, bool, dict[str, Any]], ...] = (
    (MeansKind.MEETING, "Réunion publique : diagnostic", "salle fictive A", 420,
     MeansProof.MINUTES, True, {"attendance": 64}),
    (MeansKind.MEETING, "Réunion publique : orientations", "salle fictive B", 180,
     MeansProof.ATTENDANCE, True, {"attendance": 41}),
    (MeansKind.MEETING, "Atelier : se déplacer autrement", "salle fictive C", 90, "", False, {}),
    (MeansKind.MEETING, "Réunion publique : le projet avant l’arrêt", "salle fictive D", -45, "",
     False, {"hours": "18 h 30"}),
    (MeansKind.PRESS, "Article : demain, notre territoire", "bulletin fictif", 300,
     MeansProof.PRESS, True, {}),
    (MeansKind.REGISTER, "Registre au siège", "accueil", 400, MeansProof.REGISTER, False,
     {"lasting": True}),
    (MeansKind.PAGE, "Page publique de la révision", "en ligne", 120, MeansProof.CAPTURE, True,
     {"lasting": True}),
    (MeansKind.OTHER, "Balade commentée avec un paysagiste fictif", "chemin fictif", 150,
     MeansProof.PHOTO, False, {"attendance": 18}),
)  # fmt: skip
# Theme, what an invented person says. No real place, body or person is named.
_SAID = (
    (0, "Il manque un bus le soir entre les villages et la gare."),
    (0, "La piste cyclable s’arrête à l’entrée du bourg : il faudrait la prolonger."),
    (0, "Le covoiturage ne marche que si l’on trouve une aire sûre près de la route."),
    (0, "Les camions traversent le centre : prévoyez une déviation."),
    (0, "Les trottoirs sont trop étroits pour une poussette."),
    (1, "Mettez des panneaux solaires sur les parkings avant d’en mettre dans les champs."),
    (1, "Les maisons anciennes sont des passoires : aidez les propriétaires à isoler."),
    (1, "Plantons des arbres dans les cours d’école, il y fait trop chaud en juin."),
    (1, "L’éclairage public pourrait s’éteindre la nuit."),
    (1, "Je m’inquiète du bruit d’un parc éolien près des habitations."),
    (1, "Un réseau de chaleur au bois pour les bâtiments publics serait utile."),
    (2, "Il faut garder les terres irriguées pour l’agriculture."),
    (2, "Les haies disparaissent : le plan devrait les protéger."),
    (2, "Que les cantines achètent davantage aux fermes voisines."),
    (2, "Les hangars agricoles couverts de panneaux changent le paysage."),
    (2, "Les canaux d’irrigation font partie du paysage, gardez-les."),
    (3, "Les jeunes ne trouvent pas à se loger ici."),
    (3, "Transformez les bâtiments vides du centre avant de construire autour."),
    (3, "Des logements pour les saisonniers manquent chaque été."),
    (3, "Les lotissements sans commerce obligent à prendre la voiture."),
    (3, "Il faudrait de petits logements de plain-pied pour les personnes âgées."),
    (4, "L’eau manque l’été : limitez les piscines."),
    (4, "Récupérer l’eau de pluie devrait être prévu dans chaque projet."),
    (4, "Le canal déborde à chaque orage, rien n’est fait."),
    (4, "Laissez de la place aux inondations au lieu de construire."),
    (0, "Il manque un bus le soir entre les villages et la gare."),
    (None, "Merci pour cette réunion, mais les documents sont trop longs."),
    (None, "Je ne comprends pas ce que change ce plan pour ma commune."),
    (None, "Propos injurieux, retirés de la démonstration."),
    (None, "Publicité pour une entreprise fictive."),
)
_ANSWER = (
    "Réponse fictive : la desserte du soir est étudiée avec l’autorité qui organise les "
    "transports ; le projet retient le principe d’une correspondance en gare."
)


def play_concertation(territory: Territory, *, by: User, today: date, seed: int) -> None:
    """Modalities, means, an open public page and thirty contributions; a recent procedure that may
    be consulted online."""
    procedure = Procedure.objects.filter(territory=territory, kind="scot-aec-revision").first()
    if procedure is None:
        return
    _carry_out(procedure, _announce(procedure), today)
    themes = _open_page(procedure, today)
    _speak(procedure, themes, by=by, today=today, seed=seed)
    _consult_online(territory, by=by, today=today)


def _announce(procedure: Procedure) -> list[Modality]:
    return [
        ledger.announce(
            procedure=procedure,
            kind=kind,
            text=text,
            quantity=number,
            throughout=throughout,
            source=_SOURCE,
            fictitious=True,
        )
        for kind, text, number, throughout in _MODALITIES
    ]


def _carry_out(procedure: Procedure, modalities: list[Modality], today: date) -> None:
    by_kind = {one.kind: one for one in modalities}
    for kind, what, place, days, proof, with_file, more in _MEANS:
        ledger.carry_out(
            procedure=procedure,
            modalities=[by_kind[kind]] if kind in by_kind else [],
            kind=kind,
            what=what,
            place=place,
            started_on=today - timedelta(days=days),
            published=kind != MeansKind.REGISTER,
            proof_kind=proof,
            proof=_file("piece-fictive.pdf", f"Pièce fictive : {what}") if with_file else None,
            fictitious=True,
            **more,
        )


def _open_page(procedure: Procedure, today: date) -> list[Theme]:
    slug = "revision-du-scot"
    if PublicPage.objects.filter(slug=slug).exists():  # another demonstration has it
        slug = f"{slug}-{procedure.pk}"
    page = pages.prepare_page(
        procedure=procedure,
        slug=slug,
        title="Révision du SCoT : donnez votre avis (démonstration)",
        intro="Page de démonstration : données fictives. Elle montre comment une équipe met en "
        "ligne les documents, annonce ses réunions et reçoit des contributions.",
        contact_email="equipe-scot@example.org",
        steps=["prescription", "arret", "approbation"],
        purge_on=today + timedelta(days=1095),
        fictitious=True,
    )
    for title in ("Diagnostic, version de travail", "Synthèse des ateliers"):
        pages.put_online(
            page=page,
            title=f"{title} (fictif)",
            upload=_file(f"{title.lower().replace(' ', '-').replace(',', '')}.pdf", title),
            on=today - timedelta(days=120),
        )
    pages.open_page(page=page, on=today - timedelta(days=120))
    return pages.set_themes(procedure=procedure, names=THEMES)


def _speak(procedure: Procedure, themes: list[Theme], *, by: User, today: date, seed: int) -> None:
    draw = Random(seed)  # noqa: S311 - a demonstration
    ways = (Way.WEB, Way.WEB, Way.WEB, Way.REGISTER, Way.PAPER, Way.EMAIL, Way.ORAL)
    made = []
    for rank, (theme, text) in enumerate(_SAID):
        one = contributions.record(
            procedure=procedure,
            way=draw.choice(ways),
            received_on=today - timedelta(days=118 - 4 * rank + draw.randrange(4)),
            text=text,
            themes=[] if theme is None else [themes[theme]],
            person_name="Personne fictive" if rank % 5 == 0 else "",
            fictitious=True,
        )
        made.append((theme, one))
    for theme, one in made[:24]:
        if theme is not None:
            contributions.moderate(
                contribution=one, state=ModerationState.PUBLISHED, shown=one.text, by=by
            )
    for _, one in made[28:]:
        contributions.moderate(
            contribution=one,
            state=ModerationState.HIDDEN,
            reason="Sans rapport avec la procédure (exemple)",
            shown=one.text,
            by=by,
        )
    answers.answer(
        procedure=procedure,
        contributions=[one for theme, one in made[:5] if theme == 0],
        text=_ANSWER,
        public=True,
        on=today - timedelta(days=20),
        by=by,
    )


def _consult_online(territory: Territory, *, by: User, today: date) -> None:
    """A procedure launched under the rules that know the electronic participation."""
    recent = procedures.create_procedure(
        territory=territory,
        kind="scot-modification",
        name="Modification du SCoT (procédure fictive)",
        document="SCoT d’exemple (fictif)",
        prescribed_on=today - timedelta(days=60),
        prescription_proof="délibération fictive",
        by=by,
    )
    one = participations.prepare(
        procedure=recent,
        way="ppve",
        today=today,
        reference="décision fictive n° 1",
        paper_places="Siège (fictif), du lundi au vendredi",
    )
    opening = today + timedelta(days=150)
    participations.plan(
        participation=one,
        days={
            "avis-ppve": opening - timedelta(days=10),
            "ouverture-ppve": opening,
            "cloture-ppve": opening + timedelta(days=30),
        },
    )


def _file(name: str, title: str) -> SimpleUploadedFile:
    data = render_pdf(
        '#import "base.typ": *\n= #data.title\n#lede[Pièce inventée pour la démonstration.]\n',
        {"title": title},
        title=title,
        created_at=timezone.now().replace(microsecond=0),
        author="Démonstration",
        fictitious=True,
    )
    return SimpleUploadedFile(name, data, "application/pdf")
