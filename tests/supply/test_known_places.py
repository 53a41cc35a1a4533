"""Bakeries and mills named by public files: directory and offers to complete, and the way back."""

import json
from typing import Any

import pytest

from restanque.core.imports import run_import
from restanque.core.imports.services import ImportRefused, undo_run
from restanque.core.models import ImportRun
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.supply.building import build
from restanque.supply.models import BakeryOffer, MillOffer
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services import offers, scenarios
from restanque.supply.services.offers import Proposed
from restanque.territories.models import Commune, Territory
from tests.supply.conftest import TODAY

HEAD = (
    "siret,etatAdministratifEtablissement,statutDiffusionEtablissement,"
    "activitePrincipaleEtablissement,enseigne1Etablissement,denominationUniteLegale,"
    "nomUniteLegale,categorieJuridiqueUniteLegale,numeroVoieEtablissement,"
    "libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,"
    "codeCommuneEtablissement,longitude,latitude\n"
)


def siret(number: int) -> str:
    """A number of fourteen digits whose key is right."""
    for key in range(10):
        text = f"{number:013d}{key}"
        total = 0
        for place, digit in enumerate(reversed(text)):
            value = int(digit) * (2 if place % 2 else 1)
            total += value - 9 if value > 9 else value
        if total % 10 == 0:
            return text
    raise AssertionError


S1, S2, S3, S4, S5, S6 = (siret(9_990_000_000_000 + n) for n in range(6))
ROWS = (
    f"{S1},A,O,10.71C,AU BON PAIN,SARL DUPAIN,,5499,3,RUE DU FOUR,13150,TARASCON,13108,4.66,43.8\n"
    f"{S2},A,O,1061A,,MOULIN DU RHONE,,5710,,CHEMIN BAS,13210,SAINT REMY DE PROVENCE,13100,,\n"
    f"{S3},F,O,10.71C,Fermée,X,,5499,,,13150,TARASCON,13108,,\n"
    f"{S4},A,P,10.71C,[ND],[ND],[ND],1000,,,13150,TARASCON,13108,,\n"
    f"{S5},A,O,56.10A,Le Bistrot,Y,,5499,,,13150,TARASCON,13108,,\n"
    f"{S6},A,O,10.71C,,,PETRIN,1000,,RUE BASSE,13150,TARASCON,13108,,\n"
    f"{siret(9_990_000_000_009)},A,O,10.71C,Loin,Z,,5499,,,75001,PARIS,75056,,\n"
    f"{siret(9_990_000_000_010)},A,O,10.71C,,,,5499,,,13150,TARASCON,13108,,\n"
    "123,A,O,10.71C,Faux,Z,,5499,,,13150,TARASCON,13108,,\n"
)


@pytest.fixture
def context(territory: Territory) -> dict[str, Any]:
    """The choices beside the file."""
    return {"territory": str(territory.pk), "purpose": "", "purge_on": ""}


def bring(
    territory: Territory, context: dict[str, Any], kind: str, data: str, name: str = "f.csv"
) -> ImportRun:
    return run_import(
        kind=kind,
        data=data.encode(),
        filename=name,
        workspace=territory.workspace,
        dry_run=False,
        context=context,
    )


class TestSirene:
    def test_open_bakeries_and_mills_get_a_record_and_an_offer_to_complete(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        run = bring(territory, context, "sirene", HEAD + ROWS)
        bakery = Organisation.objects.get(siret=S1)
        assert (bakery.name, bakery.kind, bakery.commune_id) == ("Au Bon Pain", "bakery", "13108")
        assert bakery.address == "3 RUE DU FOUR"
        assert bakery.source == "SIRENE (INSEE)"
        offer = BakeryOffer.objects.get()
        assert offer.organisation == bakery
        assert offer.is_to_complete
        assert (offer.capacity_kg_per_day, offer.willing) == (None, None)
        assert [(p.bread_class, p.price_per_kg) for p in offer.prices.all()] == [("courant", None)]
        assert "SIRENE" in offer.source
        assert MillOffer.objects.get().organisation.siret == S2
        said = {row.number: row.problem or row.summary for row in run.rows.all()}
        assert "fermé" in said[4]
        assert "refuse la diffusion" in said[5]
        assert "56.10A" in said[6]
        assert "finalité" in said[7]  # a sole trader is a person
        assert "75056" in said[8] or "hors du territoire" in said[8]
        assert "aucun nom" in said[9]
        assert "SIRET" in said[10]

    def test_a_sole_trader_is_kept_with_a_purpose_and_a_date(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        context |= {"purpose": "Préparer les achats de pain", "purge_on": "2029-11-24"}
        bring(territory, context, "sirene", HEAD + ROWS)
        person = Organisation.objects.get(siret=S6)
        assert person.name == "Boulangerie Petrin"
        assert person.is_sole_trader
        assert str(person.purge_on) == "2029-11-24"

    def test_a_record_of_the_same_siret_is_completed_never_doubled(
        self, territory: Territory, context: dict[str, Any], bakery: Any
    ) -> None:
        known = bakery("Chez Dupain", "13108", siret=S1, address="Place du Marché")
        run = bring(territory, context, "sirene", HEAD + ROWS)
        known.refresh_from_db()
        assert (known.name, known.address) == ("Chez Dupain", "Place du Marché")
        assert known.postal_code == "13150"
        assert BakeryOffer.objects.get().organisation == known
        assert "à vérifier" not in run.rows.get(number=2).summary

    def test_the_same_name_in_the_same_commune_is_a_guess_and_says_so(
        self, territory: Territory, context: dict[str, Any], bakery: Any
    ) -> None:
        known = bakery("Boulangerie Au bon pain", "13108")
        run = bring(territory, context, "sirene", HEAD + ROWS)
        told = run.rows.get(number=2).summary.replace("\xa0", " ")
        assert "à vérifier : reconnue par son nom" in told
        known.refresh_from_db()
        assert known.siret == S1
        assert Organisation.objects.filter(kind=Kind.BAKERY, commune="13108").count() == 1

    def test_a_namesake_with_another_siret_is_another_bakery(
        self, territory: Territory, context: dict[str, Any], bakery: Any
    ) -> None:
        bakery("Au Bon Pain", "13108", siret=siret(8_880_000_000_000))
        bring(territory, context, "sirene", HEAD + ROWS)
        assert Organisation.objects.filter(name_key="au bon pain").count() == 2

    def test_nameless_bakeries_of_the_commune_are_recalled(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        offers.add_placeholders(
            territory=territory,
            commune=Commune.objects.get(pk="13108"),
            count=2,
            source="BPE",
            today=TODAY,
        )
        run = bring(territory, context, "sirene", HEAD + ROWS)
        assert "2 boulangeries sans nom" in run.rows.get(number=2).summary.replace("\xa0", " ")

    def test_the_scenario_says_what_it_supposes_of_them(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        bring(territory, context, "sirene", HEAD + ROWS)
        built = build(scenarios.create_scenario(territory=territory, name="Avec SIRENE"))
        said = " ".join(built.assumed).replace("\xa0", " ")
        assert "Capacité inconnue de 1 boulangerie" in said
        assert "Prix inconnu de 1 boulangerie" in said

    def test_undoing_takes_records_and_offers_away(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        run = bring(territory, context, "sirene", HEAD + ROWS)
        undo_run(run=run)
        assert not Organisation.objects.filter(siret__in=[S1, S2]).exists()
        assert not BakeryOffer.objects.exists()
        assert not MillOffer.objects.exists()

    def test_an_offer_completed_since_is_not_undone(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        run = bring(territory, context, "sirene", HEAD + ROWS)
        offers.save_bakery(
            territory=territory,
            offer=BakeryOffer.objects.get(),
            prices=[Proposed(BreadClass.COURANT)],
            today=TODAY,
            capacity_kg_per_day=30,
        )
        with pytest.raises(ImportRefused, match="complétée"):
            undo_run(run=run)
        assert Organisation.objects.filter(siret=S1).exists()

    def test_the_same_file_again_changes_nothing(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        bring(territory, context, "sirene", HEAD + ROWS)
        again = bring(territory, context, "sirene", HEAD + ROWS)
        assert again.change_count == 0

    def test_a_record_of_another_kind_is_told_not_changed(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        create_organisation(
            workspace=territory.workspace, kind=Kind.PRODUCER, name="Ferme", siret=S1
        )
        run = bring(territory, context, "sirene", HEAD + ROWS)
        assert "Corrigez sa nature" in run.rows.get(number=2).problem


def feature(name: str | None, place: tuple[float, float] | None, **tags: str) -> dict[str, Any]:
    marks: dict[str, Any] = {**tags}
    if name is not None:
        marks["name"] = name
    geometry = None if place is None else {"type": "Point", "coordinates": place}
    return {"type": "Feature", "properties": marks, "geometry": geometry}


class TestOpenStreetMap:
    @pytest.fixture
    def geojson(self, territory: Territory) -> str:
        """Places around Tarascon, one a surface, one without a name, one elsewhere."""
        at = Commune.objects.get(pk="13108")
        here = (float(at.longitude or 0), float(at.latitude or 0))
        square = [
            [here[0] - 1e-4, here[1] - 1e-4],
            [here[0] + 1e-4, here[1] - 1e-4],
            [here[0] + 1e-4, here[1] + 1e-4],
            [here[0] - 1e-4, here[1] - 1e-4],
        ]
        surface = feature("Moulin neuf", None, craft="grinding_mill")
        surface["geometry"] = {"type": "Polygon", "coordinates": [square]}
        features = [
            feature("Le Fournil", here, shop="bakery", **{"ref:FR:SIRET": S1}),
            surface,
            feature(None, here, shop="bakery"),
            feature("Pâtisserie", here, shop="pastry"),
            feature("Ailleurs", (2.35, 48.85), shop="bakery"),
            feature("Sans point", None, shop="bakery", **{"addr:city": "Saint-Rémy-de-Provence"}),
        ]
        return json.dumps({"type": "FeatureCollection", "features": features})

    def test_places_go_to_the_commune_that_holds_their_point(
        self, territory: Territory, context: dict[str, Any], geojson: str
    ) -> None:
        run = bring(territory, context, "osm", geojson, "export.geojson")
        made = {o.name: (o.kind, o.commune_id) for o in Organisation.objects.all()}
        assert made == {
            "Le Fournil": ("bakery", "13108"),
            "Moulin neuf": ("mill", "13108"),
            "Sans point": ("bakery", "13100"),
        }
        said = {row.number: row.problem or row.summary for row in run.rows.all()}
        assert "sans nom" in said[3]
        assert "shop=bakery" in said[4]
        assert "aucune commune du territoire" in said[5]
        assert "ODbL" in BakeryOffer.objects.order_by("pk")[0].source

    def test_a_table_is_read_too(self, territory: Territory, context: dict[str, Any]) -> None:
        head = "@id\tname\tshop\taddr:city\t@lat\t@lon\n"
        data = f"{head}node/1\tLe Fournil\tbakery\tSaint-Rémy-de-Provence\t\t\n"
        bring(territory, context, "osm", data, "export.csv")
        assert Organisation.objects.get().commune_id == "13100"

    @pytest.mark.parametrize(
        ("data", "words"),
        [("{", "lisible"), ('{"features": []}', "aucun lieu"), ('{"features": 3}', "aucun lieu")],
    )
    def test_a_file_that_is_no_geojson_is_refused(
        self, territory: Territory, context: dict[str, Any], data: str, words: str
    ) -> None:
        with pytest.raises(ImportRefused, match=words):
            bring(territory, context, "osm", data, "x.geojson")
