"""After its date a campaign keeps its figures and forgets its persons."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from restanque.surveys.models import Comment, Invitation, Response, ResponseRevision
from restanque.surveys.services import answers, invitations
from restanque.surveys.services.purging import purge_expired
from tests.surveys.test_respondent_safety import answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(invitation: Invitation) -> Invitation:
    answered(invitation)
    answers.save_answers(
        invitation=invitation,
        values={"/data/fin_/libre": "Voir Mme X", "/data/fin_/accord": "OK",
                "/data/fin_/mel": "x@example.org"},
    )  # fmt: skip
    invitations.mark_sent(invitation=invitation, at=timezone.now(), recipients=["x@example.org"])
    assert answers.submit(invitation=invitation).accepted
    Comment.objects.create(invitation=invitation, text="Rappeler M. Y")
    return invitation


def test_nothing_is_erased_before_the_date(sent: Invitation) -> None:
    assert purge_expired(sent.campaign.purge_on) == 0
    assert "x@example.org" in Response.objects.get().instance


def test_persons_are_erased_figures_kept(sent: Invitation, other_invitation: Invitation) -> None:
    answered(other_invitation)
    assert purge_expired(sent.campaign.purge_on + timedelta(days=1)) == 1
    response = Response.objects.get(invitation=sent)
    for kept in (response.instance, response.submitted_xml, str(response.flat)):
        assert "x@example.org" not in kept
        assert "Mme X" not in kept
    assert response.flat["/data/cantine/repas"] == "120"
    assert response.flat["/data/pain/four[1]/nom"] == "Fournil"
    sent.refresh_from_db()
    assert sent.recipients == []
    assert not ResponseRevision.objects.exists()
    assert not Comment.objects.exists()
    assert not Response.objects.filter(invitation=other_invitation).exists()
    assert purge_expired(date(2040, 1, 1)) == 0
