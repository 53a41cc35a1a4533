"""Every page of the room, as everybody who should not see it, and as those who may only read."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.directory import services
from restanque.directory.models import Canteen, Certification, Contact, Organisation
from restanque.directory.nomenclature import Sign
from restanque.directory.urls import urlpatterns
from restanque.territories.models import Territory
from tests.conftest import client_of

Make = Callable[..., Organisation]

# URL name → what its `pk` is; "" for pages without an object.
READ = {
    "organisations": "",
    "map": "",
    "contacts": "",
    "canteens": "",
    "organisation": "organisation",
    "canteen": "canteen",
    "certification_proof": "certification",
}
WRITE = {
    "to_check": "",
    "duplicates": "",
    "town_halls": "",
    "organisation_create": "",
    "canteen_create": "",
    "organisation_edit": "organisation",
    "contact_add": "organisation",
    "certification_add": "organisation",
    "merge": "organisation",
    "contact_edit": "contact",
    "contact_delete": "contact",
    "canteen_edit": "canteen",
    "certification_edit": "certification",
}
POST_ONLY = {
    "tag": "",
    "organisation_archive": "organisation",
    "organisation_restore": "organisation",
    "organisation_checked": "organisation",
    "canteen_archive": "canteen",
}
EVERYTHING = {**READ, **WRITE, **POST_ONLY}


@pytest.fixture
def things(make: Make, arles_side: Territory) -> dict[str, Any]:
    """One of each, in Arles."""
    organisation = make("Fournil Zéphyr")
    return {
        "organisation": organisation,
        "other": make("Fournil Zéphyr"),
        "contact": services.add_contact(
            organisation=organisation,
            full_name="Jeanne",
            purpose="enquête",
            purge_on=date(2029, 1, 1),
        ),
        "certification": services.add_certification(
            organisation=organisation,
            sign=Sign.BIO,
            proof=SimpleUploadedFile("preuve.pdf", b"%PDF-1.7 x"),
        ),
        "canteen": services.create_canteen(
            workspace=organisation.workspace,
            name="École",
            organisation=organisation,
            commune=organisation.commune,
        ),
    }


def address(name: str, things: dict[str, Any]) -> str:
    keys = [things[EVERYTHING[name]].pk] if EVERYTHING[name] else []
    if name == "merge":
        keys.append(things["other"].pk)
    return reverse(f"directory:{name}", args=keys)


def visit(membership: Membership | None, method: str, url: str) -> Any:
    """The answer, its file read to the end (which closes it, as a server does)."""
    response = getattr(client_of(membership), method)(url)
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response


def test_the_matrix_forgets_no_page() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(EVERYTHING)


@pytest.mark.parametrize("name", EVERYTHING)
def test_an_anonymous_visitor_is_asked_to_sign_in(name: str, things: dict[str, Any]) -> None:
    for method in ("get", "post"):
        response = visit(None, method, address(name, things))
        assert response.status_code == 302
        assert "/connexion/" in response.headers["Location"]


@pytest.mark.parametrize("name", [name for name, subject in EVERYTHING.items() if subject])
def test_another_workspace_has_no_access(
    name: str, things: dict[str, Any], charlie: Membership
) -> None:
    for method in ("get", "post"):
        response = visit(charlie, method, address(name, things))
        assert response.status_code == (405 if (name, method) in _REFUSED_GET else 404)


@pytest.mark.parametrize("name", [name for name, subject in EVERYTHING.items() if subject])
def test_another_territory_has_no_access(
    name: str, things: dict[str, Any], odile: Membership
) -> None:
    for method in ("get", "post"):
        response = visit(odile, method, address(name, things))
        assert response.status_code == (405 if (name, method) in _REFUSED_GET else 404)


_REFUSED_GET = {(name, "get") for name in POST_ONLY}


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_partner_is_refused(name: str, things: dict[str, Any], paula: Membership) -> None:
    for method in ("get", "post"):
        response = visit(paula, method, address(name, things))
        # `require_GET` pages refuse a post before asking who posts.
        assert response.status_code in (403, 405)
        assert (name, method) != ("map", "get") or response.status_code == 403


@pytest.mark.parametrize("name", READ)
def test_a_reader_reads(name: str, things: dict[str, Any], remi: Membership) -> None:
    response = visit(remi, "get", address(name, things))
    assert response.status_code == 200


@pytest.mark.parametrize("name", {**WRITE, **POST_ONLY})
def test_a_reader_does_not_write(name: str, things: dict[str, Any], remi: Membership) -> None:
    for method in ("get", "post"):
        assert visit(remi, method, address(name, things)).status_code == 403


@pytest.mark.parametrize("name", {**READ, **WRITE})
def test_an_agent_opens_every_page(name: str, things: dict[str, Any], bob: Membership) -> None:
    response = visit(bob, "get", address(name, things))
    assert response.status_code == 200


@pytest.mark.parametrize("name", ["organisations", "contacts", "canteens", "map"])
def test_lists_and_exports_show_nothing_of_others(
    name: str, things: dict[str, Any], charlie: Membership, odile: Membership
) -> None:
    for outsider in (charlie, odile):
        client = client_of(outsider)
        page = client.get(address(name, things)).content.decode()
        assert not any(word in page for word in ("Zéphyr", "Jeanne", "École<"))
        if name != "map":
            export = client.get(address(name, things), {"export": "csv"}).content.decode()
            assert not any(word in export for word in ("Zéphyr", "Jeanne", "École"))


def test_a_bulk_action_reaches_only_what_one_sees(
    things: dict[str, Any], charlie: Membership, odile: Membership, remi: Membership
) -> None:
    selected = {"selected": [things["organisation"].pk]}
    for outsider in (charlie, odile):
        client = client_of(outsider)
        client.post(reverse("directory:organisations"), {"action": "checked", **selected})
        client.post(reverse("directory:tag"), {"name": "intrus", **selected})
    things["organisation"].refresh_from_db()
    assert things["organisation"].checked_on is None
    assert not things["organisation"].tags.exists()
    refused = client_of(remi).post(
        reverse("directory:organisations"), {"action": "checked", **selected}
    )
    assert refused.status_code == 403


def test_a_reader_s_page_offers_no_action(things: dict[str, Any], remi: Membership) -> None:
    page = client_of(remi).get(things["organisation"].get_absolute_url()).content.decode()
    for word in ("Modifier", "Effacer", "Archiver", "Historique", "Ajouter"):
        assert word not in page, word


def test_a_link_to_another_territory_names_nobody(
    odile: Membership, make: Make, arles_side: Territory
) -> None:
    secret = make("Siège Zéphyr", "13004")
    child = make("Fournil d’Aix", "13001", parent=secret)
    services.create_canteen(
        workspace=child.workspace, name="École", organisation=secret, commune=child.commune
    )
    absorbed = make("Ancien fournil", "13001")
    services.merge_organisations(kept=make("Zéphyr neuf", "13004"), absorbed=absorbed)
    client = client_of(odile)
    pages = [
        child.get_absolute_url(),
        absorbed.get_absolute_url(),
        Canteen.objects.get().get_absolute_url(),
        reverse("directory:canteens"),
        f"{reverse('directory:canteens')}?export=csv",
        f"{reverse('directory:organisations')}?state=archived",
    ]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200
        assert "Zéphyr" not in response.content.decode(), page


def test_an_agent_of_one_territory_stays_there(
    odile: Membership, make: Make, aix_side: Territory
) -> None:
    own = make("Fournil d’Aix", "13001")
    client = client_of(odile)
    values = {"kind": "bakery", "name": "Fournil d’Aix", "commune": "Arles"}
    moved = client.post(reverse("directory:organisation_edit", args=[own.pk]), values)
    assert moved.status_code == 422
    assert "un territoire que vous suivez" in moved.content.decode()
    nowhere = client.post(
        reverse("directory:organisation_create"), {**values, "commune": "", "name": "Nulle part"}
    )
    assert nowhere.status_code == 422
    own.refresh_from_db()
    assert own.commune_id == "13001"
    assert Organisation.objects.count() == 1


def test_another_workspace_s_organisation_cannot_be_named_in_a_form(
    things: dict[str, Any], charlie: Membership
) -> None:
    response = client_of(charlie).post(
        reverse("directory:canteen_create"),
        {"name": "École", "organisation": f"Fournil Zéphyr (n° {things['organisation'].pk})"},
    )
    assert response.status_code == 422
    assert not Canteen.objects.filter(workspace=charlie.workspace).exists()


def test_get_changes_nothing(things: dict[str, Any], bob: Membership) -> None:
    for name in {**READ, **WRITE}:
        visit(bob, "get", address(name, things))
    assert (Organisation.objects.count(), Contact.objects.count()) == (2, 1)
    assert (Canteen.objects.count(), Certification.objects.count()) == (1, 1)
