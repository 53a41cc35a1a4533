"""The picture of a budget: planned, committed and paid by year."""

from __future__ import annotations

from typing import Any

from restanque.kit import palette
from restanque.kit.charts import ChartPanel, alt
from restanque.kit.text import NO_BREAK_SPACE, plural
from restanque.work.budget.reading import BudgetReading

SERIES = ("prévu", "engagé", "payé")
_COLOURS = (palette.STONE, palette.OCHRE, palette.OLIVE)


def years_panel(reading: BudgetReading) -> ChartPanel | None:
    """Three bars a year; None when no year has anything."""
    years = reading.years
    if not years:
        return None
    return ChartPanel(
        name="annees",
        title="Prévu, engagé, payé par année",
        chart=_grouped(reading),
        headers=("Année", "Prévu (€ TTC)", "Engagé (€ TTC)", "Facturé (€ TTC)", "Payé (€ TTC)"),
        rows=[
            (str(year), sums.planned, sums.committed, sums.invoiced, sums.paid)
            for year, sums in years.items()
        ],
        n=_count(reading),
        source="saisies de l’équipe",
        date=reading.today,
        description="Pour chaque année, trois barres : ce qui était prévu, ce qui a été engagé, ce "
        "qui a été payé, toutes taxes comprises.",
        fictitious=reading.is_fictitious,
    )


def _count(reading: BudgetReading) -> str:
    parts = [
        plural(len(reading.lines), "ligne"),
        plural(len(reading.commitments), "engagement"),
        plural(len(reading.invoices), "facture"),
    ]
    return ", ".join(parts)


def _grouped(reading: BudgetReading) -> Any:
    records = [
        {"y": str(year), "s": name, "v": float(value), "o": rank}
        for year, sums in reading.years.items()
        for rank, (name, value) in enumerate(
            zip(SERIES, (sums.planned, sums.committed, sums.paid), strict=True)
        )
        if value is not None
    ]
    scale = alt.Scale(domain=list(SERIES), range=list(_COLOURS))
    return (
        alt.Chart(alt.Data(values=records))
        .mark_bar(stroke=palette.INK, strokeWidth=0.5)
        .encode(
            x=alt.X("y:N", title=None, axis=alt.Axis(labelAngle=0, grid=False)),
            xOffset=alt.XOffset("s:N", sort=list(SERIES)),
            y=alt.Y(
                "v:Q",
                title=f"€{NO_BREAK_SPACE}TTC",
                axis=alt.Axis(tickCount=5, format="~s" if _large(records) else ",.0f"),
            ),
            color=alt.Color("s:N", sort=list(SERIES), scale=scale, title=None),
        )
        .properties(height=260)
    )


def _large(records: list[dict[str, Any]]) -> bool:
    return max((record["v"] for record in records), default=0.0) >= 1_000_000
