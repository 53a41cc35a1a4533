"""Pages of the room: what they show, what they do, to whom they refuse."""

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.services import create_workspace
from restanque.core import mail, notices, periodic, saved_views
from restanque.core.imports import registry, services
from restanque.core.jobs import services as jobs
from restanque.core.mail.delivery import LEASE
from restanque.core.models import (
    ImportRun,
    Job,
    JobStatus,
    MailSuppression,
    MessageStatus,
    Notification,
    OutgoingMessage,
    Purpose,
    RunStatus,
    SavedView,
    SuppressionReason,
)
from restanque.kit import tabular
from tests.conftest import client_of
from tests.core import work
from tests.core.importer import AddressImporter
from tests.core.messages import queue
from tests.core.test_imports import GOOD, MIXED
from tests.core.test_imports import preview as preview_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    """The tests' importer, files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(registry, "_importers", {})
    registry.register(AddressImporter())
    work.seen.clear()
    work.at_step.clear()


def text_of(response: Any) -> str:
    assert response.status_code in (200, 422), response.status_code
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def job_of(member: Membership) -> Job:
    job = jobs.start_job(
        workspace=member.workspace,
        kind="essai",
        label="Compter",
        task=work.count_to,
        arguments={"total": 2},
        requested_by=member.user,
    )
    jobs.perform(job.pk)
    job.refresh_from_db()
    return job


# Who may reach what ------------------------------------------------------------------------------


@pytest.fixture
def things(workspace: Workspace, alice: Membership, bob: Membership) -> dict[str, int]:
    """One of each thing in Alice's workspace: the message, job and import are Bob's."""
    run = preview_of(workspace, user=bob.user)
    view = saved_views.save_view(
        membership=bob, list_key="core:outbox", name="Retenus", query="status=held", shared=True
    )
    return {
        "message": queue(workspace).pk,
        "job": job_of(bob).pk,
        "run": run.pk,
        "view": view.pk,
        "notice": notices.notify(membership=bob, text="Prêt", url="/travaux/").pk,
    }


# Path (the braces are a thing's key), method, and the status for: Alice administrator, Bob agent,
# Rémi reader, Paula partner, Charlie administrator elsewhere.
MATRIX = [
    ("/messages/", "get", (200, 200, 403, 403, 200)),
    ("/messages/{message}/", "get", (200, 200, 403, 403, 404)),
    ("/messages/essai/", "post", (302, 302, 403, 403, 302)),
    ("/messages/retenus/", "get", (302, 403, 403, 403, 302)),
    ("/messages/ecartees/", "get", (200, 200, 403, 403, 200)),
    ("/messages/{message}/annuler/", "post", (302, 302, 403, 403, 404)),
    ("/messages/{message}/envoyer/", "post", (302, 403, 403, 403, 404)),
    ("/travaux/", "get", (200, 200, 200, 403, 200)),
    ("/travaux/{job}/", "get", (200, 200, 404, 403, 404)),
    ("/travaux/{job}/arreter/", "post", (302, 302, 404, 403, 404)),
    ("/travaux/{job}/resultat/", "get", (200, 200, 404, 403, 404)),
    ("/imports/", "get", (200, 200, 403, 403, 200)),
    ("/imports/nouveau/addresses/", "get", (200, 200, 403, 403, 200)),
    ("/imports/nouveau/inconnu/", "get", (404, 404, 403, 403, 404)),
    ("/imports/modele/addresses/", "get", (200, 200, 403, 403, 200)),
    ("/imports/{run}/", "get", (200, 200, 403, 403, 404)),
    ("/imports/{run}/importer/", "post", (302, 302, 403, 403, 404)),
    ("/imports/{run}/defaire/", "post", (302, 302, 403, 403, 404)),
    ("/imports/{run}/rapport/", "get", (200, 200, 403, 403, 404)),
    ("/vues/", "post", (302, 302, 302, 302, 302)),
    ("/vues/{view}/supprimer/", "post", (302, 302, 404, 404, 404)),
    ("/avis/{notice}/lu/", "post", (404, 302, 404, 404, 404)),
]
PEOPLE = ("alice", "bob", "remi", "paula", "charlie")


@pytest.mark.parametrize(("path", "method", "expected"), MATRIX)
@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_reaches_what_their_role_allows(
    things: dict[str, int],
    request: pytest.FixtureRequest,
    person: str,
    path: str,
    method: str,
    expected: tuple[int, ...],
) -> None:
    client = client_of(request.getfixturevalue(person))

    response = getattr(client, method)(path.format(**things))
    response.close()

    assert response.status_code == expected[PEOPLE.index(person)]


@pytest.mark.parametrize(("path", "method", "expected"), MATRIX)
def test_nobody_comes_in_without_signing_in(
    things: dict[str, int], client: Client, path: str, method: str, expected: tuple[int, ...]
) -> None:
    response = getattr(client, method)(path.format(**things))

    assert response.status_code in (302, 405)
    if response.status_code == 302:
        assert response["Location"].startswith("/connexion/")


def test_the_matrix_holds_every_page_of_the_room() -> None:
    from restanque.core.urls import urlpatterns

    shapes = {
        path.format(message="#", job="#", run="#", view="#", notice="#") for path, _, _ in MATRIX
    }
    for pattern in urlpatterns:
        route = "/" + str(pattern.pattern).replace("<int:pk>", "#").replace(
            "<slug:kind>", "addresses"
        )
        assert route in shapes


@pytest.mark.parametrize(
    "path",
    [
        "/messages/essai/",
        "/messages/{message}/annuler/",
        "/messages/{message}/envoyer/",
        "/travaux/{job}/arreter/",
        "/imports/{run}/importer/",
        "/imports/{run}/defaire/",
        "/vues/",
        "/vues/{view}/supprimer/",
        "/avis/{notice}/lu/",
    ],
)
def test_following_a_link_changes_nothing(
    things: dict[str, int], alice: Membership, path: str
) -> None:
    assert client_of(alice).get(path.format(**things)).status_code == 405


def test_lists_show_only_the_workspace(
    things: dict[str, int], charlie: Membership, alice: Membership
) -> None:
    for path, here in (
        ("/messages/", "mairie@arles.fr"),
        ("/travaux/", "Compter"),
        ("/imports/", "adresses.csv"),
    ):
        assert here in text_of(client_of(alice).get(path))
        assert here not in text_of(client_of(charlie).get(path))


def test_an_agent_sees_only_their_own_jobs(alice: Membership, bob: Membership) -> None:
    job = job_of(alice)

    assert client_of(bob).get(f"/travaux/{job.pk}/").status_code == 404
    assert "Compter" not in text_of(client_of(bob).get("/travaux/"))


# Outbox ------------------------------------------------------------------------------------------


def test_the_outbox_says_why_nothing_leaves_and_what_to_do(
    workspace: Workspace, bob: Membership
) -> None:
    queue(workspace)
    text = text_of(client_of(bob).get("/messages/"))

    assert "aucun serveur d’envoi n’est configuré" in text
    assert "RESTANQUE_EMAIL_URL" in text
    assert "1 retenu." in text.replace("\u00a0", " ")


def test_the_outbox_says_that_the_server_does_not_answer(bob: Membership, settings: Any) -> None:
    settings.EMAIL_DELIVERY = True
    with periodic.hold(LEASE, span=dt.timedelta(minutes=1)):
        periodic.note_error(LEASE, "Le serveur d’envoi ne répond pas.")

    text = text_of(client_of(bob).get("/messages/"))

    assert "Le serveur d’envoi ne répond pas." in text
    assert "RESTANQUE_EMAIL_URL" not in text


def test_the_outbox_is_searched_and_filtered(workspace: Workspace, bob: Membership) -> None:
    queue(workspace, to_email="mairie@arles.fr", to_name="Mairie d’Épeigné")
    queue(workspace, to_email="mairie@fos.fr", purpose=Purpose.RECEIPT)

    found = text_of(client_of(bob).get("/messages/?q=epeigne"))
    assert "mairie@arles.fr" in found
    assert "mairie@fos.fr" not in found
    assert "mairie@arles.fr" not in text_of(client_of(bob).get("/messages/?purpose=receipt"))


def test_a_trial_goes_to_oneself_and_says_that_it_is_held(alice: Membership) -> None:
    response = client_of(alice).post("/messages/essai/", follow=True)
    trial = OutgoingMessage.objects.get()

    assert (trial.to_email, trial.status) == (alice.user.email, MessageStatus.HELD)
    assert "L’essai est retenu. Aucun serveur d’envoi n’est configuré." in text_of(response)


def test_a_message_page_shows_the_text_without_the_personal_link(
    workspace: Workspace, bob: Membership
) -> None:
    mail.register_marks("secret", lambda key: {"lien": "https://exemple.fr/r/jeton"})
    message = queue(workspace, text="Voici : ⟦lien⟧", subject_key="secret:1")

    text = text_of(client_of(bob).get(f"/messages/{message.pk}/"))

    assert "Voici : [lien : ajouté à l’envoi]" in text
    assert "jeton" not in text


def test_a_sign_in_code_is_shown_in_the_demonstration_only(
    alice: Membership, bob: Membership, settings: Any
) -> None:
    message = queue(
        None, to_email=bob.user.email, text="Votre code : 123456", purpose=Purpose.ACCOUNT
    )
    page = f"/messages/{message.pk}/"

    hidden = text_of(client_of(alice).get(page))
    assert "123456" not in hidden
    assert "code d’accès : il n’est pas montré" in hidden
    assert client_of(bob).get(page).status_code == 404  # codes are the administrators' matter

    settings.DEMO = True
    assert "123456" in text_of(client_of(alice).get(page))


def test_codes_of_people_from_elsewhere_are_not_listed(
    alice: Membership, charlie: Membership
) -> None:
    message = queue(None, to_email=charlie.user.email, purpose=Purpose.ACCOUNT)

    assert client_of(alice).get(f"/messages/{message.pk}/").status_code == 404
    assert client_of(charlie).get(f"/messages/{message.pk}/").status_code == 200


def test_held_messages_leave_only_once_their_number_is_typed(
    workspace: Workspace, alice: Membership, settings: Any
) -> None:
    queue(workspace)
    queue(workspace, to_email="mairie@fos.fr")
    fictitious = queue(workspace, fictitious=True)
    settings.EMAIL_DELIVERY = True
    client = client_of(alice)

    assert "2 messages" in text_of(client.get("/messages/retenus/")).replace("\u00a0", " ")
    assert client.post("/messages/retenus/", {"count": "3"}).status_code == 422
    assert OutgoingMessage.objects.filter(status=MessageStatus.QUEUED).count() == 0

    client.post("/messages/retenus/", {"count": "2"})
    fictitious.refresh_from_db()
    assert OutgoingMessage.objects.filter(status=MessageStatus.QUEUED).count() == 2
    assert fictitious.status == MessageStatus.HELD


def test_several_messages_are_cancelled_at_once(workspace: Workspace, bob: Membership) -> None:
    first, second = queue(workspace), queue(workspace)

    client_of(bob).post("/messages/", {"action": "cancel", "selected": [first.pk]})
    first.refresh_from_db()
    second.refresh_from_db()

    assert (first.status, second.status) == (MessageStatus.CANCELLED, MessageStatus.HELD)


def test_an_objection_is_lifted_by_administrators_only(
    workspace: Workspace, alice: Membership, bob: Membership
) -> None:
    mail.suppress_address(
        workspace=workspace, email="mairie@arles.fr", reason=SuppressionReason.OBJECTED
    )
    row = MailSuppression.objects.get()
    data = {"action": "lift", "selected": [row.pk]}

    assert client_of(bob).post("/messages/ecartees/", data).status_code == 403
    assert client_of(alice).post("/messages/ecartees/", data).status_code == 302
    assert not mail.is_suppressed(workspace, "mairie@arles.fr")


def test_invented_data_are_marked_on_every_page(db: None) -> None:
    from restanque.accounts.models import Role
    from restanque.accounts.services import add_member

    demo = create_workspace(name="Démonstration", fictitious=True)
    member = add_member(
        workspace=demo, email="demo@example.org", role=Role.ADMINISTRATOR, fictitious=True
    )
    client = client_of(member)
    message, run, job = queue(demo), preview_of(demo, user=member.user), job_of(member)

    for path in (
        "/messages/",
        f"/messages/{message.pk}/",
        "/messages/ecartees/",
        "/imports/",
        f"/imports/{run.pk}/",
        "/travaux/",
        f"/travaux/{job.pk}/",
    ):
        assert "Données fictives" in text_of(client.get(path)), path
    report = client.get(f"/imports/{run.pk}/rapport/")
    with zipfile.ZipFile(io.BytesIO(report.content)) as workbook:
        assert "Données fictives" in workbook.read("xl/sharedStrings.xml").decode()


# Jobs --------------------------------------------------------------------------------------------


def test_a_job_page_refreshes_itself_until_the_end(bob: Membership) -> None:
    job = job_of(bob)
    Job.objects.update(status=JobStatus.RUNNING, done_count=1, finished_at=None, result_file="")
    client, page = client_of(bob), f"/travaux/{job.pk}/"
    htmx = {"HX-Request": "true", "HX-Target": "avancement"}

    def progress_of(response: Any) -> Any:
        soup = BeautifulSoup(response.content, "html.parser")
        for token in soup.find_all("input", {"name": "csrfmiddlewaretoken"}):
            token.decompose()  # masked anew at each answer
        return soup.find(id="avancement")

    whole, fragment = progress_of(client.get(page)), progress_of(client.get(page, headers=htmx))
    assert whole is not None
    assert whole["hx-get"] == page
    assert "1 sur 2 (50\u00a0%)" in whole.get_text()
    assert str(whole) == str(fragment)

    Job.objects.update(status=JobStatus.DONE, finished_at=timezone.now())
    ended = client.get(page, headers={**htmx, "HX-Current-URL": f"http://testserver{page}"})
    assert "hx-get" not in ended.content.decode()
    assert "HX-Refresh" not in ended.headers
    inside = client.get(page, headers={**htmx, "HX-Current-URL": "http://testserver/imports/1/"})
    assert inside["HX-Refresh"] == "true"


def test_a_result_is_downloaded_under_its_name(bob: Membership) -> None:
    job = job_of(bob)
    response = client_of(bob).get(f"/travaux/{job.pk}/resultat/")

    assert b"".join(response.streaming_content) == b"a;b\r\n1;2\r\n"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_job_is_stopped_from_its_page(bob: Membership) -> None:
    job = jobs.start_job(
        workspace=bob.workspace,
        kind="essai",
        label="Compter",
        task=work.count_to,
        arguments={"total": 2},
        requested_by=bob.user,
    )

    client_of(bob).post(f"/travaux/{job.pk}/arreter/")
    job.refresh_from_db()

    assert job.status == JobStatus.CANCELLED


# Imports -----------------------------------------------------------------------------------------


def upload(text: str, name: str = "adresses.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def test_from_the_upload_to_the_undoing(workspace: Workspace, bob: Membership) -> None:
    client = client_of(bob)
    page = client.post("/imports/nouveau/addresses/", {"file": upload(MIXED)}, follow=True)
    run = ImportRun.objects.get()
    text = text_of(page).replace("\u00a0", " ")

    assert page.redirect_chain == [(f"/imports/{run.pk}/", 302)]
    assert "Importer 2 lignes, laisser 3 lignes à corriger" in text
    assert "« pas une adresse »" in text
    assert not MailSuppression.objects.exists()

    client.post(f"/imports/{run.pk}/importer/")
    run.refresh_from_db()
    assert (run.status, run.created_by) == (RunStatus.APPLIED, bob.user)
    assert MailSuppression.objects.filter(workspace=workspace).count() == 2

    client.post(f"/imports/{run.pk}/defaire/")
    assert not MailSuppression.objects.exists()


def test_a_file_given_again_is_said_to_be_known(workspace: Workspace, bob: Membership) -> None:
    run = preview_of(workspace)
    services.claim_run(run=run)
    services.apply_claimed(run=run, user=bob.user)

    page = client_of(bob).post("/imports/nouveau/addresses/", {"file": upload(GOOD)}, follow=True)

    assert "Ce même fichier a déjà été importé" in text_of(page)
    assert "Ce fichier n’apprend rien de nouveau" in text_of(page)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("adresses.csv", "", "est vide"),
        ("adresses.exe", GOOD, "n’est pas d’un type accepté"),
        ("adresses.xlsx", GOOD, "ne correspond pas à un fichier .xlsx"),
        (
            "adresses.csv",
            "Raison\nretirée par l’équipe\n",
            "La colonne obligatoire « Adresse » manque",
        ),
    ],
)
def test_a_wrong_file_comes_back_with_its_reason(
    bob: Membership, name: str, text: str, said: str
) -> None:
    response = client_of(bob).post("/imports/nouveau/addresses/", {"file": upload(text, name)})

    assert response.status_code == 422
    assert said in text_of(response)
    assert not ImportRun.objects.exists()


def test_rows_are_narrowed_to_those_to_correct(workspace: Workspace, bob: Membership) -> None:
    run = preview_of(workspace, MIXED)
    page = client_of(bob).get(f"/imports/{run.pk}/?effet=error")
    soup = BeautifulSoup(page.content, "html.parser")

    assert [cell.get_text() for cell in soup.select("tbody th")] == ["3", "4", "5"]


def test_the_template_is_what_the_import_reads(bob: Membership) -> None:
    response = client_of(bob).get("/imports/modele/addresses/")
    table = tabular.read_table(response.content, "modele.xlsx", sheet="Adresses à écarter")

    assert table.headers == ("Adresse", "Raison", "Rang")


def test_an_undoing_that_would_lose_work_is_refused_with_the_row(
    workspace: Workspace, bob: Membership
) -> None:
    run = preview_of(workspace)
    services.claim_run(run=run)
    services.apply_claimed(run=run, user=bob.user)
    MailSuppression.objects.filter(email="b@exemple.fr").update(reason="objected")

    page = client_of(bob).post(f"/imports/{run.pk}/defaire/", follow=True)

    assert "Ligne 3 (b@exemple.fr) : modifiée depuis l’import." in text_of(page)
    assert MailSuppression.objects.count() == 2


# Saved views and notices -------------------------------------------------------------------------


def test_a_view_is_saved_from_a_list_and_offered_there(
    workspace: Workspace, alice: Membership, bob: Membership
) -> None:
    queue(workspace)
    data = {"list_key": "core:outbox", "name": "Retenus", "query": "status=held&page=3"}
    data |= {"shared": "on", "next": "/messages/"}

    response = client_of(bob).post("/vues/", data)

    assert response["Location"] == "/messages/?status=held"
    assert "Retenus" in text_of(client_of(alice).get("/messages/"))


def test_the_filters_kept_are_those_of_the_address_bar(bob: Membership) -> None:
    data = {"list_key": "core:outbox", "name": "Partis", "query": "", "next": "/messages/"}

    client_of(bob).post(
        "/vues/", data, headers={"Referer": "http://testserver/messages/?status=sent"}
    )

    assert SavedView.objects.get().query == "status=sent"


def test_a_private_view_is_not_shown_to_others(
    workspace: Workspace, alice: Membership, bob: Membership
) -> None:
    queue(workspace)
    saved_views.save_view(membership=bob, list_key="core:outbox", name="À moi", query="")

    assert "À moi" in text_of(client_of(bob).get("/messages/"))
    assert "À moi" not in text_of(client_of(alice).get("/messages/"))


def test_a_reader_cannot_share_a_view(remi: Membership) -> None:
    view = saved_views.save_view(
        membership=remi, list_key="core:jobs", name="Fini", query="", shared=True
    )

    assert view.shared is False


def test_saving_never_leads_to_another_site(bob: Membership) -> None:
    data = {"list_key": "core:outbox", "name": "X", "next": "https://ailleurs.example/"}

    assert client_of(bob).post("/vues/", data)["Location"] == "/"


def test_a_notice_is_read_once_opened(bob: Membership) -> None:
    notice = notices.notify(membership=bob, text="L’export est prêt", url="/travaux/")
    assert list(notices.unread_notifications(bob)) == [notice]

    response = client_of(bob).post(f"/avis/{notice.pk}/lu/")

    assert response["Location"] == "/travaux/"
    assert list(notices.unread_notifications(bob)) == []
    assert Notification.objects.get().read_at is not None
