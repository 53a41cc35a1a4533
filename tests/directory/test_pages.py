"""What the pages say and do for those who may."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.directory import services
from restanque.directory.models import Canteen, Contact, Organisation, Tag
from restanque.directory.nomenclature import Kind, Sign
from restanque.kit import slots
from restanque.territories.models import Territory
from tests.conftest import client_of

Make = Callable[..., Organisation]


@pytest.fixture
def agent(bob: Membership) -> Client:
    """Signed in as Bob."""
    return client_of(bob)


def text_of(response: Any) -> str:
    """The words of the page's main part, spaces made plain."""
    main = BeautifulSoup(response.content, "html.parser").find("main")
    assert main is not None
    for break_point in main.find_all("wbr"):
        break_point.decompose()
    main.smooth()
    return " ".join(main.get_text(" ").replace("\u00a0", " ").replace("\u202f", " ").split())


class TestOrganisationList:
    URL = "directory:organisations"

    def test_an_empty_directory_proposes_the_mairies(
        self, agent: Client, remi: Membership, communes: Any
    ) -> None:
        page = text_of(agent.get(reverse(self.URL)))
        assert "L’annuaire est vide" in page
        assert "Ajouter les mairies" in page
        assert "Ajouter les mairies" not in text_of(client_of(remi).get(reverse(self.URL)))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "EPI D OR"}, ["L’Épi d’Or"]),
            ({"q": "tarascon"}, ["Fournil"]),
            ({"q": "jeanne"}, ["L’Épi d’Or"]),
            ({"kind": "mill"}, ["Moulin"]),
            ({"epci": "200054807"}, ["Moulin"]),
            ({"commune": "13108"}, ["Fournil"]),
            ({"commune": "Aix"}, ["Moulin"]),
            ({"sign": "any"}, ["Moulin"]),
            ({"sign": "BIO"}, ["Moulin"]),
            ({"sign": "HVE"}, []),
            ({"state": "stale"}, ["Fournil", "L’Épi d’Or"]),
            ({"state": "archived"}, ["Ancienne"]),
            ({"state": "no_email"}, ["Fournil", "Moulin"]),
        ],
    )
    def test_filters(
        self, agent: Client, make: Make, query: dict[str, str], found: list[str]
    ) -> None:
        bakery = make("L’Épi d’Or", email="epi@exemple.fr")
        for name in ("Jeanne Durand", "Jeanne Petit"):
            services.add_contact(organisation=bakery, full_name=name, is_personal=False)
        make("Fournil", "13108")
        mill = make("Moulin", "13001", kind=Kind.MILL, checked_on=timezone.localdate())
        services.add_certification(organisation=mill, sign=Sign.BIO, valid_from=date(2020, 1, 1))
        services.archive_organisation(organisation=make("Ancienne"))
        table = BeautifulSoup(agent.get(reverse(self.URL), query).content, "html.parser").find(
            "tbody"
        )
        names = [th.get_text(strip=True) for th in table.find_all("th")] if table else []
        assert sorted(names) == sorted(found)

    def test_by_tag_and_zone(self, agent: Client, make: Make, arles_side: Territory) -> None:
        from restanque.territories import services as territories

        tagged, other = make("Avec", "13004"), make("Sans", "13108")
        tag = services.get_or_create_tag(workspace=tagged.workspace, name="charte")
        services.tag_organisations(organisations=[tagged], tag=tag)
        zone = territories.create_zone(territory=arles_side, name="Crau")
        territories.assign_zone(
            zone=zone,
            communes=[other.commune],
            on=timezone.localdate(),  # type: ignore[list-item]
        )
        by_tag = text_of(agent.get(reverse(self.URL), {"tags": tag.pk}))
        by_zone = text_of(agent.get(reverse(self.URL), {"zone": zone.pk}))
        assert "1 organisation sur 2" in by_tag
        assert "1 organisation sur 2" in by_zone

    def test_bulk_check(self, agent: Client, mairie: Organisation) -> None:
        agent.post(reverse(self.URL), {"action": "checked", "selected": [mairie.pk]})
        mairie.refresh_from_db()
        assert mairie.checked_on == timezone.localdate()

    def test_bulk_tag_asks_which(self, agent: Client, mairie: Organisation) -> None:
        page = agent.post(reverse(self.URL), {"action": "tag", "selected": [mairie.pk]})
        assert "Étiqueter 1 organisation" in text_of(page)
        wrong = agent.post(reverse("directory:tag"), {"selected": [mairie.pk]})
        assert wrong.status_code == 422
        agent.post(reverse("directory:tag"), {"selected": [mairie.pk], "name": "Charte"})
        assert [tag.name for tag in mairie.tags.all()] == ["Charte"]
        agent.post(
            reverse("directory:tag"),
            {"selected": [mairie.pk], "existing": Tag.objects.get().pk, "remove": "on"},
        )
        assert not mairie.tags.exists()

    def test_pages_take_as_many_queries_for_one_as_for_thirty(
        self, agent: Client, make: Make, count_queries: Any
    ) -> None:
        make("Une")
        with count_queries() as one:
            agent.get(reverse(self.URL))
        for number in range(30):
            make(f"Boulangerie {number}")
        with count_queries() as many:
            agent.get(reverse(self.URL))
        assert len(many) == len(one)


def test_the_list_to_check_holds_the_stale_ones(agent: Client, make: Make) -> None:
    make("Jamais vérifiée")
    make("Récente", checked_on=timezone.localdate())
    page = text_of(agent.get(reverse("directory:to_check")))
    assert "Jamais vérifiée" in page
    assert "Récente" not in page


class TestOrganisationPage:
    def test_it_says_who_would_be_written_to(self, agent: Client, mairie: Organisation) -> None:
        page = text_of(agent.get(mairie.get_absolute_url()))
        assert "Une enquête serait envoyée à : mairie@arles.fr." in page
        assert "jamais vérifiée par l’équipe" in page
        services.update_organisation(
            organisation=mairie, do_not_contact=True, do_not_contact_on=date(2026, 3, 1)
        )
        page = text_of(agent.get(mairie.get_absolute_url()))
        assert "Une enquête ne serait envoyée à personne." in page

    def test_a_person_s_purpose_and_purge_date_are_shown(
        self, agent: Client, mairie: Organisation
    ) -> None:
        services.add_contact(
            organisation=mairie,
            full_name="Jeanne",
            purpose="enquête pain",
            purge_on=date(2029, 1, 31),
        )
        page = text_of(agent.get(mairie.get_absolute_url()))
        assert "Gardé pour : enquête pain. À effacer le 31 janvier 2029." in page

    def test_higher_rooms_show_their_panels(
        self, agent: Client, mairie: Organisation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(slots, "_slots", {})
        shown = slots.Panel("Réponses", "directory/panels/canteens.html", {"canteens": []}, "r")
        slots.register("organisation", "test", order=1, provider=lambda request, subject: shown)
        assert "Réponses Aucune cantine connue" in text_of(agent.get(mairie.get_absolute_url()))

    def test_an_absorbed_record_leads_to_the_other(self, agent: Client, make: Make) -> None:
        kept, absorbed = make("Une"), make("Deux")
        services.merge_organisations(kept=kept, absorbed=absorbed)
        response = agent.get(absorbed.get_absolute_url())
        assert response.headers["Location"] == kept.get_absolute_url()

    def test_archive_and_back(self, agent: Client, mairie: Organisation) -> None:
        agent.post(reverse("directory:organisation_archive", args=[mairie.pk]))
        mairie.refresh_from_db()
        assert not mairie.active
        page = text_of(agent.get(mairie.get_absolute_url()))
        assert "Archivée" in page
        agent.post(reverse("directory:organisation_restore", args=[mairie.pk]))
        mairie.refresh_from_db()
        assert mairie.active

    def test_invented_data_say_so(self, agent: Client, make: Make) -> None:
        invented = make("Fournil inventé", fictitious=True)
        assert "Données fictives" in text_of(agent.get(invented.get_absolute_url()))
        assert "Données fictives" in text_of(agent.get(reverse("directory:organisations")))
        assert "Données fictives" not in text_of(agent.get(make("Vrai").get_absolute_url()))


class TestOrganisationForm:
    CREATE = "directory:organisation_create"

    def test_a_new_organisation(self, agent: Client, communes: Any, workspace: Workspace) -> None:
        response = agent.post(
            reverse(self.CREATE),
            {
                "kind": "mill",
                "name": "Moulin Saint-Joseph",
                "siret": "211 300 272 00013",
                "commune": "St Rémy de Provence",
                "phone": "0490000000",
                "website": "moulin.example",
                "longitude": "4,83",
                "latitude": "43,79",
                "new_tags": "Lou Pan d’Ici, charte",
            },
        )
        created = Organisation.objects.get()
        assert response.headers["Location"] == created.get_absolute_url()
        assert (created.workspace, created.commune_id) == (workspace, "13100")
        assert (created.siret, created.website) == ("21130027200013", "https://moulin.example")
        assert created.point == (4.83, 43.79)
        assert created.tags.count() == 2

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"name": ""}, "Nom"),
            ({"siret": "21130027200014"}, "clé de contrôle"),
            ({"commune": "Trifouillis"}, "Commune"),
            ({"longitude": "4,83"}, "longitude et latitude"),
            ({"is_sole_trader": "on"}, "finalité et la date d’effacement"),
            ({"phone": "12"}, "numéro de téléphone"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_place(
        self, agent: Client, communes: Any, values: dict[str, str], sentence: str
    ) -> None:
        response = agent.post(reverse(self.CREATE), {"kind": "bakery", "name": "Fournil", **values})
        assert response.status_code == 422
        summary = BeautifulSoup(response.content, "html.parser").find(role="alert")
        assert summary is not None
        assert sentence in summary.get_text(" ")
        assert not Organisation.objects.exists()
        # What was typed is still there.
        for value in values.values():
            assert value in response.content.decode()

    def test_editing_shows_and_keeps_what_there_was(
        self, agent: Client, make: Make, mairie: Organisation
    ) -> None:
        child = make("Cuisine centrale", parent=mairie, longitude=4.63, latitude=43.68)
        url = reverse("directory:organisation_edit", args=[child.pk])
        form = BeautifulSoup(agent.get(url).content, "html.parser").find(
            "form", class_="rq-formulaire"
        )
        assert form is not None
        values = {
            field["name"]: field.get("value", "")
            for field in form.find_all("input")
            if field.get("type") != "checkbox"
        }
        assert values["commune"] == "Arles (13004)"
        assert values["parent"] == f"Mairie d’Arles (n° {mairie.pk})"
        assert values["longitude"] == "4,63"
        assert agent.post(url, {**values, "kind": "bakery", "notes": "vue"}).status_code == 302
        child.refresh_from_db()
        assert (child.commune_id, child.parent, child.point, child.notes) == (
            "13004",
            mairie,
            (4.63, 43.68),
            "vue",
        )

    def test_a_form_with_errors_does_not_change_the_page_s_title(
        self, agent: Client, mairie: Organisation
    ) -> None:
        url = reverse("directory:organisation_edit", args=[mairie.pk])
        response = agent.post(url, {"kind": "mairie", "name": "Autre", "siret": "1"})
        assert "Modifier « Mairie d’Arles »" in text_of(response)


def test_an_organisation_is_silenced_and_heard_again_from_its_form(
    agent: Client, mairie: Organisation
) -> None:
    url = reverse("directory:organisation_edit", args=[mairie.pk])
    values = {"kind": "mairie", "name": mairie.name, "commune": "13004", "email": mairie.email}
    agent.post(url, {**values, "do_not_contact": "on", "do_not_contact_reason": "par courrier"})
    page = text_of(agent.get(mairie.get_absolute_url()))
    assert "Ne plus relancer" in page
    assert "par courrier" in page
    agent.post(url, values)
    mairie.refresh_from_db()
    assert (mairie.do_not_contact, mairie.do_not_contact_on) == (False, None)


class TestContacts:
    def test_three_years_are_proposed(self, agent: Client, mairie: Organisation) -> None:
        page = agent.get(reverse("directory:contact_add", args=[mairie.pk]))
        proposed = timezone.localdate() + timedelta(days=3 * 365)
        assert f'value="{proposed.isoformat()}"' in page.content.decode()

    def test_a_person_without_purpose_is_refused(self, agent: Client, mairie: Organisation) -> None:
        url = reverse("directory:contact_add", args=[mairie.pk])
        response = agent.post(url, {"full_name": "Jeanne", "is_personal": "on"})
        assert response.status_code == 422
        page = text_of(response)
        assert "dites pourquoi ses coordonnées sont gardées" in page
        assert "dites quand ses coordonnées seront effacées" in page
        assert agent.post(url, {"full_name": "Service écoles"}).status_code == 302

    def test_silence_takes_today_s_date(self, agent: Client, mairie: Organisation) -> None:
        contact = services.add_contact(organisation=mairie, full_name="Écoles", is_personal=False)
        url = reverse("directory:contact_edit", args=[contact.pk])
        agent.post(
            url,
            {"full_name": "Écoles", "do_not_contact": "on", "do_not_contact_reason": "par appel"},
        )
        contact.refresh_from_db()
        assert (contact.do_not_contact_on, contact.do_not_contact_reason) == (
            timezone.localdate(),
            "par appel",
        )
        agent.post(url, {"full_name": "Écoles"})
        contact.refresh_from_db()
        assert (contact.do_not_contact_on, contact.do_not_contact_reason) == (None, "")

    def test_erasing_is_confirmed(self, agent: Client, mairie: Organisation) -> None:
        contact = services.add_contact(organisation=mairie, full_name="Écoles", is_personal=False)
        url = reverse("directory:contact_delete", args=[contact.pk])
        assert "sans retour possible" in text_of(agent.get(url))
        assert Contact.objects.exists()
        agent.post(url)
        assert not Contact.history.exists()

    def test_exports_leave_out_those_who_refused_and_say_so(
        self, agent: Client, mairie: Organisation
    ) -> None:
        add = services.add_contact
        add(organisation=mairie, full_name="Jeanne", is_personal=False)
        add(
            organisation=mairie,
            full_name="Paul",
            is_personal=False,
            do_not_contact=True,
            do_not_contact_on=date(2026, 1, 1),
        )
        page = text_of(agent.get(reverse("directory:contacts")))
        assert "Paul" in page
        assert "1 personne qui ne veut plus être relancée n’est pas dans les exports" in page
        export = agent.get(reverse("directory:contacts"), {"export": "csv"}).content.decode()
        assert "Jeanne" in export
        assert "Paul" not in export


class TestCanteens:
    def test_a_new_canteen(self, agent: Client, mairie: Organisation) -> None:
        url = f"{reverse('directory:canteen_create')}?organisation={mairie.pk}"
        form = agent.get(url).content.decode()
        assert f"Mairie d’Arles (n° {mairie.pk})" in form
        assert "Arles (13004)" in form
        response = agent.post(
            url,
            {
                "name": "École Jean-Jaurès",
                "organisation": f"Mairie d’Arles (n° {mairie.pk})",
                "commune": "Arles (13004)",
                "sector_list": ["education_primaire", "social_creche"],
                "daily_meal_count": "1 200",
            },
        )
        canteen = Canteen.objects.get()
        assert response.headers["Location"] == canteen.get_absolute_url()
        assert (canteen.organisation, canteen.daily_meal_count) == (mairie, 1200)
        page = text_of(agent.get(canteen.get_absolute_url()))
        assert "1 200" in page
        assert "Mairie d’Arles" in page
        assert "inconnu" in page
        list_page = text_of(agent.get(reverse("directory:canteens"), {"sector": "social_creche"}))
        assert "École Jean-Jaurès" in list_page

    def test_three_sectors_at_most(self, agent: Client, communes: Any) -> None:
        response = agent.post(
            reverse("directory:canteen_create"),
            {
                "name": "X",
                "sector_list": [
                    "education_primaire",
                    "social_creche",
                    "social_ehpad",
                    "social_ime",
                ],
            },
        )
        assert response.status_code == 422
        assert "Trois secteurs au plus" in text_of(response)

    def test_the_whole_commune_is_not_a_sum(self, agent: Client, mairie: Organisation) -> None:
        canteen = services.canteen_for_whole_commune(organisation=mairie, daily_meal_count=0)
        page = text_of(agent.get(canteen.get_absolute_url()))
        assert "ne les additionnez pas" in page
        # Zero is zero, unknown is a dash.
        assert "repas par jour, en moyenne 0" in page
        assert "repas par an, en moyenne –" in page
        url = reverse("directory:canteen_edit", args=[canteen.pk])
        assert "SIRET de la cuisine" in text_of(agent.get(url))
        agent.post(url, {"name": canteen.name, "daily_meal_count": "300"})
        canteen.refresh_from_db()
        assert (canteen.daily_meal_count, canteen.organisation) == (300, mairie)

    def test_satellites_and_their_kitchen_know_each_other(
        self, agent: Client, workspace: Workspace, communes: Any
    ) -> None:
        kitchen = services.create_canteen(
            workspace=workspace, name="Cuisine", siret="21130027200013"
        )
        satellite = services.create_canteen(
            workspace=workspace, name="École", central_producer_siret="21130027200013"
        )
        assert "Restaurants livrés 1 École" in text_of(agent.get(kitchen.get_absolute_url()))
        assert "Cuisine centrale Cuisine" in text_of(agent.get(satellite.get_absolute_url()))


class TestUpkeep:
    def test_mairies_are_added_from_the_page(self, agent: Client, aix_side: Territory) -> None:
        url = reverse("directory:town_halls")
        response = agent.post(url, {"territory": aix_side.pk}, follow=True)
        page = text_of(response)
        assert "3 mairies ajoutées" in page
        assert "Sans adresse électronique : Aix-en-Provence." in page

    def test_duplicates_are_compared_then_merged(self, agent: Client, make: Make) -> None:
        one, two = make("Fournil d’Arles"), make("FOURNIL D ARLES", siret="21130027200013")
        page = text_of(agent.get(reverse("directory:duplicates")))
        assert "même nom dans la même commune" in page
        url = reverse("directory:merge", args=[one.pk, two.pk])
        assert "211 300 272 00013" in text_of(agent.get(url))
        response = agent.post(url)
        assert response.headers["Location"] == one.get_absolute_url()
        two.refresh_from_db()
        assert two.merged_into == one

    def test_a_refused_merge_says_why(self, agent: Client, make: Make) -> None:
        one, two = make("Une", siret="21130027200013"), make("Deux", siret="21130105600019")
        response = agent.post(reverse("directory:merge", args=[one.pk, two.pk]))
        assert response.status_code == 422
        assert "Deux SIRET différents" in text_of(response)


class TestMap:
    def test_placed_organisations_are_drawn_and_listed(
        self, agent: Client, make: Make, arles_side: Territory
    ) -> None:
        make("Fournil", longitude=4.63, latitude=43.68)
        make("Moulin", kind=Kind.MILL, longitude=4.7, latitude=43.7)
        make("Sans lieu")
        page = text_of(agent.get(reverse("directory:map")))
        assert "2 organisations placées sur 3" in page
        assert "Fournil" in page
        only = text_of(agent.get(reverse("directory:map"), {"kind": "mill"}))
        assert "1 organisation placée sur 1" in only
        answer = agent.get(
            reverse("directory:map"), {"figure": "organisations", "format": "geojson"}
        )
        assert len(answer.json()["features"]) == 2


class TestCommunePanels:
    def test_the_mairie_comes_first_and_long_lists_are_cut(
        self, agent: Client, make: Make, mairie: Organisation
    ) -> None:
        for number in range(8):
            make(f"Boulangerie {number}")
        page = text_of(agent.get(reverse("portal:commune", args=["13004"])))
        assert "Voir les 9 organisations" in page
        assert page.index("Mairie d’Arles") < page.index("Boulangerie 0")
        assert "Boulangerie 7" not in page
        assert "Aucune cantine connue" in page

    def test_a_territory_not_covered_shows_no_panel(
        self, odile: Membership, mairie: Organisation
    ) -> None:
        response = client_of(odile).get(reverse("portal:commune", args=["13004"]))
        assert "Mairie d’Arles" not in response.content.decode()


def test_the_home_page_warns_before_a_person_is_erased(
    agent: Client, remi: Membership, mairie: Organisation
) -> None:
    home = reverse("portal:home")
    assert "bientôt effacées" not in text_of(agent.get(home))
    add = services.add_contact
    today = timezone.localdate()
    add(organisation=mairie, full_name="Jeanne", purpose="x", purge_on=today + timedelta(days=9))
    add(organisation=mairie, full_name="Paul", purpose="x", purge_on=today + timedelta(days=90))
    page = text_of(agent.get(home))
    assert "Données personnelles bientôt effacées 1" in page
    assert "Jeanne" in page
    assert "Paul" not in page
    assert "Jeanne" not in text_of(client_of(remi).get(home))


def test_mairies_of_another_workspace_s_territory_are_refused(
    agent: Client, charlie: Membership, aix_side: Territory
) -> None:
    url = reverse("directory:town_halls")
    response = client_of(charlie).post(url, {"territory": aix_side.pk})
    assert response.status_code == 422
    assert not Organisation.objects.exists()
