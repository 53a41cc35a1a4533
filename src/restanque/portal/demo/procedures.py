"""The demo's procedures: the real launching act of the SCoT-AEC, the rest invented and marked.

Known for real, from public documents: a deliberation of 20 June 2023 modernises the revision, and
its legal nature is to be confirmed. Nothing is said here in the name of a real body: no opinion, no
answer. What is invented are acts of the team itself, dated for the demonstration.
"""

from datetime import date, timedelta

from restanque.accounts.models import User
from restanque.portal.demo.dossier import play_dossier
from restanque.procedures.models import Procedure
from restanque.procedures.nomenclature import ProofKind
from restanque.procedures.services import calendars, facts, procedures
from restanque.territories.models import Territory

_SOURCE = "documents publics du Pays d’Arles : délibération du 20 juin 2023"
_KNOWN = (
    "Connu par des documents publics, à confirmer : la révision du PCAET a été engagée en 2021 ; "
    "le SCoT en vigueur a été approuvé en 2019, son analyse à six ans tombait donc en 2025, sous "
    "l’ancienne règle ; l’arrêt du projet était prévu au second semestre 2025. Les jours exacts ne "
    "sont pas connus : enregistrez-les avec leur preuve."
)
# Step, day, proof, reference; acts of the team itself, all invented.
_INVENTED = (
    ("affichage-prescription", date(2023, 7, 3), ProofKind.POSTING, "certificat fictif"),
    ("fin-affichage-prescription", date(2023, 8, 4), ProofKind.POSTING, "certificat fictif"),
    ("notification-prescription", date(2023, 7, 5), ProofKind.RECEIPT, "accusés fictifs"),
    ("concertation", date(2023, 9, 18), ProofKind.PUBLICATION, "annonce fictive"),
    ("evaluation-environnementale", date(2024, 2, 12), None, ""),
)  # fmt: skip


def play_procedures(territory: Territory, *, by: User, today: date) -> None:
    """The revision of the SCoT-AEC, and an invented PLU on which the SCoT must give its opinion."""
    scot = procedures.create_procedure(
        territory=territory,
        kind="scot-aec-revision",
        name="Révision du SCoT valant PCAET",
        document="SCoT-AEC du Pays d’Arles",
        prescribed_on=date(2023, 6, 20),
        prescription_source=f"{_SOURCE} ; sa nature juridique reste à confirmer",
        to_confirm=True,
        conditions={"littoral": True, "massif": False, "reduit-espaces": True},
        note=_KNOWN,
        by=by,
    )
    facts.record_fact(
        procedure=scot,
        step="prescription",
        happened_on=date(2023, 6, 20),
        what="Délibération qui modernise la révision du SCoT",
        source=_SOURCE,
        to_confirm=True,
        by=by,
        fictitious=False,
    )
    for step, day, proof, reference in _INVENTED:
        _invent(scot, step, day, proof, reference, by)
    _invent(scot, "information-pcaet", today - timedelta(days=35), ProofKind.RECEIPT,
            "accusé fictif", by)  # fmt: skip
    for step, days in (("arret", 240), ("approbation", 760)):
        procedures.set_target(procedure=scot, step=step, wished_on=today + timedelta(days=days))
    play_dossier(scot, by=by, today=today)
    plu = procedures.create_procedure(
        territory=territory,
        kind="plu-revision",
        name="Révision d’un PLU (commune fictive)",
        document="PLU d’une commune fictive",
        prescribed_on=date(2025, 3, 11),
        prescription_proof="délibération fictive",
        by=by,
    )
    _invent(plu, "arret", today - timedelta(days=62), ProofKind.DELIBERATION, "fictive", by)
    _invent(plu, "consultation-ppa", today - timedelta(days=55), ProofKind.RECEIPT, "fictif", by)
    calendars.open_feed(territory=territory)


def _invent(
    procedure: Procedure, step: str, day: date, proof: ProofKind | None, reference: str, by: User
) -> None:
    facts.record_fact(
        procedure=procedure,
        step=step,
        happened_on=day,
        proof_kind=proof or "",
        proof_reference=reference,
        source="inventé pour la démonstration",
        by=by,
        fictitious=True,
    )
