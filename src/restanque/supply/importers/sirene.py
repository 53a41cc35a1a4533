"""Import of a SIRENE extract (INSEE, « StockEtablissement » and its derivatives)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from restanque.directory.identifiers import clean_siret
from restanque.directory.importers.columns import LATITUDE, LONGITUDE
from restanque.directory.nomenclature import Kind
from restanque.kit.tabular import Column, ValidRow
from restanque.supply.importers.known import Candidate, KnownPlacesImporter, LeftOut, Unusable

#: Activity (NAF rév. 2) → what the directory calls it.
ACTIVITIES: Mapping[str, Kind] = {"10.71C": Kind.BAKERY, "10.61A": Kind.MILL}
#: Legal category of a sole trader: a person.
SOLE_TRADER = "1000"


def _text(name: str, title: str, *aliases: str, required: bool = False) -> Column:
    return Column(name, title, required=required, aliases=aliases, max_length=250)


class SireneImporter(KnownPlacesImporter):
    """One row an establishment."""

    kind = "sirene"
    title = "Boulangeries et moulins : fichier SIRENE"
    origin = "SIRENE (INSEE)"
    help = (
        "Un extrait du fichier des établissements (INSEE), en CSV ou en tableur : boulangeries "
        "(10.71C) et meuneries (10.61A). Chacune reçoit une fiche et une offre à compléter : "
        "SIRENE dit qu’elle existe, pas ce qu’elle peut faire. Les établissements fermés ou non "
        "diffusibles sont laissés de côté."
    )
    columns = (
        Column(
            "siret", "siret", required=True, parse=clean_siret, example="211 300 272 00013",
            aliases=("SIRET", "n° siret"),
        ),
        _text(
            "activity", "activitePrincipaleEtablissement", "naf", "code naf", "ape", "code ape",
            "activite principale", required=True,
        ),
        _text("state", "etatAdministratifEtablissement", "état administratif", "etat"),
        _text("diffusion", "statutDiffusionEtablissement", "statut de diffusion"),
        _text("sign", "enseigne1Etablissement", "enseigne"),
        _text("usual", "denominationUsuelleEtablissement", "dénomination usuelle"),
        _text("company", "denominationUniteLegale", "dénomination", "raison sociale", "nom"),
        _text("surname", "nomUniteLegale", "nomUsageUniteLegale"),
        _text("category", "categorieJuridiqueUniteLegale", "catégorie juridique"),
        _text("street_number", "numeroVoieEtablissement"),
        _text("street_kind", "typeVoieEtablissement"),
        _text("street", "libelleVoieEtablissement", "adresse", "voie"),
        _text("postal_code", "codePostalEtablissement", "code postal", "cp"),
        _text("commune", "libelleCommuneEtablissement", "commune", "ville"),
        _text("code_insee", "codeCommuneEtablissement", "code commune", "code insee"),
        LONGITUDE,
        LATITUDE,
    )  # fmt: skip

    def candidate(self, row: ValidRow) -> Candidate:
        """An open, publishable bakery or mill that has a name."""
        said = {name: str(value or "").strip() for name, value in row.values.items()}
        kind = ACTIVITIES.get(_activity(said.get("activity", "")))
        name = _name(said, kind)
        if kind is None:
            shown = said.get("activity") or "inconnue"
            raise LeftOut(f"{name or said['siret']} : activité {shown}, ni 10.71C ni 10.61A")
        if said.get("state", "").upper().startswith("F"):
            raise LeftOut(f"{name or said['siret']} : établissement fermé")
        if said.get("diffusion", "").upper() in ("N", "P"):
            raise LeftOut("Établissement dont le titulaire refuse la diffusion")
        if not name:
            raise Unusable(
                "aucun nom : ajoutez la colonne « denominationUniteLegale » au fichier, ou "
                "l’enseigne de l’établissement."
            )
        sole = said.get("category", "") == SOLE_TRADER or bool(
            said.get("surname") and not said.get("company")
        )
        street = " ".join(
            filter(
                None, (said.get(part, "") for part in ("street_number", "street_kind", "street"))
            )
        )
        values: dict[str, Any] = {"address": street, "postal_code": said.get("postal_code", "")}
        longitude, latitude = row.values.get("longitude"), row.values.get("latitude")
        if longitude is not None and latitude is not None:
            values |= {"longitude": float(longitude), "latitude": float(latitude)}
        return Candidate(name, kind, said["siret"], sole, values)


def _activity(text: str) -> str:
    """« 10.71C » however it is written: « 1071c », « 10.71 C »."""
    bare = text.upper().replace(".", "").replace(" ", "")
    return f"{bare[:2]}.{bare[2:]}" if len(bare) == 5 else text


def _name(said: Mapping[str, str], kind: Kind | None) -> str:
    """What the shop is called, else the company, else « Boulangerie » and the owner's name."""
    for part in ("sign", "usual", "company"):
        told = said.get(part, "")
        if told and told != "[ND]":
            return told.title() if told.isupper() else told
    owner = said.get("surname", "")
    if owner and owner != "[ND]":
        trade = "Moulin" if kind == Kind.MILL else "Boulangerie"
        return f"{trade} {owner.title()}"
    return ""
