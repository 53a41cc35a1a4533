"""The demo's consultations: an invented draft, which nobody real answers.

The town halls of the perimeter are listed as written to, and the record is marked fictitious; none
of them answers, and none is left silent past its term. Every opinion is that of an « organisme
fictif ».
"""

from dataclasses import dataclass
from datetime import date, timedelta

from restanque.accounts.models import User
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.procedures.consultations.nomenclature import Decision, Sense
from restanque.procedures.consultations.reading import read_one
from restanque.procedures.consultations.services import dispatches, lists, opinions, steps
from restanque.procedures.models import Consultation, Opinion, Procedure
from restanque.procedures.nomenclature import ProofKind, SentBy
from restanque.procedures.services import facts, procedures
from restanque.territories.models import Territory


@dataclass(frozen=True, slots=True)
class Point:
    """A remark of an invented opinion, and what the team replied (None: nothing yet)."""

    topic: str
    page: str
    text: str
    decision: Decision | None = None
    why: str = ""
    piece: str = ""
    place: str = ""
    carried: bool = False


_B = (
    Point(
        "Eau", "3",
        "Le diagnostic ne dit pas d’où viendra l’eau des nouveaux logements.",
        Decision.ACCEPTED, "Un bilan des ressources est ajouté.", "Diagnostic", "p. 41", True,
    ),
    Point(
        "Foncier", "5",
        "L’enveloppe prévue pour l’activité paraît forte au regard des zones encore libres.",
        Decision.PARTLY,
        "L’enveloppe baisse de moitié ; le reste est gardé pour les zones desservies par le rail.",
        "DOO", "orientation 12",
    ),
    Point(
        "Mobilités", "6",
        "Chaque commune devrait avoir une piste cyclable vers sa gare.",
        Decision.REFUSED, "Le SCoT fixe l’objectif ; le tracé relève des communes.",
    ),
    Point("Paysage", "8", "Les vues depuis les canaux mériteraient une carte."),
)  # fmt: skip
_C = (
    Point("Foncier", "2", "Le rythme de consommation d’espaces dépasse la période passée."),
    Point(
        "Énergie", "4", "Le programme d’actions ne dit pas qui porte la rénovation des écoles.",
        Decision.NOTED, "À traiter dans les fiches d’action.",
    ),
)  # fmt: skip


def play_consultations(territory: Territory, *, by: User, today: date) -> None:
    """An invented draft SCoT: its arrest, its consultations, opinions, remarks and replies."""
    procedure = procedures.create_procedure(
        territory=territory,
        kind="scot-aec-revision",
        name="Exemple fictif : un projet arrêté, en consultation",
        document="SCoT-AEC fictif",
        prescribed_on=date(2024, 1, 16),
        prescription_proof="délibération fictive",
        conditions={"littoral": False, "massif": False, "reduit-espaces": False},
        note="Procédure inventée pour montrer les consultations. Aucun organisme réel n’y répond.",
        by=by,
        fictitious=True,
    )
    for step, days in (("debat-pas", 330), ("bilan-concertation", 140), ("arret", 140)):
        facts.record_fact(
            procedure=procedure,
            step=step,
            happened_on=today - timedelta(days=days),
            proof_kind=ProofKind.DELIBERATION,
            proof_reference="fictive",
            source="inventé pour la démonstration",
            by=by,
        )
    _draft(procedure, by, today)
    _alone(procedure, "saisine-mrae", "scot.mrae", "Autorité environnementale fictive", 60, today)
    _alone(
        procedure, "saisine-prefet-region", "scot.prefet-region", "Organisme fictif G", 75, today
    )


def _draft(procedure: Procedure, by: User, today: date) -> None:
    one = lists.open_consultation(
        procedure=procedure,
        step="consultation-ppa",
        name="Avis sur le projet arrêté (fictif)",
        subject="projet de SCoT-AEC arrêté, version 1 (fictif)",
        opened_on=today - timedelta(days=135),
        note="Les mairies sont listées pour l’exemple : rien ne leur a été envoyé.",
        by=by,
    )
    halls = Organisation.objects.active().filter(
        workspace=procedure.workspace,
        kind=Kind.MAIRIE,
        commune__in=procedure.territory.communes_at(one.opened_on),
    )
    for hall in halls.order_by("name_key", "pk"):
        lists.add_consultee(
            consultation=one,
            organisation=hall,
            law_ids=["scot.membres"],
            capacity="commune membre",
            attention="Madame ou Monsieur le Maire",
        )
    dispatches.record_dispatches(
        consultation=one,
        consultees=list(one.consultees.all()),
        sent_on=today - timedelta(days=84),
        sent_by=SentBy.REGISTERED,
        received_on=today - timedelta(days=80),
        proof_kind=ProofKind.RECEIPT,
        proof_reference="accusé fictif",
        by=by,
    )
    _answers(one, by, today)
    steps.record_step(reading=read_one(one, today), by=by)


def _answers(one: Consultation, by: User, today: date) -> None:
    """Six invented bodies: four opinions, one of them late, one silence, one receipt unproven."""
    for letter, answered, sense in (
        ("A", 70, Sense.FAVOURABLE),
        ("B", 45, Sense.RESERVED),
        ("C", 12, Sense.UNFAVOURABLE),
        ("D", 60, Sense.NO_REMARK),
        ("E", None, None),
        ("F", None, None),
    ):
        body = lists.add_consultee(
            consultation=one,
            name=f"Organisme fictif {letter}",
            law_ids=["scot.ppa"],
            capacity="personne publique associée (fictive)",
        )
        dispatches.record_dispatch(
            consultee=body,
            sent_on=today - timedelta(days=132),
            sent_by=SentBy.PLATFORM,
            received_on=today - timedelta(days=130),
            proof_kind="" if letter == "F" else ProofKind.RECEIPT,
            proof_reference="" if letter == "F" else f"dépôt fictif {letter}",
            by=by,
        )
        if answered is None or sense is None:
            continue
        opinion = opinions.record_opinion(
            consultee=body,
            received_on=today - timedelta(days=answered),
            sense=sense,
            signed_by="son président (fictif)",
            text="Avis inventé pour la démonstration.",
            by=by,
        )
        _remarks(opinion, {"B": _B, "C": _C}.get(letter, ()), by, today)


def _remarks(opinion: Opinion, points: tuple[Point, ...], by: User, today: date) -> None:
    for point in points:
        remark = opinions.add_remark(
            opinion=opinion, topic=point.topic, page=point.page, text=point.text
        )
        if point.decision is None:
            continue
        reply = opinions.reply_to(
            remark=remark,
            decision=point.decision,
            why=point.why,
            piece=point.piece,
            page=point.place,
            decided_by="comité technique (fictif)",
            decided_on=today - timedelta(days=5),
        )
        if point.carried:
            on = today - timedelta(days=2)
            opinions.carry_over(reply=reply, version="projet pour approbation, v2", on=on, by=by)


def _alone(procedure: Procedure, step: str, law_id: str, name: str, days: int, today: date) -> None:
    """A consultation of one invented body, received so many days ago."""
    one = lists.open_consultation(
        procedure=procedure,
        step=step,
        name=f"Saisine : {name}",
        subject="projet de SCoT-AEC arrêté, version 1 (fictif)",
        opened_on=today - timedelta(days=135),
    )
    body = lists.add_consultee(consultation=one, name=name, law_ids=[law_id])
    dispatches.record_dispatch(
        consultee=body,
        sent_on=today - timedelta(days=days + 2),
        sent_by=SentBy.PLATFORM,
        received_on=today - timedelta(days=days),
        proof_kind=ProofKind.RECEIPT,
        proof_reference="dépôt fictif",
    )
    steps.record_step(reading=read_one(one, today))
