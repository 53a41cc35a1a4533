"""Accesses that must not leak, nor be taken away by somebody else."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from restanque.accounts import services
from restanque.accounts.demo import FORWARDED, demo_allowed
from restanque.accounts.models import Membership, Role
from restanque.accounts.services import LastAdministratorError
from restanque.accounts.signin import sign_in_url
from restanque.config.logs import mask
from restanque.core import perms
from restanque.core.mail import queue_message
from restanque.core.models import Purpose
from restanque.procedures.calendars import token_of
from restanque.work import calendars as member_calendars
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def test_a_sign_in_link_is_masked_in_the_logs(alice: Membership) -> None:
    address = sign_in_url(alice.user)
    token = address.rstrip("/").rpartition("/")[2]
    assert token not in mask(f"Forbidden (CSRF cookie not set.): {address}")


def test_the_address_of_a_calendar_is_masked_in_the_logs() -> None:
    token = token_of(territory=12, generation=3)
    address = reverse("procedures:feed", args=[f"12-{token}"])
    assert token not in mask(f"Not Found: {address}")


def test_the_address_of_a_member_s_calendar_is_masked_in_the_logs() -> None:
    token = member_calendars.token_of(membership=12, generation=3)
    address = reverse("work:feed", args=[f"12-{token}"])
    assert token not in mask(f"Not Found: {address}")


@pytest.mark.parametrize("header", FORWARDED)
def test_the_demo_door_is_shut_to_whatever_a_proxy_forwards(
    rf: RequestFactory, settings: object, header: str
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    assert demo_allowed(rf.get("/"))
    assert not demo_allowed(rf.get("/", **{f"HTTP_{header}": "192.0.2.1"}))  # type: ignore[arg-type]


def test_adding_somebody_does_not_open_the_codes_of_another_team(
    alice: Membership, charlie: Membership
) -> None:
    code = queue_message(
        workspace=None,
        to_email=alice.user.email,
        subject="Votre code",
        text="ABC-DEF",
        purpose=Purpose.ACCOUNT,
    )
    assert perms.visible_messages(alice).filter(pk=code.pk).exists()
    services.add_member(workspace=charlie.workspace, email=alice.user.email, role=Role.READER)
    assert not perms.visible_messages(charlie).filter(pk=code.pk).exists()
    answer = client_of(charlie).post(reverse("core:message_cancel", args=[code.pk]))
    assert answer.status_code == 404


def test_the_last_administrator_is_not_demoted_by_being_added_again(alice: Membership) -> None:
    with pytest.raises(LastAdministratorError):
        services.add_member(workspace=alice.workspace, email=alice.user.email, role=Role.READER)
    data = {"email": alice.user.email, "full_name": "Alice", "role": "reader"}
    answer = client_of(alice).post(reverse("accounts:member_add"), data)
    assert answer.status_code == 422
    alice.refresh_from_db()
    assert alice.role == Role.ADMINISTRATOR


def test_a_new_data_folder_is_closed_to_other_users(tmp_path: Path) -> None:
    folder = tmp_path / "donnees"
    code = "import restanque.config.settings"
    environment = {"RESTANQUE_DATA_DIR": str(folder), "PATH": ""}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert folder.stat().st_mode & 0o077 == 0


def test_a_signed_in_page_is_not_kept_by_the_browser(alice: Membership) -> None:
    assert client_of(alice).get("/annuaire/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("elsewhere", ["https://mal.example/", "//mal.example/"])
def test_a_sign_in_goes_to_no_other_site(alice: Membership, elsewhere: str) -> None:
    page = client_of(alice).get(reverse("account_request_login_code"), {"next": elsewhere})
    assert page.headers["Location"] == "/"


def test_the_limits_on_codes_are_common_to_all_processes(tmp_path: Path) -> None:
    environment = {
        "RESTANQUE_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "restanque.config.settings",
        "PATH": "",
    }

    def run(code: str) -> str:
        start = "from django.core.cache import cache; "
        done = subprocess.run(
            [sys.executable, "-c", start + code], check=True, env=environment, capture_output=True
        )
        return done.stdout.decode().strip()

    run("cache.set('count', 3)")
    assert run("print(cache.get('count'))") == "3"


def test_sign_ins_leave_no_trace_that_nothing_purges(alice: Membership, client: Client) -> None:
    from axes.models import AccessLog

    client.post(f"/{sign_in_url(alice.user).partition('://')[2].partition('/')[2]}")
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert not AccessLog.objects.exists()
