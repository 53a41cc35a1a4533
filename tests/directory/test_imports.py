"""Files taken in: recognised, shown first, completed rather than doubled, undone."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from restanque.accounts.models import Membership, Workspace
from restanque.core.imports import registry, run_import
from restanque.core.imports.services import ImportRefused, undo_run
from restanque.core.models import ImportRun, RunStatus
from restanque.directory import services
from restanque.directory.importers import IMPORTERS
from restanque.directory.models import Canteen, Certification, Contact, Organisation, Tag
from restanque.directory.nomenclature import Kind
from restanque.kit.tabular import template_workbook
from restanque.territories.models import Territory

Make = Callable[..., Organisation]
Bring = Callable[..., ImportRun]
PERSON = {"purpose": "suivi du projet alimentaire", "purge_on": "2029-11-24"}


@pytest.fixture
def bring(workspace: Workspace, arles_side: Territory, aix_side: Territory) -> Bring:
    """Import text as a CSV file, at once; `dry_run=True` only previews it."""

    def run(importer: str, text: str, /, *, dry_run: bool = False, **context: Any) -> ImportRun:
        return run_import(
            kind=importer,
            data=text.encode(),
            filename="liste.csv",
            workspace=workspace,
            dry_run=dry_run,
            context=context,
        )

    return run


def outcome(run: ImportRun) -> tuple[int, int, int, int]:
    """Created, updated, without effect, to correct."""
    return run.create_count, run.update_count, run.skip_count, run.error_count


def problems(run: ImportRun) -> str:
    return plain("\n".join(row.problem for row in run.rows.all() if row.problem))


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\u00a0", " ")


class TestMairies:
    FILE = (
        "Commune;Mail;Tél\n"
        "ARLES;mairie@arles.fr;04.90.49.36.36\n"
        "Mairie de Tarascon;;490915151\n"
        "St Rémy de Provence;contact@saint-remy.fr;\n"
        "13088;;\n"
        "Aix en Provence 13100;;\n"
        "Marseille 1er arrondissement;;\n"
        "Chateaurenard;pas une adresse;\n"
        "Trifouillis;;\n"
        "Arles;autre@arles.fr;\n"
    )

    def test_names_and_codes_are_understood(self, bring: Bring) -> None:
        run = bring("mairies", self.FILE)
        assert outcome(run) == (6, 0, 1, 2)
        names = set(Organisation.objects.values_list("name", flat=True))
        assert names == {
            "Mairie d’Arles",
            "Mairie de Tarascon",
            "Mairie de Saint-Rémy-de-Provence",
            "Mairie du Rove",
            "Mairie d’Aix-en-Provence",
            "Mairie de Marseille",
        }
        assert Organisation.objects.get(commune="13108").phone == "04 90 91 51 51"
        said = problems(run)
        assert "Ligne 8, Adresse électronique" in said
        assert "Ligne 9, Commune : « Trifouillis »" in said

    def test_a_known_mairie_is_completed_not_doubled(
        self, bring: Bring, mairie: Organisation
    ) -> None:
        run = bring("mairies", "code insee;mail;site\n13004;;https://arles.fr\n")
        assert outcome(run) == (0, 1, 0, 0)
        mairie.refresh_from_db()
        assert (mairie.email, mairie.website) == ("mairie@arles.fr", "https://arles.fr")
        again = bring("mairies", "code insee;mail;site\n13004;;https://arles.fr\n")
        assert outcome(again) == (0, 0, 1, 0)

    def test_the_preview_writes_nothing(self, bring: Bring) -> None:
        run = bring("mairies", self.FILE, dry_run=True)
        assert outcome(run) == (6, 0, 1, 2)
        assert not Organisation.objects.exists()

    def test_undo_brings_everything_back(self, bring: Bring, mairie: Organisation) -> None:
        run = bring("mairies", "Commune;Étiquettes;Site\nArles;charte;https://a.fr\nTarascon;;\n")
        assert outcome(run) == (1, 1, 0, 0)
        assert undo_run(run=run).status == RunStatus.UNDONE
        mairie.refresh_from_db()
        assert list(Organisation.objects.all()) == [mairie]
        assert (mairie.website, mairie.tags.count()) == ("", 0)

    def test_undo_refuses_to_lose_later_work(self, bring: Bring) -> None:
        run = bring("mairies", "Commune\nArles\nTarascon\n")
        tarascon = Organisation.objects.get(commune="13108")
        services.update_organisation(organisation=tarascon, notes="appelée le 3")
        with pytest.raises(ImportRefused, match="modifiée depuis"):
            undo_run(run=run)
        assert Organisation.objects.count() == 2

    def test_undo_refuses_when_something_hangs_on_it(self, bring: Bring) -> None:
        run = bring("mairies", "Commune\nArles\n")
        services.canteen_for_whole_commune(organisation=Organisation.objects.get())
        with pytest.raises(ImportRefused, match=r"cantine \(1\)"):
            undo_run(run=run)


class TestOrganisations:
    def test_same_siret_or_same_name_and_commune_is_the_same(
        self, bring: Bring, make: Make
    ) -> None:
        make("Moulin Céard", "13004", siret="21130027200013")
        make("Fournil du Rhône", "13004")
        run = bring(
            "organisations",
            "Raison sociale,Type,SIRET,Ville,Email\n"
            "Nouveau nom du moulin,Moulin,211 300 272 00013,Arles,moulin@exemple.fr\n"
            "FOURNIL DU RHONE,boulanger,,arles,\n"
            "Fournil du Rhône,boulanger,21130105600019,Tarascon,\n"
            "Sans clé,Moulin,21130027200014,Arles,\n",
        )
        assert outcome(run) == (1, 1, 1, 1)
        assert Organisation.objects.count() == 3
        assert Organisation.objects.get(siret="21130027200013").email == "moulin@exemple.fr"
        assert "clé de contrôle est fausse" in problems(run)

    def test_a_postal_code_alone_is_not_read_as_an_insee_code(self, bring: Bring) -> None:
        bring("organisations", "Nom;CP\nFournil d’Aix;13100\n", kind="bakery")
        assert Organisation.objects.get().commune_id == "13001"

    def test_rows_outside_the_chosen_territory_are_left_out(
        self, bring: Bring, aix_side: Territory
    ) -> None:
        run = bring(
            "organisations",
            "Nom;Commune\nA;Arles\nB;Marseille\nC;\n",
            territory=str(aix_side.pk),
        )
        assert outcome(run) == (1, 0, 2, 0)

    def test_a_sole_trader_needs_a_purpose_and_a_date(self, bring: Bring) -> None:
        text = "Nom;Commune;EI\nFournil de Jeanne;Arles;oui\n"
        refused = bring("producers", text)
        assert outcome(refused) == (0, 0, 0, 1)
        assert "est une personne" in problems(refused)
        assert outcome(bring("producers", text, **PERSON)) == (1, 0, 0, 0)
        baker = Organisation.objects.get()
        assert (baker.purpose, str(baker.purge_on)) == (PERSON["purpose"], PERSON["purge_on"])

    def test_producers_bring_signs_tags_and_products(self, bring: Bring) -> None:
        run = bring(
            "producers",
            "Exploitation;Ville;Label;Productions;Marque\n"
            "Mas des Blés;Arles;AB + HVE;blé tendre;Lou Pan d'Ici\n"
            "Mas d’à côté;Arles;Lou Pan d'Ici;;\n",
        )
        assert outcome(run) == (1, 0, 0, 1)
        farm = Organisation.objects.get()
        assert farm.kind == Kind.PRODUCER
        assert set(farm.certifications.values_list("sign", flat=True)) == {"BIO", "HVE"}
        assert plain(farm.notes) == "Productions : blé tendre"
        assert [tag.name for tag in farm.tags.all()] == ["Lou Pan d'Ici"]
        # A brand is not a sign: the row says where it goes.
        assert "Une marque se met dans les étiquettes" in problems(run)
        undo_run(run=run)
        assert not Organisation.objects.exists()
        assert not Certification.objects.exists()


class TestContacts:
    def test_persons_wait_for_a_purpose(self, bring: Bring, mairie: Organisation) -> None:
        text = "Commune;Nom;Prénom;Fonction;Mail\nArles;DURAND;Jeanne;Élue;J.Durand@arles.fr\n"
        refused = bring("contacts", text)
        assert outcome(refused) == (0, 0, 0, 1)
        assert "est une personne" in problems(refused)
        assert outcome(bring("contacts", text, **PERSON)) == (1, 0, 0, 0)
        contact = Contact.objects.get()
        assert (contact.organisation, contact.full_name) == (mairie, "Jeanne DURAND")
        assert contact.email == "j.durand@arles.fr"

    def test_the_organisation_is_found_by_siret_name_or_commune(
        self, bring: Bring, mairie: Organisation, make: Make
    ) -> None:
        mill = make("Moulin Céard", siret="21130027200013", kind=Kind.MILL)
        run = bring(
            "contacts",
            "Structure;SIRET;Commune;Contact;Personne physique\n"
            "Moulin Céard;;;Accueil;non\n"
            ";21130027200013;;Comptabilité;non\n"
            "Ville d’Arles;;Arles;Écoles;non\n"
            "Inconnue;;;Accueil;non\n"
            ";;Tarascon;Accueil;non\n",
        )
        assert outcome(run) == (3, 0, 0, 2)
        assert mill.contacts.count() == 2
        assert mairie.contacts.get().full_name == "Écoles"
        assert "la mairie de Tarascon n’est pas dans l’annuaire" in problems(run)

    def test_a_file_does_not_take_silence_back(self, bring: Bring, mairie: Organisation) -> None:
        contact = services.add_contact(
            organisation=mairie,
            full_name="Jeanne",
            email="jeanne@arles.fr",
            do_not_contact=True,
            do_not_contact_on="2026-01-05",  # type: ignore[arg-type]
            purpose="enquête",
            purge_on="2027-01-01",  # type: ignore[arg-type]
        )
        run = bring(
            "contacts",
            "Commune;Nom;Mail;Fonction;Opposition\nArles;Jeanne;jeanne@arles.fr;Élue;non\n",
            **PERSON,
        )
        assert outcome(run) == (0, 1, 0, 0)
        contact.refresh_from_db()
        assert (contact.do_not_contact, contact.function) == (True, "Élue")
        assert (contact.purpose, str(contact.purge_on)) == ("enquête", "2027-01-01")

    def test_undo_leaves_no_trace_of_a_person(self, bring: Bring, mairie: Organisation) -> None:
        run = bring("contacts", "Commune;Nom\nArles;Jeanne Durand\n", **PERSON)
        undo_run(run=run)
        assert not Contact.history.exists()


class TestCanteens:
    def test_the_file_that_ma_cantine_takes_is_read(self, bring: Bring, make: Make) -> None:
        owner = make("Mairie de Châteaurenard", "13027", kind=Kind.MAIRIE)
        run = bring(
            "canteens",
            "siret,nom,siret_cuisine_centrale,nombre_repas_jour,nombre_repas_an,secteurs,"
            "type_production,type_gestion,modèle_économique,groupe_id,administration_tutelle,"
            "gestionnaires_additionnels\n"
            "21130027200013,Ecole Jean Jaurès,,300,42000,"
            '"Crèche,Ecole primaire (maternelle et élémentaire)",'
            "Restaurant avec cuisine sur place,Directe,Public,,,a@exemple.fr\n"
            "21130105600019,École du Rove,,3,2,Crèche,site,Concédée,Public,,,\n",
        )
        assert outcome(run) == (1, 0, 0, 1)
        assert "moins de repas par an (2) que par jour (3)" in problems(run)
        canteen = Canteen.objects.get()
        # The file has no commune: its SIRET is that of the commune, so is who answers for it.
        assert (canteen.commune_id, canteen.organisation) == ("13027", owner)
        assert (canteen.daily_meal_count, canteen.yearly_meal_count) == (300, 42000)
        assert canteen.sector_list == "social_creche,education_primaire"
        assert (canteen.management_type, canteen.production_type) == ("direct", "site")

    def test_the_register_updates_by_number_then_by_siret(
        self, bring: Bring, workspace: Workspace
    ) -> None:
        known = services.create_canteen(workspace=workspace, name="A", ma_cantine_id=12)
        by_siret = services.create_canteen(workspace=workspace, name="B", siret="21130027200013")
        run = bring(
            "canteens",
            "id;name;siret;city_insee_code;daily_meal_count;sector_list;management_type\n"
            "12;A;;13004;50;Crèche;direct\n"
            "13;B;21130027200013;13027;60;;conceded\n",
        )
        assert outcome(run) == (0, 2, 0, 0)
        known.refresh_from_db()
        by_siret.refresh_from_db()
        assert (known.commune_id, known.daily_meal_count) == ("13004", 50)
        assert (by_siret.ma_cantine_id, by_siret.management_type) == (13, "conceded")
        undo_run(run=run)
        known.refresh_from_db()
        assert (known.commune_id, known.daily_meal_count) == (None, None)

    def test_the_latest_declaration_of_a_canteen_is_read(self, bring: Bring) -> None:
        run = bring(
            "canteen-declarations",
            "id,year,canteen_id,canteen_siret,canteen_name,canteen_city_insee_code,"
            "canteen_management_type\n"
            "1,2021,7,21130027200013,MAIRIE,13027,\n"
            "2,2023,7,21130027200013,Cuisine centrale,13027,conceded\n"
            "3,2022,8,21130105600019,Crèche,13201,direct\n",
        )
        assert outcome(run) == (2, 0, 1, 0)
        canteen = Canteen.objects.get(ma_cantine_id=7)
        assert (canteen.name, canteen.management_type) == ("Cuisine centrale", "conceded")
        assert canteen.source == "ma-cantine, télédéclarations (données 2023)"
        assert Canteen.objects.get(ma_cantine_id=8).commune_id == "13055"


class TestCommuneLists:
    def test_names_or_codes_tag_the_mairies(self, bring: Bring, mairie: Organisation) -> None:
        run = bring("beneficiary-communes", "commune\nArles\n13108\nchateaurenard\nParis\nArles\n")
        assert outcome(run) == (2, 1, 1, 1)
        tag = Tag.objects.get(name="commune bénéficiaire")
        assert {o.commune_id for o in tag.organisations.all()} == {"13004", "13108", "13027"}
        # A mairie that was missing comes with what the administration publishes.
        assert Organisation.objects.get(commune="13108").phone == "04 90 49 36 36"
        assert "Paris" in problems(run)
        again = bring("beneficiary-communes", "commune\nArles\n")
        assert outcome(again) == (0, 0, 1, 0)

    def test_the_charter_takes_the_tag_chosen(self, bring: Bring, mairie: Organisation) -> None:
        bring("charter-signatories", "Ville\nArles\n", tag="charte 2024")
        assert [tag.name for tag in mairie.tags.all()] == ["charte 2024"]

    def test_an_earlier_study_becomes_notes(self, bring: Bring, mairie: Organisation) -> None:
        run = bring(
            "earlier-study",
            "Commune;Pain par jour;Fournisseur;Remarques\nArles;60 kg;grossiste;à rappeler\n",
        )
        mairie.refresh_from_db()
        assert plain(mairie.notes) == (
            "Étude antérieure\nPain par jour : 60 kg\nFournisseur : grossiste\nà rappeler"
        )
        undo_run(run=run)
        mairie.refresh_from_db()
        assert mairie.notes == ""


def test_the_history_names_who_imported(
    workspace: Workspace, arles_side: Territory, bob: Membership
) -> None:
    run_import(
        kind="mairies",
        data=b"Commune\nArles\n",
        filename="mairies.csv",
        workspace=workspace,
        dry_run=False,
        user=bob.user,
    )
    entry = Organisation.history.get()
    assert (entry.history_user, entry.history_change_reason) == (bob.user, "import\u00a0: mairies")


def test_every_template_can_be_filled_and_read_back(bring: Bring) -> None:
    for importer in IMPORTERS:
        data = template_workbook(importer.columns, title=importer.title)
        assert io.BytesIO(data).read(2) == b"PK"


def test_imports_are_for_editors_who_cover_everything(
    alice: Membership, bob: Membership, remi: Membership, paula: Membership, odile: Membership
) -> None:
    for importer in IMPORTERS:
        allowed = registry.get(importer.kind).allowed
        assert [allowed(m) for m in (alice, bob, remi, paula, odile)] == [
            True,
            True,
            False,
            False,
            False,
        ], importer.kind
