"""Loading, searching and describing the communes of France."""

import itertools
import shutil
from pathlib import Path

import pytest

from restanque.kit.text import search_key
from restanque.territories.hours import hours_lines
from restanque.territories.models import (
    Commune,
    CommuneContour,
    Departement,
    Epci,
    OldCommune,
    ReferenceLoad,
    TownHall,
)
from restanque.territories.reference import load as loading
from restanque.territories.reference import tables
from restanque.territories.reference.sources import DATA_DIR
from restanque.territories.resolve import resolve_many
from restanque.territories.sizes import SIZE_CLASSES, size_class
from tests.territories.france import load_pat


@pytest.mark.usefixtures("france")
def test_all_of_france_loads_once_and_answers_to_its_names() -> None:
    first = loading.load()
    assert first.rows[tables.COMMUNES] == Commune.objects.current().count() == 34_969
    assert first.rows[tables.CONTOURS] == CommuneContour.objects.count()
    assert first.rows[tables.TOWN_HALLS] == TownHall.objects.count()
    assert first.rows[tables.OLD_COMMUNES] == OldCommune.objects.count()
    assert first.seconds < 60
    again = loading.load()
    assert again.rows == {}
    assert ReferenceLoad.objects.count() == 1
    assert "déjà à jour" in str(again)
    # All of France is at hand: every name written badly must still be read, here one département
    # in eight, and the one of Ville-d’Avray, whose name looks like a title.
    for departement in [*Departement.objects.all()[::8], Departement.objects.get(pk="92")]:
        communes = list(departement.communes.current())
        lines = [shouted(commune.name) for commune in communes]
        found = resolve_many(lines, departement=departement.code)
        assert [line.commune for line in found.lines] == communes


@pytest.mark.usefixtures("france")
def test_a_vanished_commune_stays_but_is_no_longer_current() -> None:
    Commune.objects.create(code="99001", name="Disparue", name_key="disparue", departement_id="13")
    Epci.objects.create(siren="999999999", name="Dissoute", name_key="dissoute", kind="CC")
    load_pat()
    assert not Commune.objects.get(pk="99001").is_current
    assert not Epci.objects.get(pk="999999999").is_current
    assert Commune.objects.get(pk="13004").is_current


@pytest.mark.usefixtures("france")
def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    for path in DATA_DIR.iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / tables.REGIONS).write_bytes(b"nothing")
    before = ReferenceLoad.objects.count()
    with pytest.raises(loading.CorruptDataError, match=tables.REGIONS):
        loading.load(tmp_path, force=True)
    assert ReferenceLoad.objects.count() == before


@pytest.mark.usefixtures("france")
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("saint remy de provence", "Saint-Rémy-de-Provence"),
        ("SAINT-RÉMY DE PROV", "Saint-Rémy-de-Provence"),
        ("arles", "Arles"),
        ("13108", "Tarascon"),
        ("13150", "Tarascon"),
        ("remy prov", "Saint-Rémy-de-Provence"),
    ],
)
def test_search_is_blind_to_accents_and_reads_codes(typed: str, first: str) -> None:
    found = Commune.objects.search(typed).first()
    assert found is not None
    assert found.name == first


@pytest.mark.usefixtures("france")
@pytest.mark.parametrize("typed", ["", "  ", "–", "zzz"])
def test_search_finds_nothing_when_there_is_nothing(typed: str) -> None:
    assert not Commune.objects.search(typed).exists()


@pytest.mark.usefixtures("france")
def test_size_classes_filter_as_they_classify() -> None:
    for size in SIZE_CLASSES:
        for commune in Commune.objects.in_size_class(size):
            assert commune.size_class == size
    counted = sum(Commune.objects.in_size_class(size).count() for size in SIZE_CLASSES)
    assert counted == Commune.objects.filter(population__isnull=False).count()


def test_size_classes_leave_no_gap() -> None:
    for before, after in itertools.pairwise(SIZE_CLASSES):
        assert before.upper == after.lower - 1
    assert SIZE_CLASSES[0].lower == 0
    assert SIZE_CLASSES[-1].upper is None


@pytest.mark.parametrize(
    ("population", "code"),
    [(0, "lt1000"), (999, "lt1000"), (1_000, "1000-3499"), (886_040, "ge50000")],
)
def test_size_class_of_a_population(population: int, code: str) -> None:
    found = size_class(population)
    assert found is not None
    assert found.code == code


def test_an_unknown_population_has_no_class() -> None:
    assert size_class(None) is None


def test_hours_read_in_french() -> None:
    assert hours_lines("Mo-Th 08:00-12:00,13:30-17:00; Fr 08:00-12:00") == [
        "Du lundi au jeudi\u00a0: 8\u00a0h – 12\u00a0h, 13\u00a0h\u00a030 – 17\u00a0h",
        "Vendredi\u00a0: 8\u00a0h – 12\u00a0h",
    ]
    assert hours_lines("") == []
    with pytest.raises(ValueError, match="unreadable"):
        hours_lines("tous les jours")


def test_every_shipped_hour_can_be_read() -> None:
    rows = tables.read_rows(DATA_DIR / tables.TOWN_HALLS)
    known = [row["opening_hours"] for row in rows if row["opening_hours"]]
    assert known
    assert [text for text in known if not hours_lines(text)] == []


def shouted(name: str) -> str:
    """Capitals, no accents, no hyphens, « ST » for « Saint »: an old spreadsheet's way."""
    short = {"saint": "st", "sainte": "ste"}
    return " ".join(short.get(word, word) for word in search_key(name).split()).upper()
