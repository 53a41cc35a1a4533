"""Exports: what each file holds, for whom, and what must never be in the one to publish."""

import io
import json
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from restanque.accounts.models import Membership, Workspace
from restanque.core.models import Job
from restanque.surveys.exports import FORMATS, Source, formats, make, opendata
from restanque.surveys.exports.suppression import hidden_cells, is_dominated
from restanque.surveys.exports.variables import free_name
from restanque.surveys.models import Campaign
from restanque.territories.models import Territory
from tests.conftest import client_of
from tests.surveys.answering import plain
from tests.surveys.exporting import fill_campaign

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture
def surveyed(
    campaign: Campaign, territory: Territory, workspace: Workspace, alice: Membership
) -> Campaign:
    """Thirty answers of forty-three communes, and a bakery's."""
    fill_campaign(campaign, territory, workspace, alice.user)
    return campaign


@pytest.fixture
def source(surveyed: Campaign) -> Source:
    return Source(surveyed, only_validated=True, today=NOW)


def unzipped(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def test_the_workbook_gives_each_answer_its_weight(source: Source) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(make("excel", source).data))
    rows = sheet(book, "Réponses")
    weights = {row["Organisme"]: row["Poids"] for row in rows}
    assert weights["Fournil de l’Épi"] == ""
    # The weights of the answers add up to the communes of the territory.
    assert sum(weight for weight in weights.values() if weight != "") == pytest.approx(43)
    own = source.study.weight_by_invitation
    for row in rows:
        assert row["Poids"] == (pytest.approx(own[row["Numéro"]]) if row["Numéro"] in own else "")
    notes = plain(str(book.get_sheet_by_name("À propos").to_python()))
    assert "Le poids dit combien de communes une réponse représente" in notes


def sheet(book: Any, name: str) -> list[dict[str, Any]]:
    rows = book.get_sheet_by_name(name).to_python()
    start = next(rank for rank, row in enumerate(rows) if row[0] == "Numéro")
    found = [dict(zip(rows[start], row, strict=True)) for row in rows[start:]]
    return sorted(found[1:], key=lambda row: row["Organisme"])


def test_parquet_is_typed_and_labelled(source: Source) -> None:
    table = pq.read_table(io.BytesIO(make("parquet", source).data))
    assert table.num_rows == 31
    field = table.schema.field("a_cantine")
    assert field.metadata[b"label"].decode() == "Avez-vous une cantine ?"
    values = json.loads(field.metadata[b"values"])
    assert values == {"1": ["oui", "Oui"], "2": ["non", "Non"]}
    assert set(table["a_cantine"].to_pylist()) == {1, 2}
    assert set(table["publics_creche"].to_pylist()) == {0, 1, None}
    assert table.schema.field("envoyee_le").type == "date32[day]"
    about = json.loads(table.schema.metadata[b"restanque"])
    assert about["fictitious"] is False


def test_the_spss_syntax_declares_every_column(source: Source) -> None:
    files = unzipped(make("spss", source).data)
    syntax = files["reponses.sps"]
    header, first, *_ = files["reponses.csv"].splitlines()
    for name in header.split(";"):
        assert f"\r\n  {name} " in syntax
    assert "VALUE LABELS a_cantine\r\n  1 'Oui'\r\n  2 'Non'" in syntax
    assert "'Kilos par jour (kg/jour)'" in syntax
    assert "WEIGHT BY poids." in syntax
    assert "Fournil de l’Épi" in first


@pytest.mark.skipif(shutil.which("pspp") is None, reason="PSPP is not installed")
def test_pspp_runs_the_syntax_and_reads_accents(source: Source, tmp_path: Path) -> None:
    unpack(make("spss", source).data, tmp_path)
    more = "FREQUENCIES a_cantine.\nLIST organisme insee poids /CASES=FROM 1 TO 3.\n"
    with (tmp_path / "reponses.sps").open("a", encoding="utf-8") as syntax:
        syntax.write(more)
    done = subprocess.run(
        ["pspp", "-O", "format=txt", "reponses.sps"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error" not in done.stdout.lower()
    # The bakery has no weight: SPSS says so, and nothing else.
    assert done.stdout.lower().count("warning") == done.stdout.count("weight value that was") == 1
    assert "Fournil de l’Épi" in done.stdout
    assert "Avez-vous une cantine ?" in done.stdout
    study = source.study
    share = study.share("canteen.has_canteen", "oui").value
    assert share is not None
    assert f"{100 * share:.1f}%" in done.stdout


def unpack(data: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)


# R


def has_r() -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = ["Rscript", "-e", "quit(status = !requireNamespace('survey', quietly = TRUE))"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_r(), reason="R and its package « survey » are not installed")
def test_r_finds_our_figures_again(source: Source, tmp_path: Path) -> None:
    unpack(make("r", source).data, tmp_path)
    done = run_r(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    compared = (tmp_path / "comparaison.csv").read_text("utf-8").splitlines()
    assert sum("retrouvé" in line for line in compared) >= 7
    assert not any("ÉCART" in line for line in compared)
    # The comparison can fail: a figure changed by a millionth is seen.
    figures = (tmp_path / "chiffres.csv").read_text("utf-8").splitlines()
    cells = figures[1].split(",")
    cells[3] = repr(float(cells[3]) * 1.000001)
    figures[1] = ",".join(cells)
    (tmp_path / "chiffres.csv").write_text("\n".join(figures), "utf-8")
    assert run_r(tmp_path).returncode == 1


@pytest.mark.skipif(not has_r(), reason="R and its package « survey » are not installed")
def test_r_says_when_there_are_no_weights(campaign: Campaign, tmp_path: Path) -> None:
    unpack(make("r", Source(campaign, only_validated=True, today=NOW)).data, tmp_path)
    done = run_r(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Aucun chiffre" in done.stdout


def run_r(folder: Path) -> Any:
    return subprocess.run(
        ["Rscript", "analyse.R"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


# Open data


def test_what_is_published_names_nobody(source: Source) -> None:
    files = unzipped(make("ouvertes", source).data)
    everything = "\n".join(files.values())
    for secret in ("Échauguette", "Mairie", "Fournil", "Secret", "@", "139"):
        assert secret not in everything, secret
    questions = files["questions.csv"]
    assert "Une remarque;Pour finir;texte libre" in questions
    assert "Nom du fournisseur" not in files["chiffres.csv"]
    assert "Fin du contrat" not in files["chiffres.csv"]
    assert "Licence Ouverte" in files["LISEZMOI.txt"]
    whole = [line for line in files["chiffres.csv"].splitlines() if ";Ensemble;" in line]
    assert any(
        line.startswith("Avez-vous une cantine ?;Oui;part;%;;Ensemble;30;") for line in whole
    )


def test_small_groups_and_rare_choices_are_hidden(source: Source) -> None:
    question = source.study.question("canteen.has_canteen")
    cells = list(opendata.cells_of(source.study, question))
    shown = [cell for cell in cells if not cell.hidden]
    assert shown
    assert len(shown) < len(cells)
    for cell in shown:
        assert cell.n >= 5
        assert cell.figure.count is not None
        assert cell.figure.count == 0 or cell.figure.count >= 5
        assert cell.n - cell.figure.count == 0 or cell.n - cell.figure.count >= 5
    for grouping in {cell.grouping for cell in cells if cell.grouping}:
        for choice in {cell.choice for cell in cells}:
            column = [c.hidden for c in cells if (c.grouping, c.choice) == (grouping, choice)]
            assert sum(column) != 1, "one hidden group alone is found from the whole"


@pytest.mark.parametrize(
    ("counts", "totals", "several", "hidden"),
    [
        ([[9, 8]], [17], False, [[0, 0]]),
        ([[9, 3, 6]], [18], False, [[1, 1, 1]][:0] or [[0, 1, 1]]),
        ([[9, 3]], [12], False, [[1, 1]]),
        ([[14, 7]], [14], True, [[0, 0]]),
        ([[12, 7]], [14], True, [[1, 0]]),
        # A group of four hides, and takes the smallest other with it: the whole is published.
        ([[4, 0], [6, 9], [20, 30]], [4, 15, 50], False, [[1, 1], [1, 1], [0, 0]]),
        ([[8, 0], [9, 0]], [8, 9], False, [[0, 0], [0, 0]]),
    ],
)
def test_the_rules_of_suppression(
    counts: list[list[int]], totals: list[int], several: bool, hidden: list[list[int]]
) -> None:
    expected = [[bool(cell) for cell in row] for row in hidden]
    assert hidden_cells(counts, totals, several=several) == expected


def test_what_is_hidden_in_the_whole_is_hidden_in_its_parts() -> None:
    (whole,) = hidden_cells([[20, 3, 7]], [30], several=False)
    assert whole == [False, True, True]
    # Seven in one group alone would give the whole's seven back, then its three.
    parts = hidden_cells([[8, 0, 7], [12, 3, 0]], [15, 15], several=False, whole=whole)
    assert all(row[1:] == [True, True] for row in parts)


def test_a_mean_that_one_commune_makes_is_hidden() -> None:
    assert is_dominated([900, 10, 20, 30])
    assert not is_dominated([50, 40, 30, 20])
    assert not is_dominated([0, 0])


# Names, pages, rights


def test_names_suit_every_software() -> None:
    taken: set[str] = set()
    wanted = ["prix_kg", "Prix kg", "à l’œil", "12", "by", "", "x" * 90]
    names = [free_name(one, taken) for one in wanted]
    assert names[:3] == ["prix_kg", "prix_kg_2", "a_l_oeil"]
    assert names[3:6] == ["v_12", "v_by", "v"]
    assert len(names[6]) == 40


@pytest.mark.parametrize("code", sorted(FORMATS))
def test_every_format_of_a_fictitious_campaign_says_so(surveyed: Campaign, code: str) -> None:
    Campaign.objects.filter(pk=surveyed.pk).update(fictitious=True)
    campaign = Campaign.objects.get(pk=surveyed.pk)
    made = make(code, Source(campaign, only_validated=True, today=NOW))
    assert "donnees-fictives" in made.name
    if code == "parquet":
        table = pq.read_table(io.BytesIO(made.data))
        assert set(table["mention"].to_pylist()) == {"Données fictives"}
        assert json.loads(table.schema.metadata[b"restanque"])["fictitious"] is True
    if code == "excel":
        book = CalamineWorkbook.from_filelike(io.BytesIO(made.data))
        for name in book.sheet_names:
            assert book.get_sheet_by_name(name).to_python()[0][0] == "Données fictives", name
    if code in ("csv", "spss", "r", "ouvertes"):
        for name, text in unzipped(made.data).items():
            if name.endswith(".csv") and code in ("csv", "ouvertes"):
                assert "Données fictives" in text.splitlines()[0], name
        assert any("Données fictives" in plain(t) or "DONNÉES FICTIVES" in t
                   for t in unzipped(made.data).values())  # fmt: skip


@pytest.mark.parametrize("code", sorted(FORMATS))
def test_the_page_explains_and_gives_each_format(
    surveyed: Campaign, bob: Membership, code: str
) -> None:
    client = client_of(bob)
    page = client.get(reverse("surveys:export", args=[surveyed.pk])).content.decode()
    address = reverse("surveys:export-file", args=[surveyed.pk, code])
    assert address in page
    assert FORMATS[code].sentence in page.replace("&#x27;", "'")
    answer = client.get(address, {"reponses": "validees"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(answer.content) > 200


def test_an_unweighted_campaign_exports_all_the_same(campaign: Campaign, bob: Membership) -> None:
    client = client_of(bob)
    for code in FORMATS:
        address = reverse("surveys:export-file", args=[campaign.pk, code])
        assert client.get(address).status_code == 200, code


def test_who_may_not_edit_exports_nothing(
    surveyed: Campaign, remi: Membership, bob_elsewhere: Membership, charlie: Membership
) -> None:
    for who in (remi, bob_elsewhere, charlie):
        client = client_of(who)
        for name, args in (("export", ()), ("export-file", ("r",)), ("export-start", ("r",))):
            url = reverse(f"surveys:{name}", args=[surveyed.pk, *args])
            answer = client.post(url) if name == "export-start" else client.get(url)
            assert answer.status_code in (403, 404)
    assert not Job.objects.exists()


def test_a_long_export_is_made_by_a_job(
    surveyed: Campaign,
    bob: Membership,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    from restanque.core.jobs.services import perform

    monkeypatch.setattr(formats, "AT_ONCE", 10)
    client = client_of(bob)
    file = reverse("surveys:export-file", args=[surveyed.pk, "spss"])
    page = reverse("surveys:export", args=[surveyed.pk])
    assert client.get(file)["Location"] == page
    start = reverse("surveys:export-start", args=[surveyed.pk, "spss"])
    assert start in client.get(page).content.decode()
    answer = client.post(start, {"reponses": "validees"})
    job = Job.objects.get()
    assert answer["Location"] == reverse("core:job", args=[job.pk])
    perform(job.pk)
    job.refresh_from_db()
    assert job.result_name.startswith("reponses-spss-")
    with job.result_file.open() as made:
        assert "reponses.sps" in unzipped(made.read())
