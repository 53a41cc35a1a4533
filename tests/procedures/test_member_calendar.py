"""The statutory dates in the calendar of a member, and the tasks on a procedure's page."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.procedures.models import Procedure
from restanque.procedures.nomenclature import ProofKind
from restanque.procedures.services import facts, procedures
from restanque.work.calendars import CalendarDate, dates_of
from restanque.work.services.tasks import create_task
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def dates(member: Membership) -> list[CalendarDate]:
    found = dates_of(member, timezone.localdate())
    return [one for one in found if one.uid.startswith("procedure/")]


@pytest.fixture
def running(revision: Procedure) -> Procedure:
    """A clock runs: the prefect and the region have two months to answer."""
    facts.record_fact(
        procedure=revision,
        step="information-pcaet",
        happened_on=timezone.localdate() - timedelta(days=30),
        proof_kind=ProofKind.RECEIPT,
        proof_reference="AR 7",
    )
    return revision


def test_a_running_clock_is_in_the_calendar_of_who_covers_the_territory(
    running: Procedure, bob: Membership, paula: Membership, charlie: Membership
) -> None:
    found = dates(bob)
    assert found
    assert all("Révision" in one.title for one in found)
    assert all("art. " in one.description for one in found)
    assert all("Si ce n’est pas fait" in one.description for one in found)
    assert len({one.uid for one in found}) == len(found)
    assert {one.path for one in found} == {running.get_absolute_url()}
    assert dates(paula) == dates(charlie) == []


def test_an_archived_procedure_leaves_the_calendar(running: Procedure, bob: Membership) -> None:
    procedures.archive_procedure(procedure=running, archived=True)
    assert dates(bob) == []


def test_the_page_of_a_procedure_shows_its_tasks(
    revision: Procedure, workspace: Workspace, bob: Membership, remi: Membership
) -> None:
    url = revision.get_absolute_url()
    create_task(workspace=workspace, title="Relire", subject_path=url, subject_label="Révision")
    for member, may_add in ((bob, True), (remi, False)):
        page = BeautifulSoup(client_of(member).get(url).content, "html.parser")
        panel = page.select_one("#taches")
        assert panel is not None
        assert "Relire" in panel.get_text()
        assert bool(panel.select(f"a[href*='territoire={revision.territory_id}']")) == may_add
