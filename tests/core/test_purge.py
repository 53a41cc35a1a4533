"""What is erased on its date, and what stays."""

import datetime as dt

import pytest
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.core import notices, purge, upkeep
from restanque.core.models import (
    ImportRow,
    ImportRun,
    Notification,
    OutgoingMessage,
    Purpose,
    RunStatus,
)
from tests.core.messages import queue

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_codes_are_erased_after_a_day_and_other_messages_stay(workspace: Workspace) -> None:
    queue(None, purpose=Purpose.ACCOUNT)
    kept = queue(workspace)

    assert upkeep.erase_codes(in_days(1)) == 0
    assert upkeep.erase_codes(in_days(2)) == 1
    assert list(OutgoingMessage.objects.all()) == [kept]


def test_texts_are_erased_after_a_year_and_the_trace_stays(workspace: Workspace) -> None:
    message = queue(workspace, html="<p>Bonjour</p>", list_unsubscribe_url="https://x.fr/s")

    assert upkeep.erase_bodies(in_days(365)) == 0
    assert upkeep.erase_bodies(in_days(367)) == 1
    assert upkeep.erase_bodies(in_days(367)) == 0
    message.refresh_from_db()
    assert (message.text, message.html, message.headers) == ("", "", {})
    assert message.to_email == "mairie@arles.fr"


def test_rows_of_old_imports_are_erased_and_their_counts_stay(workspace: Workspace) -> None:
    run = ImportRun.objects.create(
        workspace=workspace,
        kind="essai",
        file_name="a.csv",
        sha256="0" * 64,
        create_count=1,
        status=RunStatus.APPLIED,
        applied_at=timezone.now(),
    )
    ImportRow.objects.create(run=run, number=2, action="create", cells=["mairie@arles.fr"])

    assert upkeep.erase_import_rows(in_days(180)) == 0
    assert upkeep.erase_import_rows(in_days(182)) == 1
    run.refresh_from_db()
    assert run.create_count == 1
    assert run.rows_erased_at is not None


def test_imports_that_nobody_confirmed_are_forgotten(workspace: Workspace) -> None:
    ImportRun.objects.create(workspace=workspace, kind="essai", file_name="a.csv", sha256="0" * 64)

    assert upkeep.erase_previews(in_days(30)) == 0
    assert upkeep.erase_previews(in_days(32)) == 1


def test_old_notices_are_erased(bob: Membership) -> None:
    notices.notify(membership=bob, text="Prêt")

    assert upkeep.erase_notices(in_days(92)) == 1
    assert not Notification.objects.exists()


def test_a_purger_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(today: dt.date) -> int:
        raise RuntimeError

    monkeypatch.setattr(purge, "_purgers", {})
    purge.register("a", fail)
    purge.register("b", lambda today: 3)

    assert purge.run_purgers() == {"b": 3}
