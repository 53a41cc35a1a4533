"""Where the invitations of a campaign stand: counts, wall, groups, activity. Reading only."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from restanque.kit.text import format_number
from restanque.surveys.models import CallLog, Campaign, Invitation, InvitationEvent
from restanque.surveys.models.campaigns import InvitationState
from restanque.surveys.wall import Wall, build_wall
from restanque.territories.services import zone_by_commune
from restanque.territories.sizes import SIZE_CLASSES, size_class

S = InvitationState
# Laying order of the stones, with their colour and the words of the legend.
STONES: tuple[tuple[tuple[InvitationState, ...], str, str, str], ...] = (
    ((S.VALIDATED,), "rq-p-fait", "validée", "validées"),
    ((S.SUBMITTED,), "rq-p-valider", "à valider", "à valider"),
    ((S.STARTED,), "rq-p-cours", "commencée", "commencées"),
    ((S.SENT,), "rq-p-attente", "sans réponse", "sans réponse"),
    ((S.NOT_SENT,), "rq-p-vide", "non envoyée", "non envoyées"),
    ((S.REFUSED, S.REJECTED), "rq-p-retrait", "refus ou écartée", "refus ou écartées"),
    ((S.BOUNCED,), "rq-p-erreur", "adresse en erreur", "adresses en erreur"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A group's answers: validated and to validate, out of those invited."""

    label: str
    validated: int
    submitted: int
    invited: int

    @property
    def answered(self) -> int:
        """Received, validated or not."""
        return self.validated + self.submitted

    @property
    def rate(self) -> float | None:
        """Answered ÷ invited."""
        return self.answered / self.invited if self.invited else None

    @property
    def validated_width(self) -> str:
        """Per cent of the bar, as SVG writes numbers (templates would put a comma)."""
        return _width(self.validated, self.invited)

    @property
    def submitted_width(self) -> str:
        """The same, of what is to validate."""
        return _width(self.submitted, self.invited)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: when, to whom, what, by whom."""

    at: datetime
    invitation: Invitation
    words: str
    by: str


def board_invitations(campaign: Campaign) -> list[Invitation]:
    """All the invitations with their state, commune and answer, in one query."""
    return list(
        Invitation.objects.filter(campaign=campaign)
        .with_state()
        .select_related("organisation__commune__epci", "response__version")
        .defer(
            "response__instance",
            "response__submitted_xml",
            "response__version__source",
            "response__version__xform",
            "organisation__notes",
            "organisation__opening_hours",
        )
        .order_by("organisation__name_key", "pk")
    )


def state_of(invitation: Invitation) -> InvitationState:
    """The annotated state."""
    return InvitationState(invitation.state)  # type: ignore[attr-defined]


def count_states(invitations: Iterable[Invitation]) -> dict[InvitationState, int]:
    """How many in each state; every state is there."""
    counts = dict.fromkeys(InvitationState, 0)
    for invitation in invitations:
        counts[state_of(invitation)] += 1
    return counts


def walls(invitations: Sequence[Invitation]) -> tuple[Wall, Wall]:
    """The wall for a screen and for a telephone."""
    laid = [
        (style, f"{one.organisation} : {word}")
        for states, style, word, _ in STONES
        for one in invitations
        if state_of(one) in states
    ]
    return build_wall(laid, width=1000, across=32), build_wall(laid, width=480, across=18)


def wall_words(counts: dict[InvitationState, int]) -> str:
    """« 63 validées, 14 à valider, … », for those who do not see the wall."""
    parts = []
    for states, _, word, words in STONES:
        number = sum(counts[state] for state in states)
        if number:
            parts.append(f"{format_number(number)} {words if number > 1 else word}")
    return ", ".join(parts)


def bars_by(
    invitations: Iterable[Invitation], group: Callable[[Invitation], tuple[Any, str] | None]
) -> list[Bar]:
    """Answers by group, given as (sort key, label); those without a group stand last."""
    found: dict[tuple[int, Any, str], list[InvitationState]] = {}
    for one in invitations:
        key = group(one)
        place = (0, *key) if key is not None else (1, 0, "Non renseigné")
        found.setdefault(place, []).append(state_of(one))
    return [
        Bar(label, states.count(S.VALIDATED), states.count(S.SUBMITTED), len(states))
        for (_, _, label), states in sorted(found.items(), key=lambda item: item[0][:2])
    ]


def bars_by_epci(invitations: Sequence[Invitation]) -> list[Bar]:
    """The most invited EPCI first."""
    sizes: dict[str, int] = {}
    for one in invitations:
        if epci := _epci(one):
            sizes[epci] = sizes.get(epci, 0) + 1
    return bars_by(
        invitations,
        lambda one: ((-sizes[name], name), name) if (name := _epci(one)) else None,
    )


def bars_by_zone(campaign: Campaign, invitations: Sequence[Invitation]) -> list[Bar]:
    """By zone of the territory; empty when it has none."""
    zones = zone_by_commune(campaign.territory)
    if not zones:
        return []

    def group(one: Invitation) -> tuple[Any, str] | None:
        zone = zones.get(one.organisation.commune_id or "")
        return (zone.name, zone.name) if zone is not None else None

    return bars_by(invitations, group)


def bars_by_size(invitations: Sequence[Invitation]) -> list[Bar]:
    """By size class of the commune, smallest first."""

    def group(one: Invitation) -> tuple[Any, str] | None:
        commune = one.organisation.commune
        size = size_class(commune.population) if commune else None
        return (SIZE_CLASSES.index(size), size.label) if size is not None else None

    return bars_by(invitations, group)


def recent_activity(campaign: Campaign, limit: int = 8) -> list[Moment]:
    """The latest events and calls, newest first, in two queries."""
    mine = {"invitation__campaign": campaign}
    events = InvitationEvent.objects.filter(**mine).select_related("invitation__organisation", "by")
    calls = CallLog.objects.filter(**mine).select_related("invitation__organisation", "by")
    moments = [
        Moment(
            one.at, one.invitation, one.get_kind_display(), one.by.display_name if one.by else ""
        )
        for one in events.order_by("-at", "-pk")[:limit]
    ]
    moments += [
        Moment(
            one.at, one.invitation, f"appel : {one.get_outcome_display()}",
            one.by.display_name if one.by else "",
        )
        for one in calls.order_by("-at", "-pk")[:limit]
    ]  # fmt: skip
    return sorted(moments, key=lambda one: one.at, reverse=True)[:limit]


def _width(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f}" if whole else "0"


def _epci(invitation: Invitation) -> str:
    commune = invitation.organisation.commune
    return commune.epci.name if commune is not None and commune.epci is not None else ""
