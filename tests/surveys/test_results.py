"""First results against counts made by hand, and what is not shown of few."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from restanque.accounts.models import Membership, Workspace
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.surveys import exports
from restanque.surveys.analysis.data import Dataset
from restanque.surveys.analysis.numbers import median, nice_step, quantile, quartiles
from restanque.surveys.analysis.tabulate import distribution, hide_few
from restanque.surveys.models import Campaign, Invitation, Response
from restanque.surveys.services import invitations, review
from restanque.territories.models import Commune, Territory
from restanque.territories.services import add_communes, assign_zone, create_zone
from tests.conftest import client_of
from tests.surveys.answering import fill, plain, send

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture
def many(
    campaign: Campaign, territory: Territory, workspace: Workspace, communes: dict[str, Commune]
) -> Callable[[int], list[Invitation]]:
    """Make invitations in as many communes; the even ones are of the zone « Nord »."""

    def make(number: int) -> list[Invitation]:
        departement = communes["13004"].departement
        zone = create_zone(territory=territory, name="Nord")
        halls = []
        for rank in range(number):
            code = f"139{rank:02d}"
            commune = Commune.objects.create(
                code=code, name=f"Commune {rank:02d}", name_key=f"commune {rank:02d}",
                departement=departement, population=500 if rank < 6 else 5000,
            )  # fmt: skip
            halls.append(
                create_organisation(
                    workspace=workspace,
                    kind=Kind.MAIRIE,
                    name=f"Mairie {rank:02d}",
                    commune=commune,
                )
            )
        codes = [hall.commune_id for hall in halls]
        add_communes(territory=territory, codes=codes, on=TODAY)
        north = Commune.objects.filter(pk__in=codes[::2])
        assign_zone(zone=zone, communes=north, on=TODAY)
        invitations.add_invitations(campaign=campaign, organisations=halls)
        return list(campaign.invitations.filter(organisation__in=halls).order_by("pk"))

    return make


@pytest.fixture
def asked(many: Callable[[int], list[Invitation]]) -> Campaign:
    """Twelve invited. Ten answer: seven with a canteen, three without; one begins, one is silent.

    Meals: 50, 100, 100, 150, 200, 300, 400. Publics: maternelle ×4, both ×2, none said ×1.
    """
    found = many(12)
    meals = ["50", "100", "100", "150", "200", "300", "400"]
    publics = ["maternelle"] * 4 + ["maternelle creche"] * 2 + [""]
    for invitation, repas, public in zip(found, meals, publics, strict=False):
        values = {"publics": public} if public else {}
        send(invitation, repas=repas, kg=str(int(repas) * 5 / 100), **values)
    for invitation in found[7:10]:
        send(invitation, a_cantine="non")
    fill(found[10], a_cantine="oui")
    return found[0].campaign


def question(dataset: Dataset, key: str) -> Any:
    """A question that exists."""
    found = dataset.question(key)
    assert found is not None
    return found


def test_a_number_has_its_median_and_quartiles(asked: Campaign) -> None:
    dataset = Dataset(asked)
    one = question(dataset, "cantine.repas")

    found = distribution(dataset.units(one), hide_small=False)

    assert found.n == 7
    assert found.median == 150
    assert (found.first_quartile, found.third_quartile) == (100, 250)
    assert found.mean == Decimal(1300) / 7
    assert (found.lowest, found.highest) == (50, 400)
    assert found.missing.not_asked == 3


def test_grams_per_meal_are_derived_from_the_facts(asked: Campaign) -> None:
    dataset = Dataset(asked)
    one = question(dataset, "derive.grammes-par-repas")

    found = distribution(dataset.units(one), hide_small=False)

    assert found.n == 7
    assert set(found.values) == {Decimal(50)}


def test_only_validated_answers_when_asked(asked: Campaign, bob: Membership) -> None:
    review.validate(response=Response.objects.filter(status="submitted")[0], by=bob.user)

    assert len(Dataset(asked, only_validated=True).rows) == 1
    assert len(Dataset(asked).rows) == 10


def test_a_rejected_answer_counts_for_nothing(asked: Campaign, bob: Membership) -> None:
    review.reject(response=Response.objects.filter(status="submitted")[0], by=bob.user, note="test")
    assert len(Dataset(asked).rows) == 9


def test_a_series_counts_its_turns(invitation: Invitation) -> None:
    fill(invitation, a_cantine="oui", repas="100", kg="5")
    from restanque.surveys.services import answers

    answers.save_page(invitation=invitation, page=1, post=_nothing(), add="/data/pain/four")
    values = {
        "/data/pain/four[1]/nom": "Fournil", "/data/pain/four[1]/local": "oui",
        "/data/pain/four[2]/nom": "Levain",
    }  # fmt: skip
    answers.save_answers(invitation=invitation, values=values)
    assert answers.submit(invitation=invitation).accepted
    dataset = Dataset(invitation.campaign)
    one = question(dataset, "pain.four.local")

    units = dataset.units(one)

    assert one.repeat == "/data/pain/four"
    assert [(unit.status, unit.values) for unit in units] == [
        ("answered", ("oui",)),
        ("no_answer", ()),
    ]
    tables = exports.tables_of(invitation.campaign, only_validated=False)
    assert tables[1].coded == [
        [invitation.pk, "Mairie d’Arles", 1, "Fournil", "oui"],
        [invitation.pk, "Mairie d’Arles", 2, "Levain", None],
    ]


def _nothing() -> Any:
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from restanque.surveys.posting import PagePost

    return PagePost(QueryDict(), MultiValueDict())


def test_contact_details_are_in_no_result_nor_export(asked: Campaign) -> None:
    dataset = Dataset(asked)

    assert dataset.question("fin_.mel") is None
    headers, rows = exports.codebook(asked)
    assert "fin_.mel" not in {row[0] for row in rows}
    assert "mel" not in str(exports.tables_of(asked, only_validated=False)[0].codes)
    assert headers[0] == "Colonne"


# Counts by group and choice, totals, several choices allowed → what is shown outside the team.
HIDDEN = [
    ([[6, 7]], [13], False, [[6, 7]]),
    # One cell of 3 would be found from the total: its neighbour goes too.
    ([[9, 3]], [12], False, [[None, None]]),
    ([[9, 3, 6]], [18], False, [[9, None, None]]),
    ([[0, 8]], [8], False, [[0, 8]]),
    # A group of four is hidden whole; its zero too.
    ([[4, 0], [6, 9]], [4, 15], False, [[None, None], [None, None]]),
    ([[3, 9, 8], [7, 6, 6]], [20, 19], False, [[None, 9, None], [None, 6, None]]),
    # With several choices rows do not add up, but 12 of 14 says that 2 did not.
    ([[12, 7]], [14], True, [[None, 7]]),
    ([[14, 7]], [14], True, [[14, 7]]),
]


@pytest.mark.parametrize(("matrix", "totals", "several", "shown"), HIDDEN)
def test_what_is_hidden(
    matrix: list[list[int | None]], totals: list[int], several: bool, shown: list[list[int | None]]
) -> None:
    assert hide_few(matrix, totals=totals, several=several) == shown


def test_a_single_hidden_cell_never_remains_in_a_row_or_a_column() -> None:
    matrix: list[list[int | None]] = [[9, 3, 30], [20, 8, 11], [40, 9, 13]]

    hidden = hide_few(matrix, totals=[42, 39, 62])

    for line in [*hidden, *zip(*hidden, strict=True)]:
        assert sum(cell is None for cell in line) != 1
    assert matrix[0] == [9, 3, 30]


def test_a_reader_does_not_see_small_numbers(
    asked: Campaign, remi: Membership, bob: Membership
) -> None:
    url = reverse("surveys:result", args=[asked.pk, "cantine.a_cantine"])

    team = plain(client_of(bob).get(url).content.decode())
    reader = plain(client_of(remi).get(url).content.decode())

    assert '<td class="rq-num">3</td>' in team
    assert '<td class="rq-num">3</td>' not in reader
    assert "moins de 5 organismes" in reader
    assert 'data-map="' in team
    assert 'data-map="' not in reader


def test_a_reader_does_not_deduce_small_numbers_from_what_is_missing(
    asked: Campaign, remi: Membership, bob: Membership
) -> None:
    # Three were not asked for their meals: they are the three without a canteen.
    url = reverse("surveys:result", args=[asked.pk, "cantine.repas"])

    team = plain(client_of(bob).get(url).content.decode())
    reader = plain(client_of(remi).get(url).content.decode())
    index = plain(client_of(remi).get(reverse("surveys:results", args=[asked.pk])).content.decode())

    assert "3, les réponses précédentes l’excluaient" in team
    assert "les réponses précédentes l’excluaient" not in reader
    assert "n = 7 réponses" in team
    assert "n = 7 réponses" not in reader
    assert "7 sur 7" not in index
    median = reader.split("Médiane</th>")[1].split("</tr>")[0]
    assert "150,0 repas/jour" in median
    assert "Extrêmes" not in reader


def test_a_reader_does_not_read_texts_nor_export_answers(asked: Campaign, remi: Membership) -> None:
    client = client_of(remi)

    assert client.get(reverse("surveys:result", args=[asked.pk, "fin_.libre"])).status_code == 404
    for file_format in ("xlsx", "zip"):
        url = reverse("surveys:results-export", args=[asked.pk, file_format])
        assert client.get(url).status_code == 403
    index = client.get(reverse("surveys:results", args=[asked.pk])).content.decode()
    assert "Une remarque" not in index
    assert "export" not in index


def test_every_page_says_of_whom_it_speaks(asked: Campaign, bob: Membership) -> None:
    client = client_of(bob)
    for url in (
        reverse("surveys:results", args=[asked.pk]),
        reverse("surveys:result", args=[asked.pk, "cantine.repas"]),
    ):
        text = plain(client.get(url).content.decode())
        assert "Estimations pour les 15 communes du territoire" in text
        assert "10 sur 12, 83 %" in text


def test_open_texts_are_searched_without_accents(asked: Campaign, bob: Membership) -> None:
    waiting = asked.invitations.filter(response__status="draft")[0]
    send(waiting, libre="Le pain arrive écrasé.")
    url = reverse("surveys:result", args=[asked.pk, "fin_.libre"])
    client = client_of(bob)

    assert "écrasé" in client.get(url, {"q": "ECRASE pain"}).content.decode()
    none = client.get(url, {"q": "absent"}).content.decode()
    assert "Aucune réponse avec ces mots" in none


def test_the_workbook_has_labels_codes_and_a_codebook(asked: Campaign) -> None:
    Campaign.objects.update(fictitious=True)
    asked.refresh_from_db()

    data = exports.export_xlsx(asked, only_validated=False, today=NOW)

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names[:2] == ["Réponses", "Fournisseur"]
    for name in book.sheet_names:
        assert book.get_sheet_by_name(name).to_python()[0][0] == "Données fictives", name
    _, header, first, *_ = book.get_sheet_by_name("Réponses").to_python()
    row = dict(zip(header, first, strict=True))
    assert row["Avez-vous une cantine ?"] == "Oui"
    assert row["Repas par jour"] == 50
    assert row["Publics servis"] == "Maternelle"
    _, header, first, *_ = book.get_sheet_by_name("Réponses (codes)").to_python()
    row = dict(zip(header, first, strict=True))
    assert row["cantine.a_cantine"] == "oui"
    words = book.get_sheet_by_name("Dictionnaire").to_python()
    assert any(line[0] == "cantine.publics" and line[4:6] == ["creche", "Crèche"] for line in words)
    notes = str(book.get_sheet_by_name("À propos").to_python())
    assert "ne décrivent que ceux qui ont répondu" in notes
    assert "sur 12" in plain(notes)


def test_the_archive_has_csv_and_a_codebook(asked: Campaign) -> None:
    data = exports.export_zip(asked, only_validated=False, today=NOW)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert set(archive.namelist()) == {
            "reponses.csv", "serie-1.csv", "dictionnaire.csv", "a-propos.csv",
        }  # fmt: skip
        lines = archive.read("reponses.csv").decode("utf-8-sig").splitlines()
    assert len(lines) == 11
    assert lines[0].startswith(
        "Numéro;Organisme;Code INSEE;Commune;EPCI;Classe de taille;État;Envoyée le;Voie;Poids;"
    )


def test_the_chart_and_the_map_are_downloaded(asked: Campaign, bob: Membership) -> None:
    url = reverse("surveys:result", args=[asked.pk, "cantine.a_cantine"])
    client = client_of(bob)

    table = client.get(f"{url}?figure=repartition&format=csv").content.decode("utf-8-sig")
    assert "Réponse;Part (%);De;À;n" in table
    assert "Oui;70;47;80;10" in table
    assert client.get(f"{url}?figure=repartition&format=png").content.startswith(b"\x89PNG")


def test_quantiles_are_those_of_r() -> None:
    values = [Decimal(v) for v in (1, 2, 4, 8)]

    assert median(values) == 3
    assert quartiles(values) == (Decimal("1.75"), Decimal(5))
    assert quantile(values, Decimal(1)) == 8
    assert median([Decimal(7)]) == 7
    with pytest.raises(ValueError, match="No value"):
        median([])


@pytest.mark.parametrize(
    ("values", "step"), [((20, 70), 5), ((3, 3), 1), ((0, 1), "0.1"), ((1, 1000), 100)]
)
def test_histogram_classes_are_round(values: tuple[int, int], step: Any) -> None:
    assert nice_step([Decimal(v) for v in values]) == Decimal(step)
