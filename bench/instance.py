"""A throw-away instance with a campaign, and the real server in front of it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random


def prepare() -> Path:
    """A new data folder, used by this process from now on; call before any Django import."""
    folder = Path(tempfile.mkdtemp(prefix="restanque-bench-"))
    os.environ["RESTANQUE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "restanque.config.settings"
    os.environ.pop("RESTANQUE_DEMO", None)
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("reference_data", "load", verbosity=0)
    return folder


def build_campaign(respondents: int) -> list[tuple[str, str, object]]:
    """An open campaign on real communes: (path of the personal link, commune code, facts)."""
    from datetime import timedelta

    from django.utils import timezone

    from restanque.accounts.services import create_workspace
    from restanque.directory.models import Organisation
    from restanque.directory.services import populate_town_halls
    from restanque.portal.demo.campaign import commune_facts
    from restanque.surveys.links import personal_path
    from restanque.surveys.models import Invitation
    from restanque.surveys.services import campaigns, invitations, questionnaires
    from restanque.territories.models import Commune
    from restanque.territories.services import create_territory

    today = timezone.localdate()
    codes = Commune.objects.filter(departement__in=("13", "84", "83")).order_by("code")
    workspace = create_workspace(name="Mesure")
    territory = create_territory(
        workspace=workspace,
        name="Mesure",
        kind="pat",
        valid_from=today,
        commune_codes=list(codes.values_list("code", flat=True)[:respondents]),
    )
    populate_town_halls(workspace=workspace, territory=territory)
    campaign = campaigns.create_campaign(
        territory=territory,
        version=questionnaires.install_shipped_questionnaire(workspace=workspace),
        name="Mesure",
        opens_on=today,
        closes_on=today + timedelta(days=30),
        purge_on=today + timedelta(days=60),
        sender_name="Mesure",
        reply_to="mesure@example.org",
        purpose="Mesurer.",
    )
    mairies = Organisation.objects.filter(workspace=workspace).order_by("pk")
    invitations.add_invitations(campaign=campaign, organisations=mairies)
    campaigns.open_campaign(campaign=campaign)
    sent = Invitation.objects.filter(campaign=campaign).order_by("pk")
    return [
        (
            personal_path(invitation),
            str(invitation.organisation.commune_id),
            commune_facts(invitation.organisation.commune),
        )
        for invitation in sent.select_related("organisation__commune__statistics")
    ]


def typed_answers(people: list[tuple[str, str, object]], seed: int = 1) -> list[dict[str, str]]:
    """What each respondent will type, question by question, from the demo's generator."""
    from django.utils import timezone

    from restanque.portal.demo.answers import Respondent
    from restanque.portal.demo.profiles import draw_profile
    from restanque.surveys.models import QuestionnaireVersion
    from restanque.surveys.sessions import session_on

    version = QuestionnaireVersion.objects.get()
    now = timezone.now()
    typed = []
    for _, code, facts in people:
        rng = Random(f"{seed}:{code}")
        respondent = Respondent(facts, draw_profile(facts, rng), rng, now.date())
        respondent.fill(session_on(version, instance=None, seed=1, now=now))
        typed.append({path: text for page in respondent.typed for path, text in page.items()})
    return typed


@contextmanager
def server(port: int, *, threads: int = 8) -> Iterator[subprocess.Popen[bytes]]:
    """The product's own server, in its own process group, stopped at the end."""
    process = start_server(port, threads=threads)
    try:
        yield process
    finally:
        stop(process, signal.SIGTERM)


def start_server(port: int, *, threads: int = 8) -> subprocess.Popen[bytes]:
    """Start `restanque serve` and wait for its first answer."""
    command = [sys.executable, "-m", "restanque", "serve", "--port", str(port)]
    command += ["--threads", str(threads), "--no-worker"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=2) as answer:
                if answer.status == 200:
                    return process
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start within a minute")


def stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Signal the whole process group, then wait for it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    process.wait(timeout=60)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
