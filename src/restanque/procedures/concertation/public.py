"""What the public page shows: only what the team chose, and nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from restanque.kit.text import format_date
from restanque.procedures.concertation.nomenclature import ModerationState, ParticipationWay
from restanque.procedures.concertation.participation import running_online, span_of
from restanque.procedures.models import (
    Contribution,
    Means,
    Participation,
    Procedure,
    PublicDocument,
    PublicPage,
)

#: Latest contributions shown on the page itself; the others have their own.
FEW = 5


@dataclass(frozen=True, slots=True)
class Step:
    """A step shown at the calendar. `done` False: the day is only aimed at. `doubtful`: it
    happened, on a day that the team has still to confirm."""

    label: str
    day: date | None
    done: bool
    doubtful: bool


@dataclass(frozen=True)
class Showing:
    """One open page, read on a day."""

    page: PublicPage
    today: date

    @property
    def procedure(self) -> Procedure:
        """Whose page it is."""
        return self.page.procedure

    @cached_property
    def documents(self) -> tuple[PublicDocument, ...]:
        """Those online, the latest first."""
        return tuple(self.page.documents.filter(withdrawn_on=None))

    @cached_property
    def _means(self) -> tuple[Means, ...]:
        return tuple(self.procedure.means.filter(published=True))

    @property
    def coming(self) -> tuple[Means, ...]:
        """Meetings and other means to come, or that last, the soonest first."""
        return tuple(one for one in self._means if one.last_day(self.today) >= self.today)

    @property
    def past(self) -> tuple[Means, ...]:
        """Those over, the latest first."""
        over = [one for one in self._means if one.last_day(self.today) < self.today]
        return tuple(reversed(over))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that the team chose, in the order of the procedure."""
        kind = self.procedure.engine_kind
        done: dict[str, date] = {}
        happened = {fact.step for fact in self.procedure.facts.all()} | {kind.launch}
        for fact in self.procedure.facts.all():
            if not fact.to_confirm:
                done.setdefault(fact.step, fact.happened_on)
        if not self.procedure.to_confirm:
            done.setdefault(kind.launch, self.procedure.prescribed_on)
        wished = {one.step: one.wished_on for one in self.procedure.targets.all()}
        return tuple(
            Step(
                step.label,
                done.get(step.id) or wished.get(step.id),
                step.id in done,
                step.id in happened and step.id not in done,
            )
            for step in kind.ordered
            if step.id in self.page.steps
        )

    @cached_property
    def participation(self) -> Participation | None:
        """The electronic participation open today."""
        return running_online(self.procedure, self.today)

    @cached_property
    def consultations(self) -> tuple[tuple[Participation, date | None, date | None], ...]:
        """Each consultation of the public prepared, with its first and last day."""
        return tuple(
            (one, *span_of(self.procedure, one.way)) for one in self.procedure.participations.all()
        )

    @property
    def takes(self) -> bool:
        """Whether the form is open today."""
        if self.participation is not None:
            return self.page.opened and self.today < self.page.purge_on
        return self.page.takes_on(self.today)

    @property
    def until(self) -> date | None:
        """The last day to contribute, when it is known."""
        if self.participation is not None:
            return span_of(self.procedure, ParticipationWay.PPVE)[1]
        return self.page.contributions_until

    @cached_property
    def contributions(self) -> QuerySet[Contribution]:
        """Those published; none when the page does not show them."""
        rows = Contribution.objects.filter(
            procedure=self.procedure, state=ModerationState.PUBLISHED
        )
        if not self.page.shows_contributions:
            rows = rows.none()
        return rows.select_related("answer").prefetch_related("themes").order_by("-number")

    @cached_property
    def published_count(self) -> int:
        """How many are published."""
        return self.contributions.count()

    @property
    def latest(self) -> QuerySet[Contribution]:
        """The few last ones."""
        return self.contributions[:FEW]

    @cached_property
    def received_count(self) -> int:
        """How many were received, whatever became of them."""
        return Contribution.objects.filter(procedure=self.procedure).count()

    @property
    def fictitious(self) -> bool:
        """Whether what is shown is invented."""
        page, procedure = self.page, self.procedure
        return page.fictitious or procedure.fictitious or procedure.workspace.fictitious

    @property
    def notice(self) -> str:
        """What becomes of personal data."""
        return notice_of(self.page, self.procedure)


def notice_of(page: PublicPage, procedure: Procedure) -> str:
    """The notice shown beside the form: who, why, what basis, how long, which rights."""
    workspace = procedure.workspace
    controller = " ".join(workspace.data_controller.split()) or workspace.name
    dpo = workspace.dpo_contact or page.contact_email
    return (
        f"Responsable du traitement : {controller}.\n"
        f"Finalité : recueillir l’avis du public sur « {procedure.name} », y répondre et en "
        "dresser le bilan. Base légale : mission d’intérêt public.\n"
        "Nom, adresse électronique et pièce jointe sont facultatifs ; ils sont lus par l’équipe "
        "seulement, et jamais publiés. Votre texte peut être publié après relecture, sans votre "
        "nom.\n"
        f"Conservation : jusqu’au {format_date(page.purge_on, long=True)}, puis effacement ; le "
        "texte relu et les comptes restent au dossier. L’adresse de votre connexion n’est pas "
        "enregistrée : une empreinte, gardée une heure, limite les envois en nombre.\n"
        f"Vos droits : accès, rectification, effacement, limitation, opposition. Écrivez à "
        f"{page.contact_email} ou au délégué à la protection des données ({dpo}), avec le numéro "
        "de votre contribution ; vous pouvez aussi saisir la CNIL."
    )
