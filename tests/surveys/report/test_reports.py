"""A report is made, read by the team, published on purpose, withdrawn."""

import io
import zipfile
from typing import Any

import docx
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from restanque.accounts.models import Membership
from restanque.core.models import Job
from restanque.kit.documents import default_template
from restanque.surveys.models import Campaign, Publication, Report, ReportTemplate
from restanque.surveys.services import reports
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def private(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def report(asked: Campaign, alice: Membership, private: None) -> Report:
    """Of eleven answers, two cells and a silent city."""
    return reports.make_report(campaign=asked, by=alice.user, now=timezone.localtime())


def public_url(publication: Publication) -> str:
    return reverse("publications:report", args=[publication.slug])


def test_a_report_counts_the_answers_it_reads(report: Report) -> None:
    assert report.answers == 11
    assert report.page.count("<h2") >= 3
    with report.pdf.open() as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
    text = " ".join("".join(one.extract_text() for one in pages).split())
    assert "11 communes sur 21 ont répondu (52 %)" in text
    assert "Grande-Ville n’a pas répondu" in text
    assert "kg par jour" in text


def test_the_public_page_names_no_commune_and_no_few(report: Report) -> None:
    assert "Commune 139" not in report.page
    assert "Mairie de" not in report.page


def test_without_answers_there_is_no_report(
    campaign: Campaign, alice: Membership, private: None
) -> None:
    with pytest.raises(reports.ReportRefusedError, match="rien à rapporter"):
        reports.make_report(campaign=campaign, by=alice.user, now=timezone.now())
    assert not Report.objects.exists()


def test_the_job_makes_it_and_shows_its_steps(
    asked: Campaign, alice: Membership, private: None
) -> None:
    from restanque.core.jobs.services import perform

    job = reports.start_report(campaign=asked, by=alice.user)
    perform(job.pk)
    done = Job.objects.get(pk=job.pk)
    assert done.status == "done", done.error
    assert (done.done_count, done.total) == (5, 5)
    assert Report.objects.get().made_by == alice.user


def test_a_job_without_answers_says_why(
    campaign: Campaign, alice: Membership, private: None
) -> None:
    from restanque.core.jobs.services import perform

    job = reports.start_report(campaign=campaign, by=alice.user)
    perform(job.pk)
    assert "rien à rapporter" in Job.objects.get(pk=job.pk).error


def test_only_the_last_reports_are_kept_and_the_published_one(
    report: Report, alice: Membership, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr(reports, "KEPT", 1)
    reports.publish_report(report=report, by=alice.user, now=timezone.now())
    second = reports.make_report(campaign=report.campaign, by=None, now=timezone.localtime())
    with django_capture_on_commit_callbacks(execute=True):
        third = reports.make_report(campaign=report.campaign, by=None, now=timezone.localtime())
    assert set(Report.objects.all()) == {report, third}
    assert not second.word.storage.exists(str(second.word.name))
    assert third.word.storage.exists(str(third.word.name))


def test_nothing_is_public_before_somebody_publishes(report: Report, client: Client) -> None:
    assert not Publication.objects.exists()
    assert client.get("/rapports/enquete-2026/").status_code == 404


def test_publishing_is_an_act_with_its_address_kept(
    report: Report, alice: Membership, client: Client
) -> None:
    team = client_of(alice)
    url = reverse("surveys:report-publish", args=[report.campaign_id, report.pk])
    assert team.get(url).status_code == 405
    assert team.post(url).status_code == 302
    publication = Publication.objects.get()
    page = client.get(public_url(publication))
    assert page.status_code == 200
    assert "L’essentiel" in page.content.decode()
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"

    team.post(reverse("surveys:report-withdraw", args=[report.campaign_id]))
    gone = client.get(public_url(publication))
    assert gone.status_code == 410
    assert "L’essentiel" not in gone.content.decode()

    team.post(url)
    assert Publication.objects.get().slug == publication.slug
    assert client.get(public_url(publication)).status_code == 200


def test_a_public_page_takes_nothing(report: Report, alice: Membership, client: Client) -> None:
    publication = reports.publish_report(report=report, by=alice.user, now=timezone.now())
    assert client.post(public_url(publication), {"action": "retirer"}).status_code == 405
    assert Publication.objects.get().is_public


def test_the_published_page_does_not_move_with_later_answers(
    report: Report, alice: Membership, client: Client
) -> None:
    from restanque.surveys.models import Response

    publication = reports.publish_report(report=report, by=alice.user, now=timezone.now())

    def said() -> str:
        page = client.get(public_url(publication)).content.decode()
        return page[page.index("<main") : page.index("</main>")]

    before = said()
    Response.objects.filter(invitation__campaign=report.campaign).delete()
    assert said() == before


def test_a_report_of_another_campaign_cannot_be_published_there(
    report: Report, campaign: Campaign
) -> None:
    wrong = Publication(campaign=campaign, report=report, slug="essai", published_at=timezone.now())
    with pytest.raises(ValidationError, match="autre campagne"):
        wrong.full_clean()


@pytest.mark.parametrize("suffix", ["docx", "pdf", "pptx"])
def test_the_team_downloads_its_files(report: Report, alice: Membership, suffix: str) -> None:
    url = reverse("surveys:report-file", args=[report.campaign_id, report.pk, suffix])
    response: Any = client_of(alice).get(url)
    assert response.status_code == 200
    assert f".{suffix}" in response.headers["Content-Disposition"]
    assert len(b"".join(response.streaming_content)) > 10_000


def test_readers_and_others_have_none_of_it(
    report: Report, remi: Membership, charlie: Membership, bob_elsewhere: Membership
) -> None:
    pk = report.campaign_id
    for member in (remi, charlie, bob_elsewhere):
        client = client_of(member)
        for name, args in (
            ("report", [pk]),
            ("report-preview", [pk, report.pk]),
            ("report-file", [pk, report.pk, "docx"]),
            ("report-template-ours", [pk]),
        ):
            assert client.get(reverse(f"surveys:{name}", args=args)).status_code in (403, 404)
        for name, args in (("report-publish", [pk, report.pk]), ("report-withdraw", [pk])):
            assert client.post(reverse(f"surveys:{name}", args=args)).status_code in (403, 404)
    assert not Publication.objects.exists()


def test_a_report_of_a_neighbouring_campaign_is_not_found(
    report: Report, campaign: Campaign, alice: Membership
) -> None:
    url = reverse("surveys:report-preview", args=[campaign.pk, report.pk])
    assert client_of(alice).get(url).status_code == 404


def test_the_page_asks_for_a_report_and_shows_it(
    report: Report, alice: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    team = client_of(alice)
    url = reverse("surveys:report", args=[report.campaign_id])
    page = team.get(url).content.decode()
    assert reverse("surveys:report-preview", args=[report.campaign_id, report.pk]) in page
    team.post(url, {"reponses": "validees"})
    assert Job.objects.get().arguments["only_validated"] is True


def test_a_template_is_checked_kept_followed_and_given_back(
    report: Report, alice: Membership
) -> None:
    team = client_of(alice)
    url = reverse("surveys:report-template", args=[report.campaign_id])
    document = docx.Document()
    bare = io.BytesIO()
    document.save(bare)
    refused = team.post(url, {"file": SimpleUploadedFile("nu.docx", bare.getvalue())})
    assert refused.status_code == 422
    assert "Restanque chapeau" in refused.content.decode()
    assert not ReportTemplate.objects.exists()

    ours = docx.Document(io.BytesIO(default_template()))
    ours.sections[0].header.paragraphs[0].text = "En-tête de l’équipe"
    kept = io.BytesIO()
    ours.save(kept)
    assert (
        team.post(url, {"file": SimpleUploadedFile("e.docx", kept.getvalue())}).status_code == 302
    )
    made = reports.make_report(campaign=report.campaign, by=None, now=timezone.localtime())
    with made.word.open() as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        assert "En-tête de l’équipe" in archive.read("word/header1.xml").decode()

    team.post(reverse("surveys:report-template-remove", args=[report.campaign_id]))
    assert not ReportTemplate.objects.exists()
