"""What an act lacks to be executory, and the rule that says when it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from restanque.engine.deadlines import Derivation, derive, with_weekday
from restanque.engine.law import RuleSet
from restanque.governance.models import Deliberation

RULE = "acte.executoire"


@dataclass(frozen=True, slots=True)
class Executory:
    """The date, in words how it was found, and the rule it rests on."""

    day: date | None
    sentence: str
    found: Derivation
    proven: bool

    @property
    def status(self) -> tuple[str, str]:
        """(words, badge)."""
        if self.day is None:
            return "pas encore exécutoire", "cours"
        return ("exécutoire", "fait") if self.proven else ("exécutoire, non prouvé", "valider")


def executory_of(act: Deliberation, law: RuleSet) -> Executory:
    """The later of transmission and publication. Proven once both say what proves them."""
    found = derive(law, law.rule(RULE), None)
    proven = bool(
        (act.transmission_reference or act.transmission_proof) and act.publication_reference
    )
    transmitted, published = act.transmitted_on, act.published_on
    if transmitted is None or published is None:
        missing = [
            words
            for words, known in (
                ("la transmission au contrôle de légalité", transmitted),
                ("la publication", published),
            )
            if known is None
        ]
        return Executory(None, f"Il manque {' et '.join(missing)}.", found, proven)
    day = max(transmitted, published)
    sentence = (
        f"Transmise le {with_weekday(transmitted)}, publiée le {with_weekday(published)} : "
        f"exécutoire à la plus tardive des deux dates, le {with_weekday(day)}."
    )
    return Executory(day, sentence, found, proven)
