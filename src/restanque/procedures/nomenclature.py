"""Closed lists of the room."""

from django.db import models

from restanque.engine.deadlines import kinds

#: Identifier → label of the kinds of procedure that the engine knows.
KINDS = {kind.id: kind.label for kind in kinds()}
#: Ways of consulting the public. An empty one is deduced from the facts.
PARTICIPATION = {
    "enquete": "Enquête publique",
    "ppve": "Participation du public par voie électronique",
    "mise-a-disposition": "Mise à disposition du public",
}


class ProofKind(models.TextChoices):
    """What proves a fact. Empty: nothing does."""

    RECEIPT = "receipt", "accusé de réception"
    CONTROL = "control", "accusé de transmission au contrôle de légalité"
    DELIBERATION = "deliberation", "délibération signée"
    POSTING = "posting", "certificat d’affichage"
    PUBLICATION = "publication", "publication (journal, recueil, site)"
    MINUTES = "minutes", "procès-verbal ou compte rendu"
    LETTER = "letter", "courrier reçu"
    DISPATCH = "dispatch", "preuve d’envoi"
    OTHER = "other", "autre pièce"


class SentBy(models.TextChoices):
    """How it left. Empty: nothing was sent, or it is not known."""

    REGISTERED = "registered", "lettre recommandée avec accusé de réception"
    LETTER = "letter", "courrier simple"
    EMAIL = "email", "courriel"
    HAND = "hand", "remise en main propre"
    ACTES = "actes", "télétransmission (ACTES)"
    PLATFORM = "platform", "plateforme dématérialisée"
    OTHER = "other", "autre voie"


class ObjectionState(models.TextChoices):
    """What the team found of a possible objection of the prefect."""

    OPEN = "open", "à examiner"
    CLEAR = "clear", "rien à craindre, preuve à l’appui"
    EXPOSED = "exposed", "point exposé"
