"""What a method box says: of whom, by whom, when, how it was weighed, under what assumption."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from restanque.directory.nomenclature import Kind as OrganisationKind
from restanque.kit.text import format_date, format_number, format_percent, plural
from restanque.surveys.models.answers import Channel, ResponseStatus

if TYPE_CHECKING:
    from restanque.surveys.analysis.study import Study

ASSUMPTION = (
    "Dans chaque cellule (taille de commune et secteur), les communes qui ont répondu "
    "représentent celles qui n’ont pas répondu. Rien dans les réponses ne permet de le vérifier : "
    "si ne pas répondre tient au sujet lui-même, les chiffres s’en écartent."
)
_STATUS_WORDS = {
    ResponseStatus.VALIDATED.value: "réponses validées",
    ResponseStatus.SUBMITTED.value: "réponses à valider",
}
_CUT_WORDS = {"zone": "zone du territoire", "epci": "intercommunalité"}


@dataclass(frozen=True, slots=True)
class CellLine:
    """A weight cell: N communes, n answers, the weight of each (N ÷ n)."""

    name: str
    population: int
    respondents: int
    weight: float


@dataclass(frozen=True, slots=True)
class Method:
    """`population` N communes on `day`, `n` answered, `rate` n ÷ N (None when N is 0)."""

    campaign: str
    territory: str
    day: date
    opens_on: date
    closes_on: date
    population: int
    inhabitants: int
    n: int
    inhabitants_answered: int
    rate: float | None
    invited: int
    outside: int
    statuses: str
    who: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]
    cut: str
    cells: tuple[CellLine, ...]
    merges: tuple[str, ...]
    certain: tuple[str, ...]
    silent: tuple[str, ...]
    certainty_rule: str
    weighting_effect: float | None
    refusal: str
    fictitious: bool
    assumption: str = ASSUMPTION

    @property
    def sentences(self) -> tuple[str, ...]:
        """The box as sentences, in order; ready to be shown or written in a document."""
        said = [
            f"Population : {plural(self.population, 'commune')} de « {self.territory} » au "
            f"{format_date(self.day)} ({format_number(self.inhabitants)} habitants).",
            f"Ont répondu : {plural(self.n, 'commune')}, soit {format_percent(self.rate)} ; "
            f"{format_number(self.inhabitants_answered)} habitants ({self.statuses}).",
            f"Enquête du {format_date(self.opens_on)} au {format_date(self.closes_on)}, "
            f"{plural(self.invited, 'organisme invité', 'organismes invités')}.",
        ]
        if self.outside:
            said.append(
                f"{plural(self.outside, 'réponse')} d’autres organismes, d’autres communes ou en "
                "double ne représentent personne et n’entrent dans aucune estimation."
            )
        if self.refusal:
            return (*said, f"Pas de pondération. {self.refusal} {_ONLY}")
        said.append(
            f"Poids par taille de commune et {self.cut} : "
            f"{plural(len(self.cells), 'cellule')} d’au moins 5 réponses."
        )
        if self.certain:
            said.append(f"{', '.join(self.certain)} : une seule voix, la sienne. "
                        f"{self.certainty_rule}")  # fmt: skip
        if self.silent:
            said.append(f"Chiffres hors {', '.join(self.silent)} : sans réponse, jamais imputé.")
        return (*said, self.assumption)


_ONLY = "Les chiffres décrivent les répondants seulement."


def method_of(study: Study) -> Method:
    """The method of a study."""
    campaign, population, rows = study.campaign, study.population, study.respondents
    weighting, plan = study.weighting, study.plan
    cells = []
    for cell in plan.cells if plan is not None else ():
        answers = cell.respondents[0]
        cells.append(CellLine(cell.name, cell.population, answers, cell.population / answers))
    kinds = Counter(row.kind for row in study.dataset.rows)
    channels = Counter(row.channel for row in rows)
    return Method(
        campaign=campaign.name,
        territory=campaign.territory.name,
        day=population.day,
        opens_on=campaign.opens_on,
        closes_on=campaign.closes_on,
        population=len(population.places),
        inhabitants=population.inhabitants,
        n=len(rows),
        inhabitants_answered=sum(place.inhabitants or 0 for place in study.places),
        rate=len(rows) / len(population.places) if population.places else None,
        invited=study.dataset.invited,
        outside=len(study.outside),
        statuses=" et ".join(_STATUS_WORDS[s] for s in reversed(study.statuses)),
        who=tuple((OrganisationKind(kind).label, count) for kind, count in kinds.most_common()),
        channels=tuple((Channel(one).label, count) for one, count in channels.most_common()),
        cut=_CUT_WORDS[population.cut],
        cells=tuple(cells),
        merges=plan.merges if plan is not None else (),
        certain=tuple(place.unit for place in population.certain),
        silent=weighting.design.silent if weighting is not None else (),
        certainty_rule=population.rule,
        weighting_effect=weighting.design.weighting_effect if weighting is not None else None,
        refusal=study.refusal,
        fictitious=campaign.fictitious,
    )
