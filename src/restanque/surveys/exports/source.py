"""What an export reads: a campaign's answers, questions and weights. Reading only."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from restanque.kit.text import format_date, plural
from restanque.surveys.analysis.data import Row
from restanque.surveys.analysis.questions import Question
from restanque.surveys.analysis.study import RECEIVED, Study
from restanque.surveys.analysis.weights import Weight
from restanque.surveys.models import Campaign
from restanque.surveys.models.answers import ResponseStatus


@dataclass(frozen=True)
class Source:
    """The answers to export: validated ones, or those to validate too. `today` is aware."""

    campaign: Campaign
    only_validated: bool
    today: datetime

    @cached_property
    def study(self) -> Study:
        """Answers and weights."""
        statuses = (ResponseStatus.VALIDATED.value,) if self.only_validated else RECEIVED
        return Study(self.campaign, today=timezone.localdate(self.today), statuses=statuses)

    @cached_property
    def rows(self) -> list[Row]:
        """The answers, by organisation."""
        return self.study.dataset.rows

    @cached_property
    def weights(self) -> dict[int, Weight]:
        """Response → its weight."""
        return {one.row.response: one for one in self.study.weights}

    @cached_property
    def cell_sizes(self) -> dict[str, int]:
        """Weight cell → how many communes it holds."""
        made = self.study.weighting
        if made is None:
            return {}
        sizes = made.design.stratum_sizes
        return {name: round(float(size)) for name, size in
                zip(made.design.stratum_names, sizes, strict=True)}  # fmt: skip

    @cached_property
    def questions(self) -> list[Question]:
        """What was asked, by the form; amounts made by the analysis are not answers."""
        return [question for question in self.study.questions if question.path]

    @property
    def fictitious(self) -> bool:
        """Whether everything made of it must say so."""
        return self.campaign.fictitious

    def notes(self) -> list[tuple[str, str]]:
        """What the file is, of whom it speaks, when it was made."""
        campaign = self.campaign
        answers, invited = len(self.rows), campaign.invitations.count()
        weighted = sum(one.value is not None for one in self.study.weights)
        lines = [
            ("Campagne", campaign.name),
            ("Territoire", str(campaign.territory)),
            ("Questionnaire", str(campaign.version)),
            ("Exporté le", format_date(timezone.localtime(self.today).date())),
            (
                "Qui parle",
                f"{plural(answers, 'réponse')} sur {plural(invited, 'invitation')}\u00a0: sans "
                "leur poids, ces chiffres ne décrivent que ceux qui ont répondu.",
            ),
            (
                "Poids",
                self.study.refusal
                or "Le poids dit combien de communes une réponse représente "
                f"({plural(weighted, 'réponse')})\u00a0; sans poids, elle ne vient pas d’une "
                "mairie, ou une autre de la même commune compte.",
            ),
            ("Coordonnées", "Les coordonnées des répondants ne sont pas dans cet export."),
            ("Case vide", "Question non posée, ou sans réponse."),
        ]
        if self.fictitious:
            lines.insert(0, ("Attention", "Données fictives\u00a0: ces réponses sont inventées."))
        return lines
