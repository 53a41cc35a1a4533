"""The page saves itself while somebody uses it: no press is lost, and the focus stays."""

from collections.abc import Callable

import pytest

from restanque.surveys import links
from restanque.surveys.models import Invitation
from tests.journeys.answering import NEXT, answer
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person(visitor: Callable[..., Visitor], invitation: Invitation) -> Visitor:
    """On the first page, with an answer just given: the page is about to save itself."""
    person = visitor()
    person.open(f"{links.personal_path(invitation)}page/restauration/")
    answer(person.page, "a_cantine", "non")
    return person


def test_a_button_held_down_while_the_page_is_saved_keeps_its_click(person: Visitor) -> None:
    place = person.page.locator(NEXT).bounding_box()
    assert place is not None
    person.page.mouse.move(place["x"] + 10, place["y"] + 10)
    person.page.mouse.down()
    person.page.wait_for_timeout(1500)  # slow fingers
    with person.page.expect_navigation():
        person.page.mouse.up()
    person.inspect()


def test_a_button_that_has_the_focus_keeps_it_when_the_page_is_saved(person: Visitor) -> None:
    person.page.locator(NEXT).focus()
    person.page.get_by_text("questions s’ajoutent").wait_for()
    assert person.page.locator(f"{NEXT}:focus").count() == 1
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    assert person.title == "Tout est prêt"
