"""Every page of the site, opened by those who may, on a large screen, a phone, and at 400 % zoom.

The pages come from the resolver: a new one is inspected as soon as it exists. Nobody lists them.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from restanque.surveys.links import slug_of
from tests.addresses import addresses
from tests.conftest import client_of
from tests.journeys.conftest import PHONE, WIDE, Visitor
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# 1280 × 1024 at 400 % (WCAG 1.4.10).
ZOOMED = {"width": 320, "height": 256}
# Texts that their box hides, or that stand out of the window without any way to scroll to them.
CUT = """() => {
  // Drawings have their table; what one pixel holds is for screen readers.
  const SKIPPED = "svg, script, option, .leaflet-container, [class^=visually-hidden], .rq-skip";
  const clipped = (el) => {
    for (let up = el; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.position === "fixed" || style.clipPath !== "none") return false;
      const larger = up.scrollWidth > up.clientWidth + 1;
      if (larger && ["auto", "scroll"].includes(style.overflowX)) return false;
      if (larger && ["hidden", "clip"].includes(style.overflowX)) return true;
    }
    return el.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || el.closest(SKIPPED)) continue;
    if (!el.checkVisibility() || !el.getClientRects().length) continue;
    if (clipped(el)) found.push(`${el.tagName} ${walker.currentNode.data.trim().slice(0, 60)}`);
  }
  return found;
}"""


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Any) -> World:
    """One of each thing, really written: the server's threads must see it."""
    settings.MEDIA_ROOT = tmp_path
    return build_world()


def pages_of(world: World) -> Iterator[tuple[str, str]]:
    """Name and path of every address that shows a page to Alice, or to a respondent."""
    client = client_of(world.member("alice"))
    for one in addresses():
        kwargs = world.kwargs_of(one.name, one.route, list(one.parameters))
        path = reverse(one.name, kwargs=kwargs)
        response = client.get(path)
        response.close()
        if is_page(response):
            yield one.name, path
    begun, silent = world.invitations["marseille"], world.invitations["rove"]
    for name in ("review", "pause", "handover", "refuse", "no-reminder", "read"):
        yield f"{name}, begun", reverse(f"respondent:{name}", args=[slug_of(begun)])
    yield "welcome, silent", reverse("respondent:welcome", args=[slug_of(silent)])


def is_page(response: HttpResponse) -> bool:
    """Whether a person reads it: not a file, not a redirection, not a refusal."""
    return response.status_code == 200 and "html" in response.headers.get("Content-Type", "")


def test_every_page_reads_well_at_every_width(
    visitor: Callable[..., Visitor], world: World
) -> None:
    person = visitor()
    person.enter(world.member("alice"))
    pages = list(dict.fromkeys(pages_of(world)))
    assert len(pages) > 70
    faults = []
    for name, path in pages:
        for fault in faults_of(person, path):
            faults.append(f"{name} {path}: {fault}")
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)


def faults_of(person: Visitor, path: str) -> Iterator[str]:
    """What is wrong with a page, at each width."""
    person.page.set_viewport_size(WIDE)
    person.page.goto(f"{person.base}{path}")
    for viewport in (WIDE, PHONE):
        person.page.set_viewport_size(viewport)
        try:
            person.inspect()
        except AssertionError as fault:
            yield f"{viewport['width']} px: {fault}"
            person.console.clear()
    person.page.set_viewport_size(ZOOMED)
    try:
        person.check_width()
    except AssertionError as fault:
        yield f"zoomed: {fault}"
    cut = person.page.evaluate(CUT)
    if cut:
        yield f"zoomed, cut: {cut[:5]}"


@pytest.mark.parametrize("path", ["/rien/", "/enquetes/campagnes/999999/", "/r/1-faux/"])
def test_what_is_not_there_is_said_on_a_page_that_reads_well(
    visitor: Callable[..., Visitor], world: World, path: str
) -> None:
    person = visitor(viewport=PHONE)
    person.enter(world.member("alice"))
    response = person.page.goto(f"{person.base}{path}")
    assert response.status == 404
    person.console.clear()
    person.inspect()
