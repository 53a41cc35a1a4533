"""A whole Collect session against the real server, over a socket."""

from datetime import UTC, datetime
from typing import Any

import pytest

from restanque.accounts.models import Workspace
from restanque.accounts.services import create_workspace
from restanque.engine.forms import Session, parse_form
from restanque.surveys.models import Visit
from restanque.surveys.visits import visitors
from tests.conformance.collect.client import Phone, ProtocolError
from tests.surveys.visiting import PLACE, Ground, build_ground, photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ground(transactional_db: None) -> Ground:
    workspace: Workspace = create_workspace(name="PETR et Métropole")
    return build_ground(workspace)


@pytest.fixture
def phone(ground: Ground, live_server: Any, settings: Any, tmp_path: Any) -> Phone:
    """Set up by its QR code, as a person does."""
    settings.MEDIA_ROOT = tmp_path
    settings.BASE_URL = live_server.url
    return Phone.from_code(visitors.settings_code(ground.visitor))


def filled(xform: bytes, media: Any, organisation: int) -> tuple[bytes, str]:
    """A visit filled on the phone with what it downloaded, and its identifier."""
    form = parse_form(xform, media=media)
    session = Session(form, now=datetime(2026, 11, 24, 10, tzinfo=UTC), seed=7)
    values = {
        "/data/visite/visite_date": "2026-11-20",
        "/data/visite/commune": "13004",
        "/data/visite/connue": "liste",
        "/data/visite/organisation": str(organisation),
        "/data/fabrication/pains": "courant tradition",
        "/data/fabrication/pain[1]/capacite": "120.5",
        "/data/fabrication/pain[2]/prix": "3.4",
        "/data/signes_page/nb_signes": "1",
        "/data/signes_page/signe[1]/sigle": "BIO",
        "/data/signes_page/signe[1]/preuve": "1732440000001.jpg",
    }
    for path, value in values.items():
        session.set(path, value)
        session.recompute()
    return session.to_xml(prune=True).encode(), session.instance_id


def test_a_phone_downloads_fills_and_sends_in_two_posts(phone: Phone, ground: Ground) -> None:
    (listed,) = phone.form_list()
    assert (listed.form_id, listed.name) == ("visite_boulangerie", "Boulangeries 2026")
    assert listed.version == ground.visits.version.form_version
    assert listed.description is None
    got = phone.download(listed)
    assert got.media.keys() == {"communes.csv", "organisations.csv"}
    listing = got.media["organisations.csv"].decode()
    assert "Fournil des Arènes" in listing
    assert "Silence" not in listing
    assert "Mairie" not in listing
    xml, identifier = filled(got.xform, got.media, ground.organisations["arles"].pk)
    pictures = {"1732440000001.jpg": photo(b"1"), "devanture.jpg": photo(b"2")}
    phone.send(xml, pictures, largest=len(xml) + 150)
    visit = Visit.objects.get()
    assert (visit.instance_id, visit.complete, visit.faults) == (identifier, True, [])
    assert visit.organisation == ground.organisations["arles"]
    assert visit.received_xml.encode() == xml
    assert visit.flat["/data/fabrication/pain[1]/capacite"] == "120.5"
    assert set(visit.files.values_list("name", flat=True)) == set(pictures)
    for file in visit.files.all():
        with file.file.open("rb") as stream:
            assert PLACE not in stream.read()


def test_the_same_session_again_changes_nothing(phone: Phone, ground: Ground) -> None:
    got = phone.download(phone.form_list()[0])
    xml, _ = filled(got.xform, got.media, ground.organisations["arles"].pk)
    phone.send(xml, {"1732440000001.jpg": photo()})
    phone.send(xml, {"1732440000001.jpg": photo()})
    assert Visit.objects.count() == 1
    assert Visit.objects.get().files.count() == 1


def test_the_list_can_be_narrowed_and_told_at_length(phone: Phone) -> None:
    assert phone.form_list(formID="autre") == []
    (told,) = phone.form_list(formID="visite_boulangerie", verbose="true")
    assert told.description == "Savoir qui pourrait fournir les cantines."


def test_a_wrong_password_and_a_revoked_visitor_are_asked_again(
    phone: Phone, ground: Ground
) -> None:
    phone.where_to_send()
    visitors.revoke(visitor=ground.visitor)
    with pytest.raises(ProtocolError, match="401"):
        phone.form_list()
    with pytest.raises(ProtocolError, match="401"):
        phone.where_to_send()
    answer = phone.post(f"{phone.server}/submission", ground.xml())
    assert answer.status == 401
    assert Visit.objects.count() == 0
