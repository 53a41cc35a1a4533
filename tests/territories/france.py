"""Real communes for tests: a few of the shipped ones, so that a test does not load all France."""

from collections.abc import Collection
from functools import cache

from restanque.territories.reference import tables
from restanque.territories.reference.load import write_tables
from restanque.territories.reference.sources import DATA_DIR, sources
from restanque.territories.reference.tables import Rows

METROPOLE = "200054807"
ACCM = "241300417"
CCVBA = "241300375"
TERRE_DE_PROVENCE = "200035087"
PETR = (ACCM, CCVBA, TERRE_DE_PROVENCE)

# Outside the PAT: homonyms, a merged commune with delegated ones, a commune without contour.
OTHERS = {
    "01015",  # Arboys en Bugey: 01340 merged, 01015 delegated under its own old name
    "71475",  # Saint-Rémy
    "21568",  # Saint-Rémy
    "30346",  # Vers-Pont-du-Gard
    "75056",  # Paris
    "69123",  # Lyon
    "15031",  # Celles: no contour
    "98411",  # unknown population
}


def load_pat() -> None:
    """The 121 communes of the PAT and a few others, with all that is shipped about them."""
    rows = _rows()
    write_tables(lambda name: [dict(row) for row in rows[name]])


def load_communes(codes: Collection[str]) -> None:
    """Some of those communes only, with all that is shipped about them."""
    rows = _rows()
    wanted = {
        tables.COMMUNES: "code",
        tables.CONTOURS: "code",
        tables.OLD_COMMUNES: "commune",
        tables.TOWN_HALLS: "commune",
        tables.STATISTICS: "commune",
    }

    def read(name: str) -> Rows:
        kept = rows[name]
        if name in wanted:
            kept = [row for row in kept if row[wanted[name]] in codes]
        return [dict(row) for row in kept]

    write_tables(read)


@cache
def _rows() -> dict[str, Rows]:
    """The rows to load, by file name; read once a session."""
    every = {source: tables.read_rows(DATA_DIR / source) for source in sources()}
    inside = {METROPOLE, *PETR}
    communes = [
        row
        for row in every[tables.COMMUNES]
        if row["epci"] in inside or row["departement"] == "13" or row["code"] in OTHERS
    ]
    codes = {row["code"] for row in communes}
    every[tables.COMMUNES] = communes
    every[tables.EPCI] = _only(every[tables.EPCI], "siren", {row["epci"] for row in communes})
    every[tables.CONTOURS] = _only(every[tables.CONTOURS], "code", codes)
    for name in (tables.OLD_COMMUNES, tables.TOWN_HALLS, tables.STATISTICS):
        every[name] = _only(every[name], "commune", codes)
    return every


def _only(rows: Rows, key: str, wanted: set[str]) -> Rows:
    return [row for row in rows if row[key] in wanted]
