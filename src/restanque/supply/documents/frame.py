"""What every page has: its title, its answer first, the nature of a plan, who to ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from restanque.engine.supply.jsonio.writing import NATURE
from restanque.kit.documents import WordWriter
from restanque.kit.text import format_date, format_number
from restanque.supply.models import SupplyPlan
from restanque.supply.words import tidy

#: A total over fewer units is not given to people outside the team.
FEWEST = 5
#: Kilograms given outside the team are rounded to this.
STEP = 5


class Pages:
    """Pages of one Word file about one plan; every sentence is put in French typography."""

    def __init__(self, plan: SupplyPlan, title: str, *, created_at: dt.datetime) -> None:
        self.plan = plan
        self.workspace = plan.scenario.workspace
        self._created_at = created_at
        self._begun = False
        self._writer = WordWriter(
            title=tidy(title),
            author=self.workspace.name,
            created_at=created_at,
            fictitious=plan.fictitious,
        )

    def begin(self, title: str, subtitle: str) -> None:
        """A new page, under its title."""
        self._writer.heading(tidy(title), 0, new_page=self._begun)
        self._begun = True
        self._writer.paragraph(tidy(subtitle), "Subtitle")

    def answer(self, text: str) -> None:
        """The page in one or two sentences, before all else."""
        self._writer.paragraph(tidy(text), "Restanque chapeau")

    def heading(self, text: str) -> None:
        """A part of the page."""
        self._writer.heading(tidy(text), 2)

    def paragraph(self, text: str) -> None:
        """Plain text."""
        self._writer.paragraph(tidy(text))

    def bullets(self, sentences: Sequence[str]) -> None:
        """One line a sentence."""
        for sentence in sentences:
            self._writer.paragraph(tidy(sentence), "List Bullet")

    def table(
        self,
        title: str,
        headers: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        numeric: Sequence[int] = (),
        widths: Sequence[float] = (),
        source: str,
    ) -> None:
        """A table with what it rests on."""
        self._writer.table(
            tidy(title),
            [tidy(cell) for cell in headers],
            [[tidy(cell) for cell in row] for row in rows],
            numeric=numeric,
            widths=widths,
            source=tidy(source),
        )

    @property
    def team(self) -> str:
        """Who to write to: « PETR du Pays d’Arles, pat@exemple.fr »."""
        mail = self.workspace.contact_email
        return f"{self.workspace.name}, {mail}" if mail else self.workspace.name

    def end(self, nature: str = NATURE) -> None:
        """What the page is worth, and who to ask."""
        pairs = [
            ("Nature de cette page", tidy(nature)),
            ("Une erreur, une question", f"{self.team}."),
        ]
        self._writer.lines(pairs, "Restanque encadré")

    def to_bytes(self) -> bytes:
        """The file."""
        return self._writer.to_bytes()


def solved_on(plan: SupplyPlan) -> str:
    """« scénario « … », version 2, calculé le 24 nov. 2026 »."""
    day = format_date(plan.solved_at.date()) if plan.solved_at else ""
    return f"scénario « {plan.scenario} », version {plan.scenario_version}, calculé le {day}"


def kilos(value: float) -> str:
    """« 12,5 kg »; whole above a hundred."""
    return f"{format_number(value, 0 if value >= 100 else 1)} kg"


def rounded(value: float) -> str:
    """Kilograms as told outside the team: to the nearest 5, never to zero."""
    near = STEP * round(value / STEP)
    return f"moins de {STEP} kg" if value < STEP else f"{format_number(near)} kg"


def euros(value: float | None) -> str:
    """« 3,20 € »; « inconnu »."""
    return "inconnu" if value is None else f"{format_number(value, 2)} €"
