"""Files of a questionnaire: asked for by its form, joined to a draft, pinned with the version."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from restanque.accounts.models import Membership, Workspace
from restanque.surveys import media
from restanque.surveys.definitions import form_of
from restanque.surveys.models import Questionnaire, QuestionnaireVersion
from restanque.surveys.services import media as files
from restanque.surveys.services import questionnaires
from restanque.surveys.services.questionnaires import PublicationError
from tests.conftest import client_of
from tests.surveys.all_types import ALL_TYPES, COMMUNES_CSV, PNG

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


@pytest.fixture
def questionnaire(workspace: Workspace) -> Questionnaire:
    return questionnaires.create_questionnaire(workspace=workspace, title="Tous les types")


@pytest.fixture
def draft(questionnaire: Questionnaire) -> QuestionnaireVersion:
    return add(questionnaire)


def add(questionnaire: Questionnaire, text: str = ALL_TYPES) -> QuestionnaireVersion:
    return questionnaires.add_version(
        questionnaire=questionnaire, data=text.encode(), filename="tous.md"
    )


def join(version: QuestionnaireVersion, name: str, data: bytes) -> None:
    files.join_media(version=version, upload=SimpleUploadedFile(name, data))


def states(version: QuestionnaireVersion) -> dict[str, bool]:
    return {one.name: one.file is not None for one in media.wanted_files(version)}


def test_the_form_says_what_it_wants(draft: QuestionnaireVersion) -> None:
    assert states(draft) == {"communes.csv": False, "four.png": False, "plan.png": False}
    assert media.missing_data(draft) == ["communes.csv"]


def test_a_missing_list_forbids_publishing_a_missing_picture_does_not(
    draft: QuestionnaireVersion,
) -> None:
    with pytest.raises(PublicationError, match=r"communes\.csv"):
        questionnaires.publish_version(version=draft)
    join(draft, "Communes.CSV", COMMUNES_CSV)
    assert states(draft)["communes.csv"]
    questionnaires.publish_version(version=draft)
    assert draft.is_published


def test_the_joined_list_is_what_the_form_reads_and_replacing_it_is_seen_at_once(
    draft: QuestionnaireVersion,
) -> None:
    path = "/data/choix/commune"
    assert form_of(draft).all_choices(path) == ()
    join(draft, "communes.csv", COMMUNES_CSV)
    assert [one.label for one in form_of(draft).all_choices(path)] == [
        "Arles", "Eyragues", "Tarascon",
    ]  # fmt: skip
    join(draft, "communes.csv", b"name;label;epci\n13066;Noves;Terre de Provence\n")
    fresh = QuestionnaireVersion.objects.get(pk=draft.pk)
    assert [one.label for one in form_of(fresh).all_choices(path)] == ["Noves"]
    files.remove_media(version=draft, name="communes.csv")
    assert draft.media_sha256 == ""
    assert form_of(draft).all_choices(path) == ()


def test_a_joined_file_is_kept_to_the_byte(draft: QuestionnaireVersion) -> None:
    join(draft, "plan.png", PNG)
    (file,) = draft.media_files
    assert bytes(file.content) == PNG
    assert file.md5 == hashlib.md5(PNG, usedforsecurity=False).hexdigest()
    assert file.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (file.size, file.content_type) == (len(PNG), "image/png")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("autre.png", PNG, "ne demande pas"),
        ("plan.png", JPEG, "ne correspond pas"),
        ("plan.png", b"", "vide"),
        ("communes.csv", b"\0\1\2", "ne correspond pas"),
        ("communes.csv", b"name,label\n" + b"a," + b"b" * 6_000_000, "la limite est de"),
        ("plan.exe", b"MZ", "type accepté"),
    ],
)
def test_what_cannot_be_joined_is_refused_with_a_sentence(
    draft: QuestionnaireVersion, name: str, data: bytes, said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        join(draft, name, data)
    assert not draft.media_files


def test_a_published_version_keeps_its_files(draft: QuestionnaireVersion) -> None:
    join(draft, "communes.csv", COMMUNES_CSV)
    questionnaires.publish_version(version=draft)
    with pytest.raises(ValidationError, match="publiée"):
        join(draft, "communes.csv", COMMUNES_CSV)
    with pytest.raises(ValidationError, match="publiée"):
        files.remove_media(version=draft, name="communes.csv")
    assert [file.name for file in draft.media_files] == ["communes.csv"]


def test_a_new_deposit_takes_over_the_files_that_it_still_wants(
    questionnaire: Questionnaire, draft: QuestionnaireVersion
) -> None:
    join(draft, "communes.csv", COMMUNES_CSV)
    join(draft, "plan.png", PNG)
    questionnaires.publish_version(version=draft)
    second = add(questionnaire, ALL_TYPES.replace("plan.png", "carte.png"))
    assert states(second) == {"communes.csv": True, "four.png": False, "carte.png": False}
    join(second, "four.png", PNG)
    third = add(questionnaire)
    assert states(third) == {"communes.csv": True, "four.png": True, "plan.png": True}
    assert states(QuestionnaireVersion.objects.get(pk=draft.pk)) == {
        "communes.csv": True, "four.png": False, "plan.png": True,
    }  # fmt: skip


def test_the_team_joins_files_on_the_version_s_page(
    alice: Membership, draft: QuestionnaireVersion
) -> None:
    client = client_of(alice)
    page = reverse("surveys:version", args=[draft.pk])
    shown = client.get(page).content.decode()
    assert "Il manque une liste" in shown
    address = reverse("surveys:version-media", args=[draft.pk])
    uploads = [
        SimpleUploadedFile("communes.csv", COMMUNES_CSV),
        SimpleUploadedFile("plan.png", PNG),
        SimpleUploadedFile("autre.png", PNG),
    ]
    shown = client.post(address, {"action": "join", "files": uploads}, follow=True).content.decode()
    assert "2 fichiers joints" in shown.replace("\u00a0", " ")
    assert "ne demande pas de fichier" in shown
    assert "Il manque une liste" not in shown
    picture = client.get(reverse("surveys:version-file", args=[draft.pk, "plan.png"]))
    assert (picture.content, picture["Content-Type"]) == (PNG, "image/png")
    preview = client.get(reverse("surveys:version-preview", args=[draft.pk])).content.decode()
    assert "joints/plan.png?v=" in preview
    client.post(address, {"action": "remove:plan.png"})
    assert [file.name for file in draft.media_files] == ["communes.csv"]
    shown = client.post(address, {"action": "join"}, follow=True).content.decode()
    assert "Choisissez d’abord" in shown


def test_readers_and_strangers_join_nothing(
    remi: Membership, charlie: Membership, draft: QuestionnaireVersion
) -> None:
    address = reverse("surveys:version-media", args=[draft.pk])
    for who, status in ((remi, 403), (charlie, 404)):
        upload = SimpleUploadedFile("plan.png", PNG)
        answer = client_of(who).post(address, {"action": "join", "files": [upload]})
        assert answer.status_code == status
    file = reverse("surveys:version-file", args=[draft.pk, "plan.png"])
    assert client_of(charlie).get(file).status_code == 404
    assert not draft.media_files
