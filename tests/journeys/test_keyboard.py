"""Without a mouse: the focus is always seen, goes through everything in order, and suffices."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.surveys import links
from restanque.surveys.models import Campaign, Invitation, Response
from tests.journeys.answering import settle
from tests.journeys.conftest import PHONE, Visitor, plain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The element that has the focus, whether a person sees it, and its rank among those of the page.
FOCUSED = """() => {
  const el = document.activeElement;
  if (!el || el === document.body) return null;
  const style = getComputedStyle(el), box = el.getBoundingClientRect();
  const marked = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== "none"
    || (el.tagName === "path" && parseFloat(style.strokeWidth) >= 3);
  const inside = box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0
    && box.top < innerHeight && box.left < innerWidth;
  const within = (value, most) => Math.min(Math.max(value, 0), most - 1);
  const at = document.elementFromPoint(
    within(box.left + box.width / 2, innerWidth),
    within(box.top + Math.min(box.height / 2, 20), innerHeight));
  // A commune's middle may lie outside of it, or under its name.
  const uncovered = el.tagName === "path"
    || (at && (el.contains(at) || at.contains(el) || at.closest("label")));
  const words = el.getAttribute("aria-label") || el.labels?.[0]?.textContent || el.textContent;
  return {
    words, kind: el.tagName === "INPUT" ? el.type : el.tagName.toLowerCase(),
    unseen: [!marked && "no mark", !inside && "out of sight", !uncovered && "covered"]
      .filter(Boolean).join(", "),
    rank: Number(el.dataset.rank || 0), html: el.outerHTML.slice(0, 160),
  };
}"""
# Rank what can take the focus, in the order of reading; one stop a group of radio buttons.
RANK = """() => {
  const all = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
  const groups = new Set();
  let rank = 0;
  for (const el of all) {
    if (el.disabled || el.hidden || !el.checkVisibility({visibilityProperty: true})) continue;
    if (el.type === "radio") {
      const key = `${el.form?.id} ${el.name}`;
      const chosen = document.querySelector(`input[type=radio][name="${el.name}"]:checked`);
      if (groups.has(key) || (chosen && chosen !== el)) continue;
      groups.add(key);
    }
    el.dataset.rank = String(++rank);
  }
  return rank;
}"""


class Keys:
    """Somebody whose mouse is out of order."""

    def __init__(self, person: Visitor) -> None:
        self.person, self.page = person, person.page

    @property
    def focused(self) -> dict[str, Any]:
        """What has the focus, which must be in sight; nothing, once past the end of the page."""
        found: dict[str, Any] | None = self.page.evaluate(FOCUSED)
        if found is None:
            return {"words": "", "kind": "", "rank": 0}
        assert not found["unseen"], f"{found['unseen']}: {found['html']} at {self.page.url}"
        return {**found, "words": plain(found["words"])}

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def tab_to(self, words: str, *, kind: str = "") -> None:
        """Tab forward until the element of these words."""
        for _ in range(400):
            self.press("Tab")
            here = self.focused
            if re.fullmatch(words, here["words"]) and kind in ("", here["kind"]):
                return
        raise AssertionError(f"« {words} » is not reached from the keyboard at {self.page.url}")

    def enter(self, words: str) -> None:
        """Tab to a link or a button, press Enter, and inspect where it leads."""
        self.tab_to(words)
        with self.page.expect_navigation():
            self.press("Enter")
        self.person.inspect()

    def walk(self) -> None:
        """From the top, Tab reaches everything, once, in the order of reading."""
        self.page.reload()
        self.page.wait_for_load_state("networkidle")
        count = self.page.evaluate(RANK)
        self.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        ranks = []
        for _ in range(count):
            self.press("Tab")
            ranks.append(self.focused["rank"])
        assert ranks == list(range(1, count + 1)), f"{ranks} at {self.page.url}"


def test_the_team_s_pages_are_used_without_a_mouse(
    visitor: Callable[..., Visitor],
    campaign: Campaign,
    alice: Membership,
    mailbox: Callable[[], list[str]],
) -> None:
    person = visitor()
    person.open("/")
    keys = Keys(person)
    keys.tab_to("E-mail")
    person.page.keyboard.type("alice@example.org")
    with person.page.expect_navigation():
        keys.press("Enter")
    code = re.search(r"Restanque : (\S+)", plain(mailbox()[-1]))
    assert code is not None
    keys.tab_to("Code.*")
    person.page.keyboard.type(code[1])
    with person.page.expect_navigation():
        keys.press("Enter")

    keys.press("Tab")
    assert keys.focused["words"] == "Aller au contenu"
    keys.enter("Enquêtes")
    keys.walk()
    keys.enter(campaign.name)
    keys.walk()
    # The map is one stop; arrows go from a commune to the next, Enter opens it.
    keys.tab_to("Arles : .*")
    keys.press("ArrowRight")
    assert keys.focused["words"].startswith("Eyragues")
    with person.page.expect_navigation():
        keys.press("Enter")
    assert person.title == "Eyragues"


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE])
def test_an_answer_is_given_without_a_mouse(
    visitor: Callable[..., Visitor], invitation: Invitation, viewport: dict[str, int]
) -> None:
    person = visitor(viewport=viewport)
    person.open(links.personal_path(invitation))
    keys = Keys(person)
    keys.walk()
    person.open(links.personal_path(invitation))
    keys.enter("Commencer")
    keys.walk()
    keys.tab_to("Oui", kind="radio")
    keys.press("Space")
    person.page.get_by_text("questions s’ajoutent").wait_for()
    keys.press("ArrowDown")
    person.page.get_by_label("Non", exact=True).and_(person.page.locator(":checked")).wait_for()
    settle(person)
    keys.enter("Continuer")
    while person.title != "Tout est prêt":
        keys.enter("Continuer|Relire avant d’envoyer")
    keys.walk()
    keys.enter("Envoyer mes réponses")
    assert person.title == "Merci, votre réponse est envoyée"
    assert Response.objects.get(invitation=invitation).status == "submitted"


def test_a_list_is_sorted_from_the_keyboard_on_a_narrow_screen(
    visitor: Callable[..., Visitor], campaign: Campaign, alice: Membership
) -> None:
    person = visitor(viewport=PHONE)
    person.enter(alice)
    person.open(reverse("directory:organisations"))
    keys = Keys(person)
    keys.tab_to("Commune")
    keys.press("Enter")
    person.page.wait_for_url("**sort=**")
    assert person.page.locator("th[aria-sort]").count() == 1
    person.inspect()
