"""Whether a baker suits a canteen: its wish, its days and hours."""

from datetime import time

import pytest

from restanque.supply.matching import unfit
from restanque.supply.models import BakeryOffer, Need


@pytest.mark.parametrize(
    ("need", "offer", "words"),
    [
        ({}, {}, ""),
        ({"supplier_id": 1}, {"willing": False, "organisation_id": 1}, ""),
        ({"supplier_id": 2}, {"willing": False, "organisation_id": 1}, "Ne souhaite pas"),
        ({"supplier_id": 2}, {"willing": None, "organisation_id": 1}, ""),
        ({"delivery_days": ["lundi"]}, {}, ""),
        ({}, {"closing_days": ["lundi"]}, ""),
        ({"delivery_days": ["lundi"]}, {"closing_days": ["lundi"]}, "Fermée le lundi"),
        ({"delivery_days": ["lundi"]}, {"closing_days": ["mardi"]}, ""),
        (
            {"delivery_days": ["lundi", "mardi"]},
            {"delivery_days": ["mardi"]},
            "Ne livre pas le lundi",
        ),
        ({"delivery_until": time(9)}, {"delivery_from": time(10)}, "trop tard"),
        ({"delivery_until": time(9)}, {"delivery_from": time(9)}, "trop tard"),
        ({"delivery_until": time(9)}, {"delivery_from": time(7)}, ""),
        ({"delivery_from": time(9)}, {"delivery_until": time(8)}, "avant l’ouverture"),
    ],
)
def test_days_and_hours(need: dict[str, object], offer: dict[str, object], words: str) -> None:
    why = unfit(Need(**need), BakeryOffer(**offer))
    assert words in why
    assert bool(why) == bool(words)
