"""Questionnaires: deposit, lint, preview, publish, print; who may."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from restanque.accounts.models import Membership, Workspace
from restanque.surveys import shipped
from restanque.surveys.models import Questionnaire, QuestionnaireVersion, Response
from restanque.surveys.services import questionnaires
from restanque.surveys.services.questionnaires import PublicationError
from tests.conftest import client_of
from tests.surveys import forms
from tests.surveys.pages import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire(workspace: Workspace) -> Questionnaire:
    return questionnaires.create_questionnaire(workspace=workspace, title="Éclairer l’achat")


def add(questionnaire: Questionnaire, text: str = forms.SURVEY) -> QuestionnaireVersion:
    return questionnaires.add_version(
        questionnaire=questionnaire, data=forms.source(text), filename="essai.md"
    )


def test_a_faulty_file_is_kept_as_a_draft_with_its_report(questionnaire: Questionnaire) -> None:
    version = add(questionnaire, forms.BROKEN)
    assert not version.is_published
    (error, *_) = version.errors
    assert (error["sheet"], error["row"], error["column"]) == ("survey", 2, "relevant")
    with pytest.raises(PublicationError):
        questionnaires.publish_version(version=version)


def test_what_is_no_workbook_is_reported_not_raised(questionnaire: Questionnaire) -> None:
    version = questionnaires.add_version(
        questionnaire=questionnaire, data=b"\x00\x01 not a file", filename="x.xlsx"
    )
    assert version.errors
    assert version.xform == ""


def test_a_draft_replaces_the_draft_and_a_published_version_never_changes(
    questionnaire: Questionnaire,
) -> None:
    first = add(questionnaire)
    questionnaires.publish_version(version=first)
    second = add(questionnaire)
    third = add(questionnaire)
    assert [v.number for v in questionnaire.versions.order_by("number")] == [1, 2]
    assert third.number == 2
    assert not QuestionnaireVersion.objects.filter(pk=second.pk).exists()
    for act in (questionnaires.publish_version, questionnaires.discard_draft):
        with pytest.raises(PublicationError):
            act(version=QuestionnaireVersion.objects.get(pk=first.pk))


def test_the_shipped_questionnaire_installs_once(workspace: Workspace) -> None:
    first = questionnaires.install_shipped_questionnaire(workspace=workspace)
    again = questionnaires.install_shipped_questionnaire(workspace=workspace)
    assert first == again
    assert first.is_published
    assert first.errors == []
    assert first.question_count > 40
    assert first.facts["/data/restauration/a_cantine"] == "canteen.has_canteen"
    assert Questionnaire.objects.count() == 1


def test_deposit_read_the_report_mend_publish(
    questionnaire: Questionnaire, bob: Membership
) -> None:
    browser = Browser(
        reverse("surveys:questionnaire-upload", args=[questionnaire.pk]), client_of(bob)
    )
    browser.attach("file", "essai.csv", b"a;b\n1;2\n")
    browser.press(None)
    assert "à corriger" in browser.text
    version = questionnaire.versions.get()
    assert browser.soup.find("button", {"value": "publish"}) is None

    browser.open(reverse("surveys:questionnaire-upload", args=[questionnaire.pk]))
    browser.attach("file", shipped.SHORT_EXAMPLE, shipped.read(shipped.SHORT_EXAMPLE))
    browser.press(None)
    assert "prête à publier" in browser.text
    browser.press("publish")
    assert "publiée" in browser.text
    assert questionnaire.versions.get().is_published
    assert not QuestionnaireVersion.objects.filter(pk=version.pk).exists()


def test_the_report_names_sheet_row_and_mend(questionnaire: Questionnaire, bob: Membership) -> None:
    version = add(questionnaire, forms.BROKEN)
    text = Browser(reverse("surveys:version", args=[version.pk]), client_of(bob)).text
    assert "feuille survey, ligne 2, colonne relevant" in text
    assert "Corrigez le nom" in text


@pytest.mark.parametrize("name", ["tableau.ods", "image.png", "vide.xlsx"])
def test_a_file_of_another_kind_is_refused_in_words(
    questionnaire: Questionnaire, bob: Membership, name: str
) -> None:
    content = b"" if name == "vide.xlsx" else b"\x89PNG\r\n"
    response = client_of(bob).post(
        reverse("surveys:questionnaire-upload", args=[questionnaire.pk]),
        {"file": SimpleUploadedFile(name, content)},
    )
    assert response.status_code == 422
    assert not questionnaire.versions.exists()


def test_the_preview_plays_the_form_and_keeps_nothing(
    version: QuestionnaireVersion, remi: Membership
) -> None:
    browser = Browser(reverse("surveys:version-preview", args=[version.pk]), client_of(remi))
    browser.press("next")
    assert browser.soup.select(".rq-question-erreur")
    browser.choose("/data/cantine/a_cantine", "oui")
    browser.press("next")
    assert "s’ajoute" in browser.text
    browser.fill("/data/cantine/repas", "12")
    browser.press("next")
    assert "Le pain" in browser.title
    browser.press("add:/data/pain/four")
    assert browser.field("/data/pain/four[2]/nom") is not None
    browser.press("prev")
    assert browser.value("/data/cantine/repas") == "12"
    assert Response.objects.count() == 0


def test_a_forged_draft_in_the_preview_is_refused(
    version: QuestionnaireVersion, alice: Membership
) -> None:
    client = client_of(alice)
    path = reverse("surveys:version-preview", args=[version.pk])
    for draft in ("<x/>", "not xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><data id='court'>&b;</data>"):
        assert client.post(path, {"draft": draft}).status_code == 404


def test_the_paper_version_says_conditions_in_words(
    version: QuestionnaireVersion, remi: Membership
) -> None:
    browser = Browser(reverse("surveys:version-print", args=[version.pk]), client_of(remi))
    assert "la réponse à la question 1 est «\u00a0Oui\u00a0»" in browser.text
    assert "Si la réponse à la question 1" in browser.text
    assert "Kilos par jour" in browser.text
    pdf = browser.client.get(reverse("surveys:version-pdf", args=[version.pk]))
    assert pdf.content.startswith(b"%PDF-")


def test_a_condition_that_cannot_be_said_reads_well(
    questionnaire: Questionnaire, bob: Membership
) -> None:
    source = forms.source().replace(b"${accord} = 'OK'", b"string-length(${accord}) > 1")
    version = questionnaires.add_version(
        questionnaire=questionnaire, data=source, filename="court.md"
    )
    for name in ("version", "version-print"):
        text = Browser(reverse(f"surveys:{name}", args=[version.pk]), client_of(bob)).text
        assert "selon vos réponses précédentes" in text.lower()
        assert "si selon" not in text.lower()


def test_the_source_template_and_example_download(
    version: QuestionnaireVersion, remi: Membership
) -> None:
    client = client_of(remi)
    source = client.get(reverse("surveys:version-source", args=[version.pk]))
    assert source.content == forms.source()
    for name in ("template", "example"):
        assert client.get(reverse(f"surveys:{name}")).content.startswith(b"PK")


def test_archiving_takes_it_out_and_back(questionnaire: Questionnaire, bob: Membership) -> None:
    browser = Browser(reverse("surveys:questionnaire", args=[questionnaire.pk]), client_of(bob))
    browser.press("archive")
    assert not Questionnaire.objects.current().exists()
    browser.press("restore")
    assert Questionnaire.objects.current().exists()


READ = ["questionnaires", "template", "example"]
READ_ONE = ["questionnaire"]
READ_VERSION = ["version", "version-preview", "version-print", "version-pdf", "version-source"]
WRITE = ["questionnaire-create"]
WRITE_ONE = ["questionnaire-upload", "questionnaire-edit"]


def addresses(version: QuestionnaireVersion, names: list[str]) -> list[str]:
    def args(name: str) -> list[Any]:
        if name in READ + WRITE:
            return []
        return [version.pk] if name.startswith("version") else [version.questionnaire_id]

    return [reverse(f"surveys:{name}", args=args(name)) for name in names]


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        (None, 302, 302),
        ("alice", 200, 200),
        ("bob", 200, 200),
        ("remi", 200, 403),
        ("paula", 403, 403),
        ("charlie", 404, 404),
    ],
)
def test_who_may_read_and_write(
    request: pytest.FixtureRequest,
    version: QuestionnaireVersion,
    who: str | None,
    reads: int,
    writes: int,
) -> None:
    client = client_of(request.getfixturevalue(who) if who else None)
    for path in addresses(version, READ_ONE + READ_VERSION):
        assert client.get(path).status_code == reads, path
    for path in addresses(version, WRITE_ONE):
        assert client.get(path).status_code == writes, path
    general = 200 if who == "charlie" else reads
    for path in addresses(version, READ):
        assert client.get(path).status_code == general, path
    publish = reverse("surveys:version-publish", args=[version.pk])
    assert client.post(publish, {"action": "publish"}).status_code == (
        302 if writes == 200 else writes
    )


def test_the_list_is_the_workspace_s_own(
    version: QuestionnaireVersion, alice: Membership, charlie: Membership
) -> None:
    path = reverse("surveys:questionnaires")
    assert "Le pain, court" in client_of(alice).get(path).content.decode()
    assert "Le pain, court" not in client_of(charlie).get(path).content.decode()
    assert "Le pain, court" in client_of(alice).get(path + "?q=PAIN").content.decode()


def test_installing_the_shipped_one_from_the_page(bob: Membership) -> None:
    browser = Browser(reverse("surveys:questionnaire-create"), client_of(bob))
    assert "Installer ce questionnaire" in browser.text
    client = client_of(bob)
    assert client.post(reverse("surveys:questionnaire-install"), follow=True).status_code == 200
    assert QuestionnaireVersion.objects.get().is_published
