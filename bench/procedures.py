"""A large team's procedures: how long the pages take, and the dates of all of them.

Run: python -m bench procedures
500 procedures of every kind with 60 recorded facts each (seeded), through the whole stack. « Cold »
is the first visit of the day, when every date is computed; « warm » the following ones; « one
changed » the visit after a fact was recorded in one procedure.
"""

import statistics
import time
from datetime import timedelta
from random import Random
from typing import Any

from bench import instance
from bench.machine import percentile

SEED, PROCEDURES, FACTS, ROUNDS = 20261124, 500, 60, 30
#: Alarms, not aims: milliseconds of processor that fail the check (p95 of a page seen again; the
#: first of all). The processor's, because the machine may be shared.
WARM, COLD = 700.0, 10_000.0


def main() -> int:
    """1 when a page passes its bound."""
    instance.prepare()
    from django.conf import settings
    from django.core.cache import cache
    from django.test import Client
    from django.urls import reverse

    from restanque.procedures.near import near_dates
    from restanque.procedures.services import facts

    settings.ALLOWED_HOSTS = ["testserver"]
    member, procedures, today = build()
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    home = reverse("portal:home")
    one = procedures[0]
    timed(client, reverse("portal:legal"))  # imports, templates
    cache.clear()
    for state in ("every date computed", "known again"):
        began = time.process_time()
        found = near_dates(member, today)
        print(f"near dates, {state}: {(time.process_time() - began) * 1000:.0f} ms")
    print(f"{PROCEDURES} procedures x {FACTS} facts, {len(found)} near dates")
    cache.clear()
    cold, elapsed = timed(client, home)
    print(
        f"home, first visit of the day (every date computed): {cold:.0f} ms, waited {elapsed:.0f}"
    )
    slowest = 0.0
    pages = [
        ("home", home),
        ("list", reverse("procedures:list")),
        ("one procedure", one.get_absolute_url()),
        ("its file", reverse("procedures:dossier", args=[one.pk])),
        ("what-if", reverse("procedures:what-if", args=[one.pk])),
    ]
    for name, url in pages:
        spent, waited = zip(*(timed(client, url) for _ in range(ROUNDS)), strict=True)
        worst = percentile(list(spent), 0.95)
        slowest = max(slowest, worst)
        print(
            f"{name}: median {statistics.median(spent):.0f} ms, p95 {worst:.0f} ms, "
            f"waited p95 {percentile(list(waited), 0.95):.0f}"
        )
    facts.record_fact(
        procedure=one, step=one.engine_kind.steps[1].id, happened_on=today - timedelta(days=1)
    )
    print(f"home, after a fact in one procedure: {timed(client, home)[0]:.0f} ms")
    return 1 if slowest > WARM or cold > COLD else 0


def build() -> tuple[Any, list[Any], Any]:
    """An administrator, the procedures, today."""
    from django.utils import timezone

    from restanque.accounts.models import Membership, Role, User
    from restanque.accounts.services import create_workspace
    from restanque.engine.deadlines import kinds
    from restanque.procedures.models import ProcedureFact
    from restanque.procedures.services import procedures
    from restanque.territories.models import Commune
    from restanque.territories.services import create_territory

    draw, today = Random(SEED), timezone.localdate()
    workspace = create_workspace(name="Mesure")
    user = User.objects.create_user(email="mesure@example.org", full_name="Mesure")
    member = Membership.objects.create(user=user, workspace=workspace, role=Role.ADMINISTRATOR)
    territory = create_territory(
        workspace=workspace,
        name="Mesure",
        kind="scot",
        valid_from=today,
        commune_codes=list(Commune.objects.order_by("code").values_list("code", flat=True)[:29]),
    )
    made, rows = [], []
    for number in range(PROCEDURES):
        kind = kinds()[number % len(kinds())]
        start = today - timedelta(draw.randrange(200, 2800))
        one = procedures.create_procedure(
            territory=territory, kind=kind.id, name=f"Procédure {number}", prescribed_on=start
        )
        wished = today + timedelta(draw.randrange(1500))
        procedures.set_target(procedure=one, step=kind.approval, wished_on=wished)
        names = [step.id for step in kind.steps if step.id != kind.approval]
        days = draw.sample(range((today - start).days), FACTS)
        rows += [
            ProcedureFact(
                procedure=one,
                step=draw.choice(names),
                own_date=start + timedelta(day),
                proof_kind=draw.choice(("receipt", "")),
                law_version=one.law_version,
            )
            for day in days
        ]
        made.append(one)
    ProcedureFact.objects.bulk_create(rows, batch_size=1000)
    return member, made, today


def timed(client: Any, url: str) -> tuple[float, float]:
    """Milliseconds (of processor, waited) of a GET that must answer 200."""
    began, waited = time.process_time(), time.perf_counter()
    response = client.get(url)
    spent = (time.process_time() - began) * 1000
    assert response.status_code == 200, (url, response.status_code)
    return spent, (time.perf_counter() - waited) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
