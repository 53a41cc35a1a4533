"""Two records become one: every link follows, nothing is overwritten, the way back is told."""

from collections.abc import Callable
from typing import Any

import pytest

from restanque.accounts.models import Workspace
from restanque.directory import services
from restanque.directory.duplicates import likely_duplicates
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind, Sign
from tests.directory.conftest import TODAY

Make = Callable[..., Organisation]
SIRET, OTHER_SIRET = "21130027200013", "21130105600019"


def test_links_follow_and_empty_fields_are_filled(make: Make, workspace: Workspace) -> None:
    kept = make("Moulin des Alpilles", phone="0490000000", notes="A", kind=Kind.MILL)
    absorbed = make(
        "Moulin Alpilles",
        siret=SIRET,
        phone="0490000001",
        email="moulin@exemple.fr",
        notes="B",
        kind=Kind.MILL,
    )
    child = make("Boutique", parent=absorbed)
    contact = services.add_contact(organisation=absorbed, full_name="Accueil", is_personal=False)
    canteen = services.create_canteen(workspace=workspace, name="Table", organisation=absorbed)
    sign = services.add_certification(organisation=absorbed, sign=Sign.BIO)
    tag = services.get_or_create_tag(workspace=workspace, name="Lou Pan d’Ici", is_brand=True)
    services.tag_organisations(organisations=[absorbed], tag=tag)

    services.merge_organisations(kept=kept, absorbed=absorbed)

    for record in (kept, absorbed, child, contact, canteen, sign):
        record.refresh_from_db()
    assert {contact.organisation, canteen.organisation, sign.organisation, child.parent} == {kept}
    assert (kept.siret, kept.phone, kept.email) == (SIRET, "04 90 00 00 00", "moulin@exemple.fr")
    assert kept.notes == "A\n\nB"
    assert list(kept.tags.all()) == [tag]
    assert (absorbed.active, absorbed.merged_into, absorbed.siret) == (False, kept, "")
    reasons = [h.history_change_reason for h in kept.history.all()]
    assert reasons[0] == f"a absorbé la fiche n° {absorbed.pk}"


def test_a_parent_absorbed_by_its_child_does_not_become_its_own_parent(make: Make) -> None:
    parent = make("Siège")
    child = make("Atelier", parent=parent)
    services.merge_organisations(kept=child, absorbed=parent)
    child.refresh_from_db()
    assert child.parent is None


def test_silence_survives(make: Make) -> None:
    kept = make("Une")
    silent = make("Deux", do_not_contact=True, do_not_contact_on=TODAY)
    services.merge_organisations(kept=kept, absorbed=silent)
    kept.refresh_from_db()
    assert (kept.do_not_contact, kept.do_not_contact_on) == (True, TODAY)


def test_chains_of_merges_end_at_the_last(make: Make) -> None:
    one, two, three = make("Une"), make("Deux"), make("Trois")
    services.merge_organisations(kept=two, absorbed=one)
    services.merge_organisations(kept=three, absorbed=two)
    one.refresh_from_db()
    assert one.merged_into == three


def test_what_cannot_be_merged_is_refused_and_nothing_moves(
    make: Make, other_workspace: Workspace
) -> None:
    one, two = make("Une", siret=SIRET), make("Deux", siret=OTHER_SIRET)
    with pytest.raises(services.MergeError, match="Deux SIRET"):
        services.merge_organisations(kept=one, absorbed=two)
    with pytest.raises(services.MergeError, match="elle-même"):
        services.merge_organisations(kept=one, absorbed=one)
    stranger = services.create_organisation(
        workspace=other_workspace, kind=Kind.OTHER, name="Ailleurs"
    )
    with pytest.raises(services.MergeError, match="même espace"):
        services.merge_organisations(kept=one, absorbed=stranger)
    invented = make("Fictive", fictitious=True)
    with pytest.raises(services.MergeError, match="fictive"):
        services.merge_organisations(kept=one, absorbed=invented)


def test_two_whole_commune_canteens_are_named(make: Make) -> None:
    one, two = make("Mairie A", kind=Kind.MAIRIE), make("Mairie B", kind=Kind.MAIRIE)
    for mairie in (one, two):
        services.canteen_for_whole_commune(organisation=mairie)
    contact = services.add_contact(organisation=two, full_name="Accueil", is_personal=False)
    with pytest.raises(services.MergeError, match="Cantines d’Arles"):
        services.merge_organisations(kept=one, absorbed=two)
    contact.refresh_from_db()
    two.refresh_from_db()
    assert contact.organisation == two
    assert two.active


class TestLikelyDuplicates:
    def test_reasons_are_given(self, make: Make) -> None:
        one = make("Mairie d’Arles", kind=Kind.MAIRIE, email="m@arles.fr")
        two = make("MAIRIE D ARLES", kind=Kind.MAIRIE, email="m@arles.fr")
        make("Mairie de Tarascon", "13108", kind=Kind.MAIRIE)
        (pair,) = likely_duplicates(Organisation.objects.all())
        assert (pair.first, pair.second) == (one, two)
        assert pair.reasons == (
            "même nom dans la même commune",
            "deux mairies pour la même commune",
            "même adresse électronique",
        )

    def test_two_sirets_are_two_establishments(self, make: Make) -> None:
        make("Fournil", siret=SIRET)
        make("Fournil", siret=OTHER_SIRET)
        assert likely_duplicates(Organisation.objects.all()) == []

    def test_a_shared_switchboard_says_nothing(self, make: Make) -> None:
        for number in range(6):
            make(f"Restaurant {number}", phone="0490000000")
        assert likely_duplicates(Organisation.objects.all()) == []

    def test_the_same_name_elsewhere_is_another_place(self, make: Make) -> None:
        values: dict[str, Any] = {"kind": Kind.COLLEGE}
        make("Collège Frédéric-Mistral", "13004", **values)
        make("Collège Frédéric-Mistral", "13108", **values)
        assert likely_duplicates(Organisation.objects.all()) == []
