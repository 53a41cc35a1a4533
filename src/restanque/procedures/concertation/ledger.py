"""The concertation of a procedure read on a day: modalities, means, gaps, what they may cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q

from restanque.engine.law import Rule
from restanque.kit.text import plural
from restanque.law.evidence import Evidence, evidence_of
from restanque.procedures.concertation.gaps import (
    Announced,
    Carried,
    Done,
    Gap,
    GapKind,
    Period,
    carried,
    gaps_of,
)
from restanque.procedures.concertation.nomenclature import ModerationState
from restanque.procedures.models import Contribution, Means, Modality, Procedure, PublicPage
from restanque.procedures.reading import Reading

#: The steps of the engine that this room works for.
CONCERTATION, BILAN, ARRET = "concertation", "bilan-concertation", "arret"
NO_LAW = (
    "La base de droit ne dit pas ce que cet écart peut coûter pour cette procédure : "
    "à vérifier sur Légifrance."
)
_ADVICE = {
    GapKind.NOT_DONE: "Réalisez-le avant l’arrêt du projet, ou demandez conseil avant le bilan.",
    GapKind.FEWER: "Complétez avant l’arrêt du projet.",
    GapKind.NOT_THROUGHOUT: "Dites dans le bilan ce qui en a tenu lieu pendant ce temps.",
    GapKind.OUTSIDE: "Vérifiez la date ; s’il ne compte pas, ne le citez pas comme une modalité.",
    GapKind.UNPROVEN: "Joignez un compte rendu, une photo datée, une parution ou un certificat.",
    GapKind.NO_FILE: "Joignez la pièce : elle sera une annexe du bilan.",
    GapKind.NOT_ANNOUNCED: "Rattachez-le à une modalité s’il en met une en œuvre ; "
    "sinon, le bilan le citera en plus.",
}
_BADGES = {
    GapKind.NOT_DONE: "retard",
    GapKind.FEWER: "retard",
    GapKind.NOT_THROUGHOUT: "valider",
    GapKind.OUTSIDE: "valider",
    GapKind.UNPROVEN: "valider",
    GapKind.NO_FILE: "attente",
    GapKind.NOT_ANNOUNCED: "attente",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """The rule of the law base that a gap breaks, as it is shown."""

    rule: Rule
    article: str

    @property
    def evidence(self) -> Evidence:
        """How far it was checked."""
        return evidence_of(self.rule)


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap with its badge, what it may cost, and what to do."""

    gap: Gap
    badge: str
    consequence: str
    duty: Duty | None
    advice: str


@dataclass(frozen=True, slots=True)
class ModalityRow:
    """A modality, what carries it out, its gaps."""

    modality: Modality
    means: tuple[Means, ...]
    carried: Carried
    gaps: tuple[GapRow, ...]

    @property
    def state(self) -> tuple[str, str]:
        """(words, badge)."""
        if not self.carried.done:
            return ("prévu", "attente") if self.carried.planned else ("à réaliser", "retard")
        grave = any(row.gap.is_grave for row in self.gaps)
        return ("écart à traiter", "valider") if grave else ("réalisé", "fait")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to settle before the bilan."""

    done: bool
    words: str


@dataclass(frozen=True)
class Ledger:
    """One concertation, through the reading of its procedure."""

    reading: Reading

    @property
    def procedure(self) -> Procedure:
        """Whose concertation it is."""
        return self.reading.procedure

    @cached_property
    def period(self) -> Period:
        """From the launching act to the arrêt (or the bilan, for a kind without arrêt)."""
        kind = self.procedure.engine_kind
        last = ARRET if ARRET in kind.by_id else BILAN
        days = [one.happened_on for one in self.procedure.facts.all() if one.step == last]
        return Period(self.procedure.prescribed_on, min(days, default=None))

    @cached_property
    def modalities(self) -> tuple[Modality, ...]:
        """As announced, in their order."""
        return tuple(self.procedure.modalities.select_related("act__act", "act__procedure"))

    @cached_property
    def means(self) -> tuple[Means, ...]:
        """Done and planned, in the order of dates, with their modalities."""
        return tuple(self.procedure.means.prefetch_related("modalities"))

    @cached_property
    def _done(self) -> tuple[Done, ...]:
        return tuple(
            Done(
                key=one.pk,
                what=one.what,
                start=one.started_on,
                end=one.last_day(self.reading.today),
                carries=frozenset(modality.pk for modality in one.modalities.all()),
                count=one.count,
                proven=bool(one.proof_kind),
                has_file=bool(one.proof),
            )
            for one in self.means
        )

    @cached_property
    def gaps(self) -> tuple[GapRow, ...]:
        """Every gap with what it may cost; grave ones first."""
        announced = [_announced(one) for one in self.modalities]
        found = gaps_of(announced, self._done, period=self.period, today=self.reading.today)
        rows = [self._row(one) for one in found]
        return tuple(sorted(rows, key=lambda row: not row.gap.is_grave))

    @property
    def grave(self) -> tuple[GapRow, ...]:
        """Those that may be held against the procedure."""
        return tuple(row for row in self.gaps if row.gap.is_grave)

    @cached_property
    def rows(self) -> tuple[ModalityRow, ...]:
        """Each modality with what carries it out."""
        return tuple(
            ModalityRow(
                modality,
                tuple(one for one in self.means if modality in one.modalities.all()),
                carried(
                    _announced(modality),
                    self._done,
                    period=self.period,
                    today=self.reading.today,
                ),
                tuple(row for row in self.gaps if row.gap.modality == modality.pk),
            )
            for modality in self.modalities
        )

    @cached_property
    def loose(self) -> tuple[Means, ...]:
        """Means that carry no announced modality out."""
        return tuple(one for one in self.means if not one.modalities.all())

    @cached_property
    def duty(self) -> Duty | None:
        """The rule on carrying out what was announced; None when the base has none."""
        return self._duty_of(CONCERTATION)

    @cached_property
    def bilan_duty(self) -> Duty | None:
        """The rule on the bilan itself; None when the base has none."""
        return self._duty_of(BILAN)

    def _duty_of(self, name: str) -> Duty | None:
        kind, law = self.procedure.engine_kind, self.reading.law
        step = kind.by_id.get(name)
        launched = self.procedure.prescribed_on
        regime = law.regime_on(kind.family, launched).id if kind.family else None
        for key in step.rules if step else ():
            rule = law.choose(key, regime=regime, launch=launched)
            if rule is not None:
                return Duty(rule, law.cite(rule.articles))
        return None

    def _row(self, gap: Gap) -> GapRow:
        duty = self.duty if gap.is_grave else None
        cost = duty.rule.consequence if duty else NO_LAW
        badge = _BADGES[gap.kind]
        if badge == "retard" and not gap.final:
            badge = "attente"
        return GapRow(gap, badge, cost if gap.is_grave else "", duty, _ADVICE[gap.kind])

    @cached_property
    def counts(self) -> dict[str, int]:
        """Contributions of the concertation: total, waiting, unanswered."""
        found: dict[str, int] = Contribution.objects.filter(
            procedure=self.procedure, participation=None
        ).aggregate(
            total=Count("pk"),
            waiting=Count("pk", filter=Q(state=ModerationState.WAITING)),
            unanswered=Count("pk", filter=Q(answer=None)),
        )
        return found

    @cached_property
    def page(self) -> PublicPage | None:
        """The public page, if there is one."""
        return PublicPage.objects.filter(procedure=self.procedure).first()

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """What to settle before the bilan goes before the assembly."""
        grave, counts = len(self.grave), self.counts
        files = sum(row.gap.kind is GapKind.NO_FILE for row in self.gaps)
        waiting, silent = counts["waiting"], counts["unanswered"]
        return (
            Check(bool(self.modalities), "Les modalités annoncées sont enregistrées"),
            Check(
                not grave,
                f"{plural(grave, 'écart')} entre l’annoncé et le réalisé"
                if grave
                else "Aucun écart entre l’annoncé et le réalisé",
            ),
            Check(
                not files,
                f"{plural(files, 'pièce')} à joindre"
                if files
                else "Les pièces citées sont jointes",
            ),
            Check(
                not waiting,
                f"{plural(waiting, 'contribution')} à relire"
                if waiting
                else "Toutes les contributions sont relues",
            ),
            Check(
                not silent,
                f"{plural(silent, 'contribution')} sans réponse"
                if silent
                else "Toutes les contributions ont une réponse",
            ),
        )

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to settle."""
        return all(check.done for check in self.checks)

    @property
    def is_fictitious(self) -> bool:
        """Whether anything shown is invented."""
        return (
            self.reading.is_fictitious
            or any(one.fictitious for one in self.modalities)
            or any(one.fictitious for one in self.means)
        )


def _announced(modality: Modality) -> Announced:
    return Announced(modality.pk, modality.text, modality.quantity, modality.throughout)
