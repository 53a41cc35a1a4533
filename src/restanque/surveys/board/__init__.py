"""What the board of a campaign shows: counts, groups, key figures, map, activity."""

from restanque.surveys.board.counts import (
    Bar,
    Moment,
    S,
    bars_by_epci,
    bars_by_size,
    bars_by_zone,
    board_invitations,
    count_states,
    recent_activity,
    state_of,
    wall_words,
    walls,
)
from restanque.surveys.board.figures import KeyFigure, key_figures
from restanque.surveys.board.map import epci_outlines, map_panel, named_places

__all__ = [
    "Bar",
    "KeyFigure",
    "Moment",
    "S",
    "bars_by_epci",
    "bars_by_size",
    "bars_by_zone",
    "board_invitations",
    "count_states",
    "epci_outlines",
    "key_figures",
    "map_panel",
    "named_places",
    "recent_activity",
    "state_of",
    "wall_words",
    "walls",
]
