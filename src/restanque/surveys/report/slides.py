"""The report as five slides."""

from __future__ import annotations

from restanque.kit.documents import Deck
from restanque.kit.maps import MapPanel
from restanque.surveys.report.parts import Picture, Report

# Pixels: the fewer, the larger the letters once the picture fills the slide.
_MAP, _ROW = 330, 44
# Width over height of what a slide leaves to its picture.
_RATIO = 2.4


def render(report: Report) -> bytes:
    """The file."""
    deck = Deck(
        title=report.title,
        author=report.author,
        created_at=report.made_at,
        fictitious=report.fictitious,
    )
    for slide in report.slides:
        block = slide.block
        if isinstance(block, Picture):
            rows = len(block.figure.table[1])
            width = _MAP if isinstance(block.figure, MapPanel) else int(_RATIO * (rows + 1) * _ROW)
            png = block.figure.png(max(width, _MAP), 4, captioned=False)
            deck.picture(slide.title, png, alt=block.alternative, source=slide.source,
                         notes=slide.notes, beside=slide.beside)  # fmt: skip
        else:
            items = [(f"{one.value} {one.unit}", one.label, one.detail) for one in block.items]
            deck.figures(slide.title, items, source=slide.source, notes=slide.notes)
    return deck.to_bytes()
