"""Which organisations of a directory a legal category may designate: a table, no database.

These are aids to search one's own directory, not law: the categories and their articles come from
`engine.law`. Words are compared with `kit.text.search_key` of a name, whole words only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from restanque.kit.text import search_key


class Where(StrEnum):
    """How the organisations are found."""

    NAMED = "named"  # by words of their name
    COMMUNES = "communes"  # the town halls of the perimeter
    EPCI = "epci"  # the EPCI of the perimeter
    NEIGHBOURS = "neighbours"  # town halls and EPCI that touch the perimeter
    OTHERS = "others"  # the organisations of the kind « ppa » that no other line found


@dataclass(frozen=True, slots=True)
class Seek:
    """One thing to look for. `words` are alternatives; a name with one of `unless` is left out."""

    label: str
    capacity: str
    where: Where = Where.NAMED
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def fits(self, name_key: str) -> bool:
        """Whether a name says it."""
        name = f" {name_key} "
        return any(f" {word} " in name for word in self.words) and not any(
            f" {word} " in name for word in self.unless
        )


def _named(label: str, *words: str, unless: tuple[str, ...] = (), capacity: str = "") -> Seek:
    return Seek(label, capacity or label, Where.NAMED, words, unless)


_STATE = _named(
    "Préfecture ou direction départementale des territoires",
    "prefecture", "prefet", "ddtm", "ddt", "direction departementale des territoires",
    unless=("region", "maritime"), capacity="État",
)  # fmt: skip
_REGION = _named("Conseil régional", "conseil regional", "region", unless=("prefet", "prefecture"))
_DEPARTEMENT = _named("Conseil départemental", "conseil departemental", "departement")
_FARMERS = _named("Chambre d’agriculture", "chambre d agriculture")
_CHAMBERS = (
    _FARMERS,
    _named("Chambre de commerce et d’industrie", "chambre de commerce", "cci"),
    _named("Chambre de métiers et de l’artisanat", "chambre de metiers", "cma"),
)
_SCOT = _named(
    "Porteur d’un SCoT voisin",
    "scot", "schema de coherence territoriale", "petr", "pole d equilibre", "pole metropolitain",
)  # fmt: skip
_OWN_SCOT = Seek("Porteur du SCoT", "porteur du SCoT", Where.NAMED, _SCOT.words)
_ASSOCIATED = (
    _STATE,
    _REGION,
    _DEPARTEMENT,
    *_CHAMBERS,
    _named("Parc naturel régional ou national", "parc naturel", "parc national", "pnr"),
    _named("Autorité organisatrice de la mobilité", "mobilite", "transports"),
    Seek("Autres personnes publiques associées de l’annuaire", "personne publique associée",
         Where.OTHERS),
)  # fmt: skip
_COMMUNES = Seek("Mairies des communes du périmètre", "commune membre", Where.COMMUNES)
_EPCI = Seek("Intercommunalités du périmètre", "groupement membre", Where.EPCI)
_NEIGHBOURS = Seek(
    "Mairies et intercommunalités qui touchent le périmètre", "voisin", Where.NEIGHBOURS
)
_CDPENAF = _named("CDPENAF", "cdpenaf", "preservation des espaces naturels")
_INAO = _named("INAO", "inao", "institut national de l origine et de la qualite")
_FOREST = _named("Centre national de la propriété forestière", "cnpf", "propriete forestiere")
_PREFECT_OF_REGION = _named(
    "Préfet de région", "prefet de region", "prefecture de region", "dreal", "prefecture regionale"
)
_AUTHORITY = _named("Autorité environnementale", "mrae", "autorite environnementale")
_CRHH = _named(
    "Comité régional de l’habitat et de l’hébergement", "crhh", "comite regional de l habitat"
)

_HLM = _named("Organisme HLM ou sa représentation", "hlm", "bailleurs", "habitat social")

#: Identifier of a legal category → what to look for.
MATCHES: dict[str, tuple[Seek, ...]] = {
    "scot.ppa": _ASSOCIATED,
    "scot.notification-ppa": _ASSOCIATED,
    "scot.membres": (_COMMUNES, _EPCI),
    "scot.voisins": (_NEIGHBOURS,),
    "scot.scot-voisins": (_SCOT,),
    "scot.hlm": (_HLM,),
    "scot.massif": (_named("Comité de massif", "comite de massif", "massif"),),
    "scot.cdpenaf": (_CDPENAF,),
    "scot.notification-cdpenaf": (_CDPENAF,),
    "scot.chambre-agriculture": (_FARMERS,),
    "scot.inao": (_INAO,),
    "scot.cnpf": (_FOREST,),
    "scot.prefet-region": (_PREFECT_OF_REGION,),
    "scot.mrae": (_AUTHORITY,),
    "scot.prefet-maritime": (
        _named("Préfet maritime", "prefet maritime", "prefecture maritime"),
    ),
    "scot.notification-beges": (_EPCI,),
    "scot.information-prefet": (_STATE,),
    "scot.information-prefet-region": (_PREFECT_OF_REGION,),
    "scot.information-departement": (_DEPARTEMENT,),
    "scot.information-region": (_REGION,),
    "scot.information-maires": (_COMMUNES,),
    "scot.information-aode": (
        _named("Autorité organisatrice de la distribution d’énergie", "energie", "electrification"),
    ),
    "scot.information-consulaires": _CHAMBERS,
    "scot.information-reseaux": (
        _named("Gestionnaire de réseau", "enedis", "grdf", "rte", "natran", "grtgaz", "terega"),
    ),
    "plu.ppa": (_OWN_SCOT, *_ASSOCIATED),
    "plu.agricole": (_FARMERS, _INAO, _FOREST),
    "plu.derogation-scot": (_OWN_SCOT,),
    "plu.derogation-cdpenaf": (_CDPENAF,),
    "plu-modification.ppa": (_OWN_SCOT, *_ASSOCIATED),
    "plh.communes-et-scot": (_COMMUNES, _OWN_SCOT),
    "plh.crhh": (_CRHH,),
    "pdm.consultes": (),
    "pcaet.prefet-region": (_PREFECT_OF_REGION,),
    "pcaet.region": (_REGION,),
    "pcaet.mrae": (_AUTHORITY,),
}  # fmt: skip


def seeks_of(law_id: str, label: str) -> tuple[Seek, ...]:
    """What to look for; for a category that the table does not know, the words of its label."""
    return MATCHES.get(law_id, (_named(label, search_key(label)),))
