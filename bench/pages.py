"""Server time of the main pages, as a ratio to an empty page of the same stack, in one run."""

import os
import statistics
import time

from bench import instance

ROUNDS = int(os.environ.get("RESTANQUE_BENCH_ROUNDS", "30"))
# The bound that fails the check: a page may cost this many empty pages.
BOUND = 40.0


def main() -> int:
    """1 when a page costs more than the bound."""
    instance.prepare()
    from django.conf import settings
    from django.test import Client

    from restanque.portal.demo.build import build_demo

    build_demo()
    settings.ROOT_URLCONF = "bench.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    member, pages = chosen_pages()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    empty = measure(client, "/vide/")
    print(f"{'page':<34}{'median ms':>10}{'× empty page':>14}")
    print(f"{'empty page':<34}{empty:>10.1f}{1.0:>14.1f}")
    worst = 0.0
    for name, url in pages:
        spent = measure(client, url)
        worst = max(worst, spent / empty)
        print(f"{name:<34}{spent:>10.1f}{spent / empty:>14.1f}")
    return 1 if worst > BOUND else 0


def chosen_pages() -> tuple:
    """A member of the demo, and the pages that people open most."""
    from django.urls import reverse

    from restanque.accounts.models import Membership, Role
    from restanque.surveys.links import personal_path
    from restanque.surveys.models import Campaign, Invitation

    campaign = Campaign.objects.get()
    member = Membership.objects.get(role=Role.ADMINISTRATOR)
    begun = Invitation.objects.filter(campaign=campaign, response__status="draft").order_by("pk")
    link = personal_path(begun[0])
    territory = campaign.territory_id
    return member, [
        ("home", reverse("portal:home")),
        ("campaign board (wall, map, table)", reverse("surveys:campaign", args=[campaign.pk])),
        ("territory map, 121 communes", reverse("territories:detail", args=[territory])),
        ("communes list", reverse("territories:communes", args=[territory])),
        ("directory list", reverse("directory:organisations")),
        ("fiche commune, Arles", reverse("portal:commune", args=["13004"])),
        ("respondent: welcome", link),
        ("respondent: page of questions", f"{link}page/restauration/"),
        ("respondent: review", f"{link}relire/"),
    ]


def measure(client: object, url: str) -> float:
    """Median milliseconds of a GET, the first ones (caches) left out."""
    spent = []
    for _ in range(ROUNDS + 3):
        began = time.perf_counter()
        response = client.get(url)
        spent.append((time.perf_counter() - began) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{url}: {response.status_code}")
    return statistics.median(spent[3:])
