"""Communes, EPCI, départements, régions and old codes, from the etalab package (COG and DGCL)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from restanque.territories.reference.packages import Archive
from restanque.territories.reference.tables import Rows

REGION_COLUMNS: dict[str, type] = {"code": str, "name": str}
DEPARTEMENT_COLUMNS: dict[str, type] = {"code": str, "name": str, "region": str}
EPCI_COLUMNS: dict[str, type] = {"siren": str, "name": str, "kind": str}
OLD_COMMUNE_COLUMNS: dict[str, type] = {
    "code": str,
    "name": str,
    "kind": str,
    "commune": str,
    "postal_codes": str,
    "population": int,
}

# What an old code was. `merged` is a code of the COG's history, of which no name is left.
ARRONDISSEMENT = "arrondissement"
DELEGATED = "delegated"
ASSOCIATED = "associated"
MERGED = "merged"
_KINDS = {
    "arrondissement-municipal": ARRONDISSEMENT,
    "commune-deleguee": DELEGATED,
    "commune-associee": ASSOCIATED,
}


@dataclass(frozen=True, slots=True)
class Divisions:
    """The administrative tables of one COG vintage, each sorted by its code."""

    communes: Rows
    epci: Rows
    departements: Rows
    regions: Rows
    old_communes: Rows

    def current_code_of(self) -> dict[str, str]:
        """Map every code, current or old, to the code of today's commune."""
        codes = {row["code"]: row["commune"] for row in self.old_communes}
        codes.update((row["code"], row["code"]) for row in self.communes)
        return codes


def read_divisions(archive: Archive) -> Divisions:
    """Read the five tables. A commune outside any EPCI (islands, COM) has `epci` None."""
    entries = _load(archive, "communes")
    groups = _load(archive, "epci")
    epci_of = {member["code"]: group["code"] for group in groups for member in group["membres"]}
    current = [entry for entry in entries if entry["type"] == "commune-actuelle"]
    return Divisions(
        communes=_by_code(_commune(entry, epci_of.get(entry["code"])) for entry in current),
        epci=sorted(
            ({"siren": g["code"], "name": g["nom"], "kind": g["type"]} for g in groups),
            key=lambda row: row["siren"],
        ),
        departements=_by_code(
            {"code": d["code"], "name": d["nom"], "region": d["region"]}
            for d in _load(archive, "departements")
        ),
        regions=_by_code({"code": r["code"], "name": r["nom"]} for r in _load(archive, "regions")),
        old_communes=_old_communes(entries, current),
    )


def _commune(entry: dict[str, Any], epci: str | None) -> dict[str, Any]:
    return {
        "code": entry["code"],
        "name": entry["nom"],
        "siren": entry.get("siren"),
        "departement": entry["departement"],
        "epci": epci,
        "postal_codes": " ".join(entry.get("codesPostaux", [])),
        # The package's epci.json carries an older population (2022): only this one is used.
        "population": entry.get("population"),
    }


def _old_communes(entries: list[dict[str, Any]], current: list[dict[str, Any]]) -> Rows:
    """Every code or name that is no longer a commune, and the commune it belongs to today.

    The rule, in order: an arrondissement of Paris, Lyon or Marseille belongs to its city; a
    delegated or associated commune to its chef-lieu commune of this vintage; any other code to
    the commune whose history lists it. The chef-lieu comes before the history because the two
    disagree for communes restored since (55273, 60455), where the history is out of date.
    A delegated commune may keep the code of the new commune: it is there for its name.
    """
    rows: Rows = []
    named: set[str] = set()
    for entry in entries:
        kind = _KINDS.get(entry["type"])
        if kind is None:
            continue
        named.add(entry["code"])
        rows.append(
            {
                "code": entry["code"],
                "name": entry["nom"],
                "kind": kind,
                "commune": entry["commune"] if kind == ARRONDISSEMENT else entry["chefLieu"],
                "postal_codes": " ".join(entry.get("codesPostaux", [])),
                "population": entry.get("population"),
            }
        )
    rows.extend(
        {
            "code": code,
            "name": "",
            "kind": MERGED,
            "commune": entry["code"],
            "postal_codes": "",
            "population": None,
        }
        for entry in current
        for code in entry.get("anciensCodes", [])
        if code not in named
    )
    return sorted(rows, key=lambda row: (row["code"], row["kind"]))


def _by_code(rows: Iterable[dict[str, Any]]) -> Rows:
    return sorted(rows, key=lambda row: row["code"])


def _load(archive: Archive, name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(archive.read(f"data/{name}.json"))
    return loaded
