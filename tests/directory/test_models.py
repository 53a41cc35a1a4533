"""What the tables refuse, and who sees what."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from restanque.accounts.models import Membership, Workspace
from restanque.directory import services
from restanque.directory.models import Canteen, Certification, Contact, Organisation
from restanque.directory.nomenclature import Kind, Sector, Sign
from restanque.territories import services as territories
from restanque.territories.models import Commune, Territory
from tests.directory.conftest import TODAY

Make = Callable[..., Organisation]
SIRET = "21130027200013"


def test_a_siret_is_unique_in_a_workspace_only(
    make: Make, other_workspace: Workspace, communes: dict[str, Commune]
) -> None:
    make("Mairie de Châteaurenard", "13027", siret="211 300 272 00013")
    with pytest.raises(ValidationError, match="porte déjà ce SIRET"):
        make("Copie", "13027", siret=SIRET)
    services.create_organisation(
        workspace=other_workspace, kind=Kind.MAIRIE, name="Ailleurs", siret=SIRET
    )
    assert Organisation.objects.filter(siret=SIRET).count() == 2


def test_two_organisations_may_lack_a_siret(make: Make) -> None:
    make("Une")
    make("Deux")
    assert Organisation.objects.filter(siret="").count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"siret": "21130027200014"}, "clé de contrôle"),
        ({"longitude": 4.6}, "longitude et latitude"),
        ({"longitude": 4.6, "latitude": 143.0}, "longitude et latitude"),
        ({"is_sole_trader": True}, "finalité et la date d’effacement"),
        ({"do_not_contact": True}, "depuis quand"),
        ({"phone": "12"}, "numéro de téléphone"),
        ({"email": "pas une adresse"}, "adresse de courriel valide"),
    ],
)
def test_impossible_organisations_are_refused_in_french(
    make: Make, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        make("Boulangerie", **fields)
    assert sentence in " ".join(refusal.value.messages)


def test_the_database_itself_refuses_a_person_without_purge_date(mairie: Organisation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(
            organisation=mairie, full_name="Jeanne", is_personal=True, purpose="", purge_on=None
        )


def test_a_service_needs_no_purge_date(mairie: Organisation) -> None:
    contact = services.add_contact(
        organisation=mairie, full_name="Restauration scolaire", is_personal=False
    )
    assert contact.name_key == "restauration scolaire"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"siret": SIRET, "siren_unite_legale": "211300272"}, "pas les deux"),
        ({"daily_meal_count": 300, "yearly_meal_count": 200}, "moins de repas par an"),
        ({"sector_list": "education_primaire,inconnu"}, "Secteur inconnu"),
        ({"sector_list": "social_creche,social_creche"}, "deux fois"),
        ({"management_type": "regie"}, "regie"),
    ],
)
def test_impossible_canteens_are_refused_in_french(
    workspace: Workspace, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.create_canteen(workspace=workspace, name="École", **fields)
    assert sentence in " ".join(refusal.value.messages)


def test_a_canteen_is_found_by_each_of_its_sectors(workspace: Workspace) -> None:
    services.create_canteen(
        workspace=workspace,
        name="Cuisine centrale",
        sector_list="education_primaire,administration_administratif_des_collectivites",
    )
    found = Canteen.objects.in_sector
    assert found(Sector.PRIMAIRE).count() == found(Sector.COLLECTIVITES).count() == 1
    # A code that is the beginning of another must not match it.
    assert found(Sector.ETAT).count() == 0


def test_visibility_follows_the_territories_covered(
    make: Make,
    alice: Membership,
    remi: Membership,
    paula: Membership,
    charlie: Membership,
    odile: Membership,
    arles_side: Territory,
) -> None:
    arles, aix, nowhere = make("A", "13004"), make("B", "13001"), make("C", "")
    visible = {
        who.user.full_name: set(Organisation.objects.visible_to(who))
        for who in (alice, remi, odile, paula, charlie)
    }
    assert visible == {
        "Alice": {arles, aix, nowhere},
        "Rémi": {arles, aix, nowhere},
        "Odile": {aix},
        "Paula": set(),
        "Charlie": set(),
    }


def test_a_commune_that_leaves_the_territory_leaves_the_view(
    make: Make, odile: Membership, aix_side: Territory
) -> None:
    organisation = make("Boulangerie du Rove", "13088")
    assert list(Organisation.objects.visible_to(odile)) == [organisation]
    territories.remove_communes(territory=aix_side, codes=["13088"], on=date(2021, 1, 1))
    assert list(Organisation.objects.visible_to(odile)) == []


def test_contacts_canteens_and_certificates_follow_their_organisation_s_place(
    make: Make, workspace: Workspace, odile: Membership, alice: Membership
) -> None:
    arles = make("Moulin", "13004")
    services.add_contact(organisation=arles, full_name="Accueil", is_personal=False)
    services.add_certification(organisation=arles, sign=Sign.BIO)
    services.create_canteen(
        workspace=workspace, name="École", organisation=arles, commune=arles.commune
    )
    for model in (Contact, Certification, Canteen):
        assert model.objects.visible_to(alice).count() == 1  # type: ignore[attr-defined]
        assert model.objects.visible_to(odile).count() == 0  # type: ignore[attr-defined]


def test_a_record_is_stale_after_a_year_or_when_never_checked(make: Make) -> None:
    make("Jamais")
    make("Vieille", checked_on=date(2025, 11, 23))
    make("Juste", checked_on=date(2025, 11, 24))
    stale = Organisation.objects.stale(TODAY)
    assert sorted(stale.values_list("name", flat=True)) == ["Jamais", "Vieille"]
    assert [o.is_stale(TODAY) for o in Organisation.objects.order_by("name")] == [
        True,
        False,
        True,
    ]
    assert Organisation.objects.stale(date(2028, 2, 29)).count() == 3


def test_only_a_certificate_in_force_counts(make: Make) -> None:
    mill = make("Moulin", kind=Kind.MILL)
    add = services.add_certification
    add(organisation=mill, sign=Sign.HVE, valid_from=date(2020, 1, 1), valid_to=date(2026, 11, 23))
    assert not Organisation.objects.with_valid_sign(TODAY).exists()
    add(organisation=mill, sign=Sign.BIO)  # no date: not known to be in force
    assert not Organisation.objects.with_valid_sign(TODAY, Sign.BIO).exists()
    add(organisation=mill, sign=Sign.BIO, valid_from=date(2026, 1, 1), valid_to=TODAY)
    assert list(Organisation.objects.with_valid_sign(TODAY, Sign.BIO)) == [mill]
    assert not Organisation.objects.with_valid_sign(TODAY, Sign.HVE).exists()
    with pytest.raises(ValidationError, match="précède le début"):
        add(
            organisation=mill,
            sign=Sign.IGP,
            valid_from=date(2026, 2, 1),
            valid_to=date(2026, 1, 1),
        )
