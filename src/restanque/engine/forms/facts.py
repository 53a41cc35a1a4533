"""The vocabulary of facts: what a question may feed in the rooms above the survey.

A question declares its fact in the XLSForm, in column `bind::rq:fact`, so that no name of question
is ever guessed. A fact says which values can carry it; the linter refuses a question of another
type. To add a fact, add a line here: the names are read by supply, directory and outreach.

Kinds and the question types that can carry them:
  number   integer, decimal, range, calculate
  whole    integer, range, calculate
  date     date, calculate
  text     text, calculate, select_one
  choice   select_one; `values` lists the values that are understood
  choices  select_multiple
  flag     select_one, with values among oui, non, ne_sait_pas; acknowledge
  file     image, file
  point    geopoint
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FactKind = Literal["number", "whole", "date", "text", "choice", "choices", "flag", "file", "point"]


@dataclass(frozen=True, slots=True)
class Fact:
    """`values`: for a choice, the values understood (others are refused by the linter)."""

    name: str
    kind: FactKind
    label: str
    unit: str = ""
    values: tuple[str, ...] = ()


YES_NO = ("oui", "non", "ne_sait_pas")
WITHHELD = ("ne_sait_pas", "non_communique")
"""Answers that are always understood: « ne sait pas », « le prestataire ne communique pas »."""

BREADS = (
    "courant",
    "tradition",
    "complet",
    "campagne",
    "special",
    "individuel",
    "tranche",
    "surgele",
    "autre",
)
"""Classes of bread, the same for what is asked (`need`) and what is offered (`offer`)."""
SIGNS = ("BIO", "HVE", "CE2", "COMMERCE_EQUITABLE", "LABEL_ROUGE", "AOCAOP", "IGP", "STG")
"""Official signs, by the codes of the directory."""

_FACTS = (
    # The canteen or canteens.
    Fact("canteen.has_canteen", "flag", "La commune a une restauration collective"),
    Fact(
        "canteen.management_type",
        "choice",
        "Mode de gestion",
        values=("direct", "conceded"),
    ),
    Fact(
        "canteen.production_type",
        "choice",
        "Mode de production",
        values=("site", "central", "site_cooked_elsewhere", "central_serving"),
    ),
    Fact("canteen.sector", "choices", "Publics servis"),
    Fact("canteen.site_count", "whole", "Nombre de sites"),
    Fact("canteen.contractor", "text", "Prestataire ou cuisine centrale"),
    Fact("canteen.contractor_siret", "text", "SIRET du prestataire"),
    Fact("canteen.contract_end", "date", "Fin du contrat de restauration"),
    # What is eaten, when.
    Fact("need.meals_per_day", "number", "Repas servis par jour", "repas/jour"),
    Fact("need.days_per_week", "number", "Jours de service par semaine", "jours/semaine"),
    Fact("need.days_per_year", "number", "Jours de service par an", "jours/an"),
    Fact("need.kg_per_day", "number", "Pain acheté par jour", "kg/jour"),
    Fact("need.kg_per_week", "number", "Pain acheté par semaine", "kg/semaine"),
    Fact("need.kg_per_year", "number", "Pain acheté par an", "kg/an"),
    Fact("need.pieces_per_day", "number", "Pièces achetées par jour", "pièces/jour"),
    Fact("need.piece_weight_g", "number", "Masse d’une pièce", "g"),
    Fact("need.portion_g", "number", "Portion par convive", "g"),
    Fact("need.waste_share", "number", "Part jetée", "%"),
    Fact(
        "need.bread_class",
        "choice",
        "Type de pain",
        values=BREADS,
    ),
    Fact("need.bread_classes", "choices", "Types de pain"),
    Fact("need.annual_budget", "number", "Dépense annuelle de pain", "€/an"),
    Fact("need.price_per_kg", "number", "Prix du kilogramme", "€/kg"),
    Fact("need.price_per_piece", "number", "Prix de la pièce", "€/pièce"),
    Fact(
        "need.price_basis",
        "choice",
        "Prix hors taxe ou toutes taxes",
        values=("ht", "ttc"),
    ),
    Fact("need.signs", "choices", "Signes de qualité du pain acheté"),
    Fact("need.satisfaction", "choice", "Satisfaction"),
    # Who supplies it (inside a repeat: one line per supplier).
    Fact("need.current_supplier", "text", "Fournisseur actuel"),
    Fact("need.current_supplier_siret", "text", "SIRET du fournisseur"),
    Fact("need.current_supplier_kind", "choice", "Nature du fournisseur"),
    Fact("need.supplier_in_commune", "flag", "Fournisseur installé dans la commune"),
    Fact("need.current_mill", "text", "Moulin"),
    Fact("need.current_flour", "text", "Farine"),
    Fact("need.delivery_days", "choices", "Jours de livraison"),
    Fact("need.delivery_time", "text", "Heure de livraison"),
    Fact("need.contract_type", "choice", "Forme de l’achat"),
    Fact("need.contract_end", "date", "Fin du marché ou de l’accord"),
    Fact(
        "need.accepted_surcharge",
        "choice",
        "Surcoût accepté par kilogramme",
        values=("aucun", "jusqu_a_020", "jusqu_a_050", "jusqu_a_100", "plus_100"),
    ),
    Fact(
        "need.accepted_suppliers",
        "choice",
        "Nombre de fournisseurs acceptés",
        values=("1", "2", "3", "indifferent"),
    ),
    Fact(
        "need.local_brand",
        "choice",
        "Farine de la marque locale",
        values=("oui", "partie", "non", "ne_sait_pas"),
    ),
    Fact("need.storage", "choices", "Conservation du pain"),
    Fact("need.cutting", "choice", "Découpe du pain"),
    # What a baker has and would do, seen on a visit (price and capacity: one line per bread class).
    Fact("offer.equipment", "choices", "Équipement"),
    Fact("offer.bread_class", "choice", "Type de pain proposé", values=BREADS),
    Fact("offer.capacity_kg_per_day", "number", "Capacité de production", "kg/jour"),
    Fact("offer.spare_kg_per_day", "number", "Capacité encore libre", "kg/jour"),
    Fact("offer.price_per_kg", "number", "Prix du kilogramme, hors taxe", "€/kg"),
    Fact("offer.flour", "text", "Farine utilisée"),
    Fact("offer.mill", "text", "Moulin qui fournit la farine"),
    Fact("offer.delivers", "flag", "Livre, ou livrerait"),
    Fact("offer.delivery_radius_km", "number", "Rayon de livraison", "km"),
    Fact("offer.delivery_days", "choices", "Jours de livraison possibles"),
    Fact("offer.delivery_from", "text", "Livraison possible dès"),
    Fact("offer.delivery_until", "text", "Livraison possible jusqu’à"),
    Fact("offer.closing_days", "choices", "Jours de fermeture"),
    Fact("offer.interest", "choice", "Intérêt pour la restauration collective"),
    Fact("offer.payment_delay_days", "whole", "Délai de paiement accepté", "jours"),
    Fact("offer.wishes", "text", "Souhaits"),
    Fact("offer.position", "point", "Position relevée sur place"),
    # Official signs shown on a visit (inside a repeat: one line per certificate).
    Fact("certification.sign", "choice", "Signe officiel", values=SIGNS),
    Fact("certification.number", "text", "Numéro du certificat"),
    Fact("certification.body", "text", "Organisme certificateur"),
    Fact("certification.valid_from", "date", "Certificat valable du"),
    Fact("certification.valid_to", "date", "Certificat valable jusqu’au"),
    Fact("certification.proof", "file", "Photo du certificat"),
    # How to reach the organisation itself, not a person.
    Fact("organisation.phone", "text", "Téléphone de l’organisation"),
    Fact("organisation.email", "text", "Courriel de l’organisation"),
    Fact("organisation.opening_hours", "text", "Horaires d’ouverture"),
    # Which organisation is visited, and when.
    Fact("visit.organisation", "text", "Organisation visitée"),
    Fact("visit.new_name", "text", "Nom de l’organisation nouvelle"),
    Fact("visit.new_commune", "text", "Commune de l’organisation nouvelle"),
    Fact("visit.date", "date", "Date de la visite"),
    # What the commune wants.
    Fact("orientation.choices", "choices", "Orientations souhaitées"),
    Fact("orientation.keep_baker", "flag", "Garder le boulanger et améliorer la farine"),
    Fact("orientation.local_baker", "flag", "Passer à un boulanger local"),
    Fact("orientation.local_flour", "flag", "Farine « Lou Pan d’Ici »"),
    Fact("orientation.organic", "flag", "Pain biologique"),
    Fact("orientation.wholemeal", "flag", "Pain complet"),
    Fact("orientation.joint_purchase", "flag", "Achat groupé"),
    Fact("orientation.training", "flag", "Formation"),
    Fact("orientation.network", "flag", "Réseau d’échange"),
    Fact("orientation.charter", "flag", "Charte"),
    Fact("orientation.obstacles", "choices", "Obstacles"),
    Fact("orientation.comment", "text", "Remarque libre"),
    # Who answered: personal data, kept apart and purged (design §3).
    Fact("contact.name", "text", "Nom du contact"),
    Fact("contact.role", "text", "Fonction du contact"),
    Fact("contact.email", "text", "Courriel du contact"),
    Fact("contact.phone", "text", "Téléphone du contact"),
    Fact("contact.consent", "flag", "Accord pour être recontacté"),
)

FACTS: Mapping[str, Fact] = {fact.name: fact for fact in _FACTS}

CARRIERS: Mapping[FactKind, frozenset[str]] = {
    "number": frozenset({"integer", "decimal", "range", "calculate", "hidden"}),
    "whole": frozenset({"integer", "range", "calculate", "hidden"}),
    "date": frozenset({"date", "calculate", "hidden"}),
    "text": frozenset({"text", "calculate", "hidden", "select_one", "barcode", "time"}),
    "choice": frozenset({"select_one", "calculate", "hidden"}),
    "choices": frozenset({"select_multiple", "rank"}),
    "flag": frozenset({"select_one", "acknowledge", "calculate", "hidden"}),
    "file": frozenset({"image", "file"}),
    "point": frozenset({"geopoint"}),
}
