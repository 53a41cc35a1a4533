"""What the holder of a link, or a colleague, could do with an answer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.core.models import OutgoingMessage
from restanque.core.purge import run_purgers
from restanque.surveys import links
from restanque.surveys.models import Campaign, Comment, Invitation, Response
from restanque.surveys.services import answers
from tests.conftest import client_of
from tests.surveys.answering import fill, send

pytestmark = pytest.mark.django_db
BILL = "/data/pain/facture"


def page(invitation: Invitation, key: str) -> str:
    return reverse("respondent:page", args=[links.slug_of(invitation), key])


def test_a_refused_flood_leaves_no_file_on_the_disk(
    client: Client, invitation: Invitation, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    fill(invitation, a_cantine="oui", repas="80")
    monkeypatch.setattr(answers, "SAVES_PER_MINUTE", 1)
    bill = SimpleUploadedFile("facture.pdf", b"%PDF-1.4 x")
    answer = client.post(page(invitation, "pain"), {BILL: bill, "action": "save"})
    assert answer.status_code == 429
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_saves_of_a_day_are_bounded(
    client: Client, invitation: Invitation, monkeypatch: Any
) -> None:
    response = fill(invitation, a_cantine="oui", repas="80")
    # Long ago in minutes, not in days.
    response.revisions.update(at=timezone.now() - timedelta(hours=2))
    monkeypatch.setattr(answers, "SAVES_PER_DAY", 1)
    answer = client.post(
        page(invitation, "cantine"), {"/data/cantine/repas": "90", "action": "save"}
    )
    assert answer.status_code == 429
    response.revisions.update(at=timezone.now() - timedelta(hours=25))
    answer = client.post(
        page(invitation, "cantine"), {"/data/cantine/repas": "90", "action": "save"}
    )
    assert answer.status_code == 302


def test_a_colleague_s_address_is_forgotten(client: Client, invitation: Invitation) -> None:
    handover = reverse("respondent:handover", args=[links.slug_of(invitation)])
    client.post(handover, {"address": "collegue@example.org"})
    there = OutgoingMessage.objects.filter(to_email="collegue@example.org")
    assert there.exists()
    run_purgers(timezone.localdate() + timedelta(days=89))
    assert there.exists()
    run_purgers(timezone.localdate() + timedelta(days=92))
    assert not there.exists()


@pytest.mark.parametrize("typed", ["9" * 400, "1e308", "999999999999999999999"])
def test_an_enormous_quantity_is_never_sent(invitation: Invitation, typed: str) -> None:
    with pytest.raises(AssertionError, match="kg"):
        send(invitation, kg=typed)
    assert Response.objects.get().is_draft


def test_a_nul_in_a_comment_or_a_correction_is_dropped(
    alice: Membership, campaign: Campaign, invitation: Invitation
) -> None:
    send(invitation, libre="bon pain")
    agent, where = client_of(alice), [campaign.pk, invitation.pk]
    agent.post(reverse("surveys:review-comment", args=where), {"text": "à\0 rappeler"})
    answer = agent.post(
        reverse("surveys:review-correct", args=where),
        {"path": "/data/fin_/libre", "value": "très\0 bon pain"},
    )
    assert answer.status_code == 302
    said = " ".join(comment.text for comment in Comment.objects.all())
    assert "à rappeler" in said
    assert "très bon pain" in said
    assert "\0" not in said
