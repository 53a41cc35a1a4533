"""The room's part of the world of tests: arguments of addresses, acts."""

from datetime import date
from typing import TYPE_CHECKING, Any

from restanque.engine.law import Confidence, Evidence, Period, Status, Unit
from restanque.law.models import Table, Verdict
from restanque.law.services import override_law, record_check

if TYPE_CHECKING:
    from tests.world import World

RULE = "scot.avis-arret"
DAY = date(2026, 12, 1)
READ = Evidence(Status.TEXT, Confidence.HIGH, "décret fictif", DAY)


def build(world: "World", mark: str) -> dict[str, Any]:
    """A rule that the team has changed, another that it has read."""
    alice = world.member("alice").user
    override = override_law(
        workspace=world.workspace,
        table=Table.RULES,
        object_id=RULE,
        changes={"period": Period(4, Unit.MONTHS), "evidence": READ},
        reason=f"Décret de {mark}",
        on=DAY,
        by=alice,
    )
    record_check(
        workspace=world.workspace,
        table=Table.PARAMETERS,
        object_id="zan.scot",
        verdict=Verdict.SAME,
        link="https://example.org/texte",
        on=DAY,
        by=alice,
    )
    return {"law_override": override}


def routes() -> dict[str, dict[str, Any]]:
    """Beginning of a route → values of its parameters."""
    return {"droit/": {"table": "rules", "object_id": RULE}}


def acts() -> dict[str, dict[str, Any]]:
    """Address name → what somebody who may write would post."""
    return {
        "law:check": {
            "verdict": "same",
            "link": "https://example.org/article",
            "checked_on": "24/11/2026",
        },
        "law:change": {
            "amount": "5",
            "unit": "months",
            "status": "T",
            "source": "https://example.org/decret",
            "reason": "Décret fictif",
            "confirm": "1",
        },
        "law:withdraw": {},
    }
