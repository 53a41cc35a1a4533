"""The dated rules of the law base that budgets rest on: time to pay, amendments, VAT.

No figure of the law is written in the code: each is a parameter of `engine.law`, with its article,
its validity and how far it was checked. An unknown rule gives no date and no alert.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from restanque.accounts.models import Workspace
from restanque.engine.law import Parameter, RuleSet
from restanque.law.current import law_of
from restanque.work.budget.alerts import Threshold
from restanque.work.budget.nomenclature import Category

PAYMENT, VAT, COMMISSION = "marche.delai-paiement", "tva.taux-normal", "marche.avenants-commission"
_AMENDMENTS = {
    Category.SERVICES: "marche.avenants-services",
    Category.SUPPLIES: "marche.avenants-fournitures",
    Category.WORKS: "marche.avenants-travaux",
}


@dataclass(frozen=True, slots=True)
class BudgetRules:
    """The rules as a workspace retains them."""

    law: RuleSet

    @classmethod
    def of(cls, workspace: Workspace) -> BudgetRules:
        """Those of a workspace: read once for many budgets."""
        return cls(law_of(workspace))

    def on(self, key: str, day: date) -> Parameter | None:
        """The version of a parameter in force that day; None when none is known."""
        for one in self.law.parameters.values():
            if one.id.partition("@")[0] != key or not isinstance(one.value, int):
                continue
            after = one.valid_from is None or day >= one.valid_from
            if after and (one.valid_to is None or day <= one.valid_to):
                return one
        return None

    def due_on(self, received_on: date) -> date | None:
        """The last day to pay an invoice received that day."""
        rule = self.on(PAYMENT, received_on)
        return None if rule is None else received_on + timedelta(days=int(str(rule.value)))

    def vat_rate(self, day: date) -> Decimal | None:
        """The normal rate of VAT that day, in percent."""
        rule = self.on(VAT, day)
        return None if rule is None else Decimal(str(rule.value))

    def thresholds(self, category: str, day: date) -> tuple[Threshold, ...]:
        """Shares of the initial amount that amendments of a contract are compared with."""
        found = [self.on(_AMENDMENTS[Category(category)], day), self.on(COMMISSION, day)]
        return tuple(self.threshold(rule) for rule in found if rule is not None)

    def threshold(self, rule: Parameter) -> Threshold:
        """A parameter in percent, in plain values."""
        return Threshold(
            limit=Decimal(str(rule.value)),
            title=rule.title,
            article=self.law.cite(rule.articles),
            evidence=rule.evidence.label,
            to_verify=rule.to_verify,
            consequence=rule.consequence,
        )

    @property
    def shown(self) -> list[Parameter]:
        """Every rule used, for the page that says how far each was checked."""
        keys = {PAYMENT, VAT, COMMISSION, *_AMENDMENTS.values()}
        return [one for one in self.law.parameters.values() if one.id.partition("@")[0] in keys]
