"""Closed lists: words people write, labels of older files."""

import csv
import json
from pathlib import Path

import pytest

from restanque.directory.nomenclature import LINE_MINISTRIES, Kind, Sector, read_kind, read_sectors


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Boulangerie", Kind.BAKERY),
        ("boulangers", Kind.BAKERY),
        ("COLLEGE", Kind.COLLEGE),
        ("meunier", Kind.MILL),
        ("Commune", Kind.MAIRIE),
        ("canteen_operator", Kind.CANTEEN_OPERATOR),
        ("garage", None),
    ],
)
def test_a_kind_is_read_from_usual_words(word: str, kind: Kind | None) -> None:
    assert read_kind(word) == kind


def test_sectors_are_read_with_current_and_older_labels() -> None:
    known, unknown = read_sectors(
        "Crèche,EHPAD/ maisons de retraite / foyers de personnes âgées,Secondaire Lycée agricole,X"
    )
    assert known == [Sector.CRECHE, Sector.EHPAD, Sector.AGRICOLE]
    assert unknown == ["X"]


def test_codes_are_those_of_ma_cantine(shared: Path) -> None:
    listed = json.loads((shared / "egalim_nomenclatures.json").read_text("utf-8"))["secteurs"]
    assert {entry["code"] for entry in listed} == set(Sector.values)
    for entry in listed:
        assert read_sectors(entry["libelle"])[0] == [Sector(entry["code"])]


def test_every_label_of_the_real_declarations_is_read(shared: Path) -> None:
    path = shared / "cantines_teledeclarations_perimetre.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 388
    assert [word for row in rows for word in read_sectors(row["canteen_sector_list"])[1]] == []
    ministries = {row["canteen_line_ministry"] for row in rows} - {""}
    assert ministries <= set(LINE_MINISTRIES)
