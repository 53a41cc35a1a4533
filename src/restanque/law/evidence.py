"""How far a rule was checked, as every screen shows it."""

from dataclasses import dataclass

from restanque.engine.law import Article, Parameter, Regime, Rule, Status

EVIDENCE_BADGES = {Status.TEXT: "fait", Status.SECONDARY: "cours", Status.MEMORY: "attente"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """`to_verify` is True where the words of the status do not already say so."""

    label: str
    badge: str
    to_verify: bool
    detail: str


def evidence_of(one: Rule | Regime | Parameter | Article) -> Evidence:
    """« texte lu », « source secondaire » or « à vérifier », with what is doubtful said."""
    status = one.evidence.status
    doubtful = one.to_verify if isinstance(one, Rule) else one.evidence.to_verify
    # Some sources only repeat the status.
    source = "" if one.evidence.source == status.label else one.evidence.source
    return Evidence(
        status.label,
        EVIDENCE_BADGES[status],
        doubtful and status is not Status.MEMORY,
        f"{one.evidence.label}. {source}".rstrip(" ."),
    )
