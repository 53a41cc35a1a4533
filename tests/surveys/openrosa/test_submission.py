"""What is received, what is refused and how, what is kept of a faulty visit."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from restanque.accounts.models import Workspace
from restanque.surveys.models import Visit, VisitFile
from restanque.surveys.openrosa import views
from restanque.surveys.services import questionnaires
from restanque.surveys.visits import reception, rounds, visitors
from tests.surveys.openrosa.conftest import Post
from tests.surveys.visiting import Ground, basic, build_ground, photo

pytestmark = pytest.mark.django_db
PROTOCOL = {"X-OpenRosa-Version": "1.0", "X-OpenRosa-Accept-Content-Length": "20971520"}


def dressed(response: Any) -> bool:
    return all(response.headers[name] == value for name, value in PROTOCOL.items())


def test_a_visit_is_received_once(post: Post, ground: Ground) -> None:
    first, again = post(ground.xml()), post(ground.xml())
    assert (first.status_code, again.status_code) == (201, 201)
    assert b'nature="submit_success"' in first.content
    assert first["Content-Type"] == "text/xml; charset=utf-8"
    assert dressed(first)
    visit = Visit.objects.get()
    assert visit.channel == "collect"
    assert visit.visitor == ground.visitor
    assert str(visit.visited_on) == "2026-11-20"


def test_the_same_identifier_with_another_content_is_a_conflict(post: Post, ground: Ground) -> None:
    post(ground.xml())
    other = post(ground.xml({"/data/conditions/delai": "30"}))
    assert other.status_code == 409
    assert dressed(other)
    assert Visit.objects.get().flat.get("/data/conditions/delai") is None


def test_files_come_in_several_posts(post: Post, ground: Ground) -> None:
    xml = ground.xml()
    assert post(xml, {"un.jpg": photo(b"1")}, more=True).status_code == 201
    visit = Visit.objects.get()
    assert not visit.complete
    assert post(xml, {"deux.jpg": photo(b"2")}).status_code == 201
    visit.refresh_from_db()
    assert visit.complete
    assert [file.name for file in visit.files.all()] == ["un.jpg", "deux.jpg"]


def test_a_late_incomplete_post_does_not_reopen_a_complete_visit(
    post: Post, ground: Ground
) -> None:
    post(ground.xml())
    post(ground.xml(), {"un.jpg": photo()}, more=True)
    assert Visit.objects.get().complete


def test_a_faulty_visit_is_stored_with_its_faults(post: Post, ground: Ground) -> None:
    faulty = ground.xml(
        {
            "/data/fabrication/pains": "courant",
            "/data/fabrication/pain[1]/capacite": "-50",
            "/data/visite/visite_date": "",
        }
    )
    assert post(faulty).status_code == 201
    faults = {fault["path"]: fault["message"] for fault in Visit.objects.get().faults}
    assert "entre 0 et" in faults["/data/fabrication/pain[1]/capacite"]
    assert "/data/visite/visite_date" in faults


def test_a_shape_that_is_not_the_form_s_is_stored_too(post: Post, ground: Ground) -> None:
    odd = (
        b'<autre id="visite_boulangerie" version="%s"><meta><instanceID>uuid:x</instanceID></meta>'
        b"</autre>" % ground.visits.version.form_version.encode()
    )
    assert post(odd).status_code == 201
    visit = Visit.objects.get()
    assert visit.flat == {}
    assert "appartient" in visit.faults[0]["message"]


def test_an_older_version_is_received_and_pinned(
    post: Post, ground: Ground, workspace: Workspace
) -> None:
    old = ground.visits.version
    xml = ground.xml()
    newer = questionnaires.add_version(
        questionnaire=old.questionnaire, data=bytes(old.source), filename="bis.xlsx"
    )
    type(newer).objects.filter(pk=newer.pk).update(form_version="2099010101")
    newer.refresh_from_db()
    questionnaires.publish_version(version=newer)
    rounds.update_round(visits=ground.visits, version=newer)
    assert post(xml).status_code == 201
    assert Visit.objects.get().version == old


def test_a_closed_series_still_receives(post: Post, ground: Ground) -> None:
    rounds.close_round(visits=ground.visits)
    assert post(ground.xml()).status_code == 201


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        (b"", 400),
        (b"<data", 400),
        (b"not xml", 400),
        (b'<data id="visite_boulangerie" version="1"/>', 400),
        (b"<data><meta><instanceID>uuid:a</instanceID></meta></data>", 400),
        (b'<data id="inconnu"><meta><instanceID>uuid:a</instanceID></meta></data>', 404),
        (
            b'<data id="visite_boulangerie" version="1999"><meta><instanceID>a</instanceID></meta>'
            b"</data>",
            404,
        ),
    ],
)
def test_what_is_no_visit_of_ours_is_refused(
    post: Post, ground: Ground, xml: bytes, status: int
) -> None:
    response = post(xml)
    assert response.status_code == status
    assert b'nature="submit_error"' in response.content
    assert dressed(response)
    assert not Visit.objects.exists()


def test_an_xml_bomb_is_refused_at_once(post: Post, ground: Ground) -> None:
    entities = b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"pain") for n in range(12)
    )
    bomb = b"<!DOCTYPE data [" + entities + b']><data id="visite_boulangerie">&a11;</data>'
    start = time.perf_counter()
    assert post(bomb).status_code == 400
    assert time.perf_counter() - start < 2


def test_an_external_entity_reads_nothing(post: Post, ground: Ground, tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mot de passe")
    xml = ground.xml().replace(
        b"<data", b'<!DOCTYPE data [<!ENTITY x SYSTEM "file://%s">]><data' % bytes(secret), 1
    )
    assert post(xml.replace(b"<conditions>", b"<conditions>&x;", 1)).status_code == 400
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n--x--\r\n", b"\0\0\0"],
)
def test_a_malformed_multipart_is_a_bad_request(
    client: Client, ground: Ground, body: bytes
) -> None:
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "text/xml"):
        response = client.post(
            "/odk/submission",
            body,
            content_type=kind,
            secure=True,
            headers={"Authorization": ground.authorization},
        )
        assert response.status_code == 400, kind
        assert dressed(response)


def test_an_oversize_post_is_refused_before_it_is_read(
    post: Post, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MAX_POST", 500)
    response = post(ground.xml(), {"un.jpg": photo(b"1" * 500)})
    assert response.status_code == 413
    assert dressed(response)


def test_an_oversize_file_and_answer_are_refused(
    post: Post, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "MAX_FILE", 100)
    assert post(ground.xml(), {"un.jpg": photo(b"1" * 200)}).status_code == 413
    assert not Visit.objects.exists()
    monkeypatch.setattr(reception, "MAX_XML", 100)
    assert post(ground.xml()).status_code == 413


def test_a_file_name_leads_nowhere_and_its_type_is_read_in_its_bytes(
    post: Post, ground: Ground
) -> None:
    post(ground.xml(), {"../../etc/page.jpg": b"<html><script>alert(1)</script>"})
    file = Visit.objects.get().files.get()
    assert file.name == "page.jpg"
    assert file.content_type == "application/octet-stream"
    assert not file.is_picture


def test_another_workspace_s_visitor_reaches_nothing_of_ours(
    post: Post, ground: Ground, other_workspace: Workspace
) -> None:
    elsewhere = build_ground(other_workspace, form="visite-cantine")
    assert post(ground.xml(), authorization=basic(elsewhere.visitor)).status_code == 404
    assert not Visit.objects.exists()


def test_the_same_identifier_elsewhere_is_another_visit(
    post: Post, ground: Ground, other_workspace: Workspace
) -> None:
    elsewhere = build_ground(other_workspace)
    post(ground.xml())
    response = post(elsewhere.xml(), authorization=basic(elsewhere.visitor))
    assert response.status_code == 201
    assert Visit.objects.count() == 2


def test_an_organisation_of_elsewhere_is_never_attached(
    post: Post, ground: Ground, other_workspace: Workspace
) -> None:
    elsewhere = build_ground(other_workspace)
    foreign = str(elsewhere.organisations["arles"].pk)
    xml = ground.xml().replace(
        f"<organisation>{ground.organisations['arles'].pk}<".encode(),
        f"<organisation>{foreign}<".encode(),
    )
    assert post(xml).status_code == 201
    visit = Visit.objects.get()
    assert visit.organisation is None
    assert [fault["path"] for fault in visit.faults] == ["/data/visite/organisation"]


def test_an_organisation_that_left_the_list_since_is_still_known(
    post: Post, ground: Ground
) -> None:
    from restanque.directory.services import archive_organisation

    xml = ground.xml()
    archive_organisation(organisation=ground.organisations["arles"])
    post(xml)
    visit = Visit.objects.get()
    assert visit.organisation == ground.organisations["arles"]
    assert visit.faults == []


def test_a_visitor_of_two_series_with_one_form_is_refused(ground: Ground) -> None:
    from django.core.exceptions import ValidationError

    twin = rounds.create_round(
        territory=ground.territory,
        version=ground.visits.version,
        name="Les mêmes",
        kinds=["bakery"],
        purpose="Essai.",
        purge_on=ground.visits.purge_on,
    )
    with pytest.raises(ValidationError, match="même formulaire"):
        visitors.update_visitor(
            visitor=ground.visitor, display_name="Stagiaire", rounds=[ground.visits, twin]
        )


def test_a_refused_file_leaves_none_on_the_disk(
    post: Post, ground: Ground, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(reception, "MAX_FILE", 300)
    refused = post(ground.xml(), {"un.jpg": photo(), "deux.jpg": photo(b"x" * 300)})
    assert refused.status_code == 413
    assert not Visit.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_a_visitor_sends_in_a_day_is_bounded(
    post: Post, ground: Ground, monkeypatch: Any
) -> None:
    monkeypatch.setattr(reception, "MAX_FILES_OF_DAY", len(photo()) + 10)
    assert post(ground.xml(), {"un.jpg": photo()}).status_code == 201
    refused = post(ground.xml(identifier="uuid:b"), {"un.jpg": photo()})
    assert (refused.status_code, Visit.objects.count()) == (413, 1)
    VisitFile.objects.update(received_at=timezone.now() - timedelta(days=2))
    assert post(ground.xml(identifier="uuid:b"), {"un.jpg": photo()}).status_code == 201
