"""What a validated visit leaves in the directory, and what taking it back removes."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from restanque.accounts.models import Membership
from restanque.directory.facts import facts_of, facts_of_many
from restanque.directory.models import Certification, OrganisationFact
from restanque.directory.nomenclature import Kind
from restanque.directory.services import merge_organisations, update_organisation
from restanque.surveys.models import Visit
from restanque.surveys.visits import entering, reception, reviewing, rounds
from restanque.surveys.visits.gains import gains_of
from tests.conftest import client_of
from tests.surveys.visiting import PLACE, Ground, photo

pytestmark = pytest.mark.django_db
FULL = {
    "/data/visite/position": "43.6767 4.6278 0 5",
    "/data/fabrication/equipement": "four_sole petrin",
    "/data/fabrication/pains": "courant tradition",
    "/data/fabrication/pain[1]/capacite": "120.5",
    "/data/fabrication/libre": "0",
    "/data/fabrication/pain[2]/prix": "3.4",
    "/data/farine_page/moulin": "Moulin de la Crau",
    "/data/signes_page/nb_signes": "1",
    "/data/signes_page/signe[1]/sigle": "BIO",
    "/data/signes_page/signe[1]/numero": "FR-BIO-01-77",
    "/data/signes_page/signe[1]/valable_du": "2026-01-01",
    "/data/signes_page/signe[1]/valable_au": "2027-12-31",
    "/data/signes_page/signe[1]/preuve": "preuve.jpg",
    "/data/livraison/livre": "oui",
    "/data/livraison/rayon": "15",
    "/data/livraison/fermeture": "lundi",
    "/data/livraison/horaires": "6 h 30 à 13 h",
    "/data/conditions/delai": "30",
    "/data/conditions/telephone": "04 90 99 00 11",
}


def test_validating_leaves_dated_sourced_facts(ground: Ground, bob: Membership) -> None:
    visit = ground.received(FULL, preuve_jpg=photo())
    assert visit.faults == []
    reviewing.validate(visit=visit, by=bob.user)
    bakery = ground.organisations["arles"]
    known = {(fact.name, fact.item): fact for fact in facts_of(bakery)}
    capacity = known["offer.capacity_kg_per_day", "courant"]
    assert (capacity.number, capacity.unit) == (Decimal("120.5"), "kg/jour")
    assert capacity.label == "Capacité de production, pain courant"
    assert capacity.observed_on == date(2026, 11, 20)
    assert capacity.source == f"visit:{visit.pk}"
    assert capacity.source_label == "Visite du 20\u00a0nov.\u00a02026, Stagiaire 2026"
    assert known["offer.spare_kg_per_day", ""].number == 0
    assert known["offer.price_per_kg", "tradition"].number == Decimal("3.4")
    assert known["offer.closing_days", ""].shown == "Lundi"
    assert known["offer.mill", ""].number is None
    assert known["offer.bread_class", "tradition"].shown == "Pain de tradition française"
    assert ("offer.capacity_kg_per_day", "tradition") not in known
    assert not any(name.startswith(("visit.", "certification.")) for name, _ in known)
    bakery.refresh_from_db()
    assert bakery.phone == "04 90 99 00 11"
    assert bakery.opening_hours == "6 h 30 à 13 h"
    assert (bakery.latitude, bakery.longitude) == (43.6767, 4.6278)


def test_a_certificate_comes_with_its_photo_without_its_place(
    ground: Ground, bob: Membership
) -> None:
    reviewing.validate(visit=ground.received(FULL, preuve_jpg=photo()), by=bob.user)
    certification = Certification.objects.get()
    assert (certification.sign, certification.certificate_number) == ("BIO", "FR-BIO-01-77")
    assert certification.is_valid_on(date(2026, 11, 24))
    with certification.proof.open("rb") as stream:
        proof = stream.read()
    assert proof.startswith(b"\xff\xd8\xff")
    assert PLACE not in proof


def test_a_known_certificate_is_not_doubled(ground: Ground, bob: Membership) -> None:
    reviewing.validate(visit=ground.received(FULL), by=bob.user)
    reviewing.validate(visit=ground.received(FULL, identifier="uuid:b"), by=bob.user)
    assert Certification.objects.count() == 1


def test_a_later_visit_is_read_first_and_undoing_it_shows_the_former(
    ground: Ground, bob: Membership
) -> None:
    bakery = ground.organisations["arles"]
    reviewing.validate(visit=ground.received(FULL), by=bob.user)
    later = FULL | {"/data/visite/visite_date": "2026-11-23", "/data/livraison/rayon": "40"}
    second = ground.received(later, identifier="uuid:b")
    reviewing.validate(visit=second, by=bob.user)

    def radius() -> Any:
        found = facts_of_many([bakery.pk], names=["offer.delivery_radius_km"])
        return [fact.number for fact in found[bakery.pk]]

    assert radius() == [40]
    assert [f.number for f in facts_of(bakery, on=date(2026, 11, 21)) if "radius" in f.name] == [15]
    reviewing.undo(visit=second, by=bob.user)
    assert radius() == [15]


def test_undoing_takes_back_everything_but_what_changed_since(
    ground: Ground, bob: Membership
) -> None:
    visit = ground.received(FULL, preuve_jpg=photo())
    bakery = ground.organisations["arles"]
    reviewing.validate(visit=visit, by=bob.user)
    bakery.refresh_from_db()
    update_organisation(organisation=bakery, opening_hours="7 h à 14 h")
    kept = reviewing.undo(visit=visit, by=bob.user)
    assert [("opening_hours" in sentence) for sentence in kept] == [True]
    bakery.refresh_from_db()
    assert (bakery.phone, bakery.opening_hours, bakery.latitude) == ("", "7 h à 14 h", None)
    assert not OrganisationFact.objects.exists()
    assert not Certification.objects.exists()
    visit.refresh_from_db()
    assert (visit.status, visit.applied) == ("submitted", None)
    reviewing.validate(visit=visit, by=bob.user)
    assert OrganisationFact.objects.exists()


def test_a_new_organisation_is_made_then_placed(ground: Ground, bob: Membership) -> None:
    visit = ground.received(
        {"/data/visite/connue": "nouvelle", "/data/visite/nouveau_nom": "Pétrin neuf"}
    )
    assert visit.organisation is None
    assert visit.place == "Pétrin neuf"
    with pytest.raises(ValidationError, match="quelle organisation"):
        reviewing.validate(visit=visit, by=bob.user)
    made = reviewing.create_place(visit=visit, kind=Kind.BAKERY, by=bob.user)
    assert (made.name, made.commune_id, made.kind) == ("Pétrin neuf", "13004", Kind.BAKERY)
    reviewing.validate(visit=visit, by=bob.user)
    assert visit.status == "validated"


def test_a_visit_may_be_placed_on_a_record_of_its_territory_only(
    ground: Ground, bob: Membership, other_workspace: Any
) -> None:
    from tests.surveys.visiting import build_ground

    visit = ground.received()
    reviewing.place(visit=visit, organisation=ground.organisations["tarascon"])
    assert visit.organisation == ground.organisations["tarascon"]
    with pytest.raises(ValidationError):
        reviewing.place(
            visit=visit, organisation=build_ground(other_workspace).organisations["arles"]
        )


def test_a_value_the_directory_refuses_writes_nothing(ground: Ground, bob: Membership) -> None:
    visit = ground.received(FULL | {"/data/conditions/telephone": "0000000000000"})
    with pytest.raises(ValidationError):
        reviewing.validate(visit=visit, by=bob.user)
    visit.refresh_from_db()
    assert visit.status == "submitted"
    assert not OrganisationFact.objects.exists()
    assert not Certification.objects.exists()


def test_facts_follow_a_merge(ground: Ground, bob: Membership) -> None:
    reviewing.validate(visit=ground.received(FULL), by=bob.user)
    kept, absorbed = ground.organisations["tarascon"], ground.organisations["arles"]
    absorbed.refresh_from_db()
    merge_organisations(kept=kept, absorbed=absorbed)
    assert facts_of(kept)
    assert not facts_of(absorbed)
    assert Visit.objects.get().organisation == kept


def test_setting_aside_needs_a_reason_and_gives_nothing(ground: Ground, bob: Membership) -> None:
    visit = ground.received(FULL)
    with pytest.raises(ValidationError):
        reviewing.reject(visit=visit, by=bob.user, note=" ")
    reviewing.reject(visit=visit, by=bob.user, note="Fermée.")
    assert (visit.status, visit.review_note) == ("rejected", "Fermée.")
    assert not OrganisationFact.objects.exists()
    reviewing.undo(visit=visit, by=bob.user)
    assert visit.status == "submitted"


def test_a_canteen_visit_leaves_needs(ground: Ground, bob: Membership) -> None:
    from restanque.surveys.visits.reading import session_for

    version = rounds.install_visit_form(workspace=ground.workspace, name="visite-cantine")
    visits = rounds.create_round(
        territory=ground.territory,
        version=version,
        name="Cantines",
        kinds=[Kind.MAIRIE],
        purpose="Connaître le pain servi.",
        purge_on=date(2028, 12, 31),
    )
    visit = entering.start_visit(visits=visits, by=bob.user)
    session = session_for(visits, version, instance=visit.instance)
    for path, value in {
        "/data/visite/commune": "13004",
        "/data/visite/connue": "liste",
        "/data/visite/organisation": str(ground.organisations["mairie"].pk),
        "/data/repas/repas_jour": "200",
        "/data/repas/kg_jour": "9",
        "/data/pertes/perte_connue": "pesee",
        "/data/pertes/part_jetee": "12",
        "/data/conservation/stockage": "sac froid",
    }.items():
        session.set(path, value)
        session.recompute()
    Visit.objects.filter(pk=visit.pk).update(instance=session.to_xml(prune=False))
    entering.finish(visit=visit, by=bob.user)
    reviewing.validate(visit=visit, by=bob.user)
    known = {fact.name: fact.shown for fact in facts_of(ground.organisations["mairie"])}
    assert known["need.meals_per_day"] == "200"
    assert known["need.waste_share"] == "12"
    assert known["need.storage"] == "En sac fermé\u00a0; En chambre froide"


@pytest.mark.parametrize("place", ["ici là", "nan nan", "inf 4", "999 999 0 0", "1e400 1"])
def test_a_place_that_is_none_hides_no_visit(ground: Ground, bob: Membership, place: str) -> None:
    visit = ground.received()
    sent = ground.xml({"/data/visite/position": "43.6 4.6"}, identifier="uuid:b")
    assert b"43.6 4.6" in sent
    visit = reception.receive(
        visitor=ground.visitor, xml=sent.replace(b"43.6 4.6", place.encode())
    ).visit
    page = client_of(bob).get(visit.get_absolute_url())
    assert page.status_code == 200
    assert not [one for one in gains_of(visit).changes if one.field == "latitude"]
