"""The demo's generator: seeded, plausible, and always valid for the real form engine."""

from datetime import date, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from restanque.engine.forms import Form, Session, convert_xlsform, parse_form
from restanque.portal.demo.answers import Respondent
from restanque.portal.demo.profiles import CommuneFacts, answer_probability, draw_profile
from restanque.surveys import questionnaires

NOW = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Europe/Paris"))
SHIPPED = "pain-restauration-collective.xlsx"


@pytest.fixture(scope="module")
def form() -> Form:
    """The shipped questionnaire."""
    folder = Path(next(iter(questionnaires.__path__)))
    conversion = convert_xlsform((folder / SHIPPED).read_bytes(), filename=SHIPPED)
    assert conversion.xform is not None
    return parse_form(conversion.xform)


def fill(form: Form, population: int, seed: int) -> Session:
    """A fictitious commune's complete answer."""
    rng = Random(seed)
    facts = CommuneFacts("13004", "Arles", population, round(population * 0.22))
    session = Session(form, now=NOW, seed=seed)
    Respondent(facts, draw_profile(facts, rng), rng, NOW.date()).fill(session)
    return session


@pytest.mark.parametrize("population", [120, 900, 6_000, 50_000, 870_000])
def test_every_answer_can_be_submitted(form: Form, population: int) -> None:
    for seed in range(6):
        assert fill(form, population, seed).validate() == []


def test_the_same_seed_gives_the_same_answers(form: Form) -> None:
    assert fill(form, 6_000, 5).flat() == fill(form, 6_000, 5).flat()
    assert fill(form, 6_000, 5).flat() != fill(form, 6_000, 6).flat()


def test_no_address_can_reach_anybody(form: Form) -> None:
    addresses = [
        text
        for seed in range(12)
        for path, text in fill(form, 9_000, seed).flat().items()
        if path.endswith("contact_courriel")
    ]
    assert addresses
    assert all(address.endswith("@example.org") for address in addresses)


def test_larger_communes_answer_more_and_serve_more(form: Form) -> None:
    shares = [answer_probability(people) for people in (300, 2_000, 8_000, 60_000)]
    assert shares == sorted(shares)
    small, large = (
        draw_profile(CommuneFacts("1", "x", people, people // 5), Random(1)).meals
        for people in (800, 40_000)
    )
    assert large > 10 * small


def test_dates_typed_are_after_today(form: Form) -> None:
    ends = [
        text
        for seed in range(20)
        for path, text in fill(form, 12_000, seed).flat().items()
        if path.endswith("fin_date")
    ]
    assert ends
    assert all(date.fromisoformat(text) > NOW.date() for text in ends)
