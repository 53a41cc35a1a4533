"""A report made by hand, with one block of each kind."""

import datetime as dt

from shapely import box

from restanque.kit import charts, maps
from restanque.kit.interval_charts import Span, interval_bars
from restanque.surveys.report import tables
from restanque.surveys.report.parts import (
    Answer,
    Answers,
    Audience,
    Box,
    Bullets,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Picture,
    Report,
    Section,
    Slide,
    Table,
)

MADE_AT = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def chart(*, fictitious: bool = False) -> charts.ChartPanel:
    """Two shares with their intervals."""
    spans = [
        Span("Boulanger artisan", 74.2, 66.9, 80.1, 57),
        Span("Supermarché", 8.7, 5.0, 14.8, 57),
    ]
    return charts.ChartPanel(
        name="fournisseurs",
        title="À qui les communes achètent",
        chart=interval_bars(spans, category="Fournisseur", value="Part", unit="%", maximum=100),
        n="57 communes",
        source="enquête d’essai",
        date=MADE_AT.date(),
        description="Les trois quarts achètent à un artisan.",
        fictitious=fictitious,
    )


def ground(*, fictitious: bool = False) -> maps.MapPanel:
    """Two areas."""
    return maps.MapPanel(
        name="participation",
        title="Qui a répondu",
        features=[
            maps.Feature("a", "Secteur A", box(4, 43, 5, 44), "yes", "60 %"),
            maps.Feature("b", "Secteur B", box(5, 43, 6, 44), "no"),
        ],
        classes=[maps.MapClass("yes", "A répondu", "fait"), maps.MapClass("no", "Non", "attente")],
        n="2 secteurs",
        source="enquête d’essai",
        date=MADE_AT.date(),
        fictitious=fictitious,
    )


def report(*, fictitious: bool = False) -> Report:
    """One of everything; text that markup could break."""
    picture, drawn = Picture(chart(fictitious=fictitious)), Picture(ground(fictitious=fictitious))
    figures = KeyFigures(
        (KeyFigure("3 550", "kg par jour", "pain acheté", "entre 3 120 et 4 110 ; n = 53"),)
    )
    rows = tuple((f"Groupe <{rank}> & #strong[_]", str(rank)) for rank in range(60))
    opening = Section(
        "essentiel",
        "L’essentiel",
        (
            Answers((Answer("Combien ?", "Environ 3 550 kg.", "53 communes."),)),
            Paragraph("Un *texte* avec #commande, $x$ et <b>balise</b>."),
            picture,
        ),
    )
    rest = Section(
        "suite",
        "La suite",
        (
            Paragraph("La réponse d’abord.", lead=True),
            figures,
            drawn,
            Table("Beaucoup de lignes", ("Groupe", "Nombre"), rows, (1,), "Source : essai."),
            Box("Méthode", (("Population", "121 communes."), ("", "Une phrase seule."))),
            Bullets(("Une limite.", "Une autre.")),
        ),
    )
    annex = Section(
        "annexes", "Annexes", (tables.of_panel(picture.figure), tables.of_panel(drawn.figure))
    )
    slides = (
        Slide(
            "Un message", picture, "n = 57.", "Ce qu’on dit.\nBoulanger artisan | 74 | 67 | 80 | 57"
        ),
        Slide("Des chiffres", figures, "n = 53.", "Ce qu’on dit."),
        Slide("Une carte", drawn, "n = 2.", "Ce qu’on dit.", ("À côté.",)),
    )
    return Report(
        title="Le pain & la farine",
        subtitle="Un sous-titre.",
        author="Équipe",
        made_at=MADE_AT,
        audience=Audience.TEAM,
        fictitious=fictitious,
        opening=opening,
        sections=(rest, annex),
        slides=slides,
    )
