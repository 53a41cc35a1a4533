"""Fictitious answers to the shipped bread questionnaire, typed question by question.

The generator answers as a respondent would: it only sees the questions that the form engine shows,
so every answer has passed through the real relevance, calculations and constraints.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from restanque.engine.forms import NodeState, Session
from restanque.portal.demo.profiles import CommuneFacts, Profile

# Made up; « données fictives » is written on every page that shows them.
_BAKERS = ("Fournil", "Boulangerie", "Pétrin", "Levain", "Maison", "Four à pain")
_SIGNS = ("du Marché", "de la Place", "des Oliviers", "du Cours", "de la Fontaine", "du Moulin")
# Real towns: where a fictitious bakery is said to be.
_TOWNS = ("Arles", "Salon-de-Provence", "Aix-en-Provence", "Aubagne", "Avignon", "Nîmes")
_MILLS = ("Moulin de démonstration nord", "Moulin de démonstration sud", "Meunerie fictive")
_REMARKS = (
    "Nous aimerions goûter avant de choisir.",
    "Le pain revient souvent entier à la plonge.",
    "Notre boulanger part à la retraite dans deux ans.",
    "La livraison doit arriver avant huit heures.",
    "Nous manquons de temps pour monter un marché.",
)
_INTEREST = ("oui", "peut_etre", "non", "ne_sait_pas")
_TRACKS = {
    "piste_farine": 1.25,
    "piste_boulanger": 1.0,
    "piste_lou_pan_dici": 0.85,
    "piste_bio": 0.8,
    "piste_complet": 0.75,
    "piste_groupement": 0.65,
    "piste_formation": 0.6,
    "piste_reseau": 0.55,
    "piste_charte": 0.45,
}


class Respondent:
    """A fictitious town hall filling the bread questionnaire."""

    def __init__(self, facts: CommuneFacts, profile: Profile, rng: Random, today: date) -> None:
        self.facts, self.profile, self.rng, self.today = facts, profile, rng, today
        self.rules = self._rules()
        # What was typed, page after page, in order: what a browser would have sent.
        self.typed: list[dict[str, str]] = []

    def fill(self, session: Session, *, pages: int | None = None) -> None:
        """Answer the visible questions page after page; with `pages`, stop after that many."""
        for page in session.form.pages[:pages]:
            answered: set[str] = set()
            self.typed.append({})
            while (question := _next(session, page.index, answered)) is not None:
                answered.add(question.path)
                self._type(session, question)

    def _type(self, session: Session, question: NodeState) -> None:
        value = self.answer(question)
        if not value:
            return
        session.set(question.path, value)
        session.recompute()
        if session.state(question.path).valid:
            self.typed[-1][question.path] = value
        else:
            session.set(question.path, "")
            session.recompute()

    def answer(self, question: NodeState) -> str:
        """The text this respondent would give; empty when it has nothing to say."""
        name = question.path.rpartition("/")[2]
        values = [choice.value for choice in question.choices]
        rule = self.rules.get(name)
        value = rule() if rule is not None else ""
        if name in _TRACKS:
            value = self._interest(_TRACKS[name])
        if not values or (value and set(value.split()) <= set(values)):
            return value
        # A question the generator does not know, or a choice not offered here: any known one.
        known = [value for value in values if value not in ("ne_sait_pas", "non_communique")]
        return self.rng.choice(known) if known else ""

    def _interest(self, weight: float) -> str:
        wish = min(0.92, self.profile.keen * weight)
        return self.rng.choices(_INTEREST, (wish, 0.25, max(0.08, 0.9 - wish), 0.06))[0]

    def _rules(self) -> dict[str, Callable[[], str]]:
        p, rng = self.profile, self.rng
        kg = p.meals * p.grams_per_meal / 1000
        return {
            "a_cantine": lambda: "oui" if p.has_canteen else "non",
            "services": self._services,
            "organisateur": lambda: rng.choices(("commune", "ccas", "epci"), (90, 4, 6))[0],
            "organisateur_nom": lambda: "Organisme fictif",
            "mode_gestion": lambda: p.management,
            "production": lambda: p.production,
            "prestataire_nom": lambda: "Prestataire fictif",
            "acheteur_pain": lambda: "commune" if p.management == "direct" else "prestataire",
            "connait_pain": lambda: "oui" if p.knows_quantities else "non_communique",
            "nb_sites": lambda: str(max(1, round(p.meals / 140))),
            "repas_connus": lambda: rng.choices(
                ("total", "par_public", "ne_sait_pas"), (70, 24, 6)
            )[0],
            "repas_total": lambda: str(p.meals),
            "repas_maternelle": lambda: str(round(p.meals * 0.36)),
            "repas_elementaire": lambda: str(round(p.meals * 0.60)),
            "repas_creche": lambda: str(round(p.meals * 0.05)),
            "repas_seniors": lambda: str(round(p.meals * 0.04)),
            "jours_semaine": lambda: rng.choices(("4", "5"), (80, 20))[0],
            "periode": lambda: rng.choices(("ecole", "ecole_vacances"), (70, 30))[0],
            "jours_an_saisis": lambda: str(rng.choice((180, 190, 200))),
            "types_pain": lambda: (
                p.bread
                if rng.random() < 0.7
                else f"{p.bread} complet".replace("complet complet", "complet")
            ),
            "type_principal": lambda: p.bread,
            "signes": self._signs,
            "lou_pan_dici": lambda: rng.choices(
                ("non", "partie", "oui", "ne_sait_pas"), (72, 8, 8, 12)
            )[0],
            "quantite_mode": lambda: rng.choices(
                ("pieces_poids", "kg", "ne_sait_pas"), (58, 32, 10)
            )[0],
            # Now and then a week's pieces are typed for a day's: the review has something to find.
            "pieces_jour": lambda: str(
                max(1, round(kg * 1000 / p.piece_grams)) * (5 if rng.random() < 0.1 else 1)
            ),
            "poids_piece": lambda: str(p.piece_grams),
            "kg_jour_saisis": lambda: str(round(kg, 1)),
            "portion_g": lambda: str(round(p.grams_per_meal / 5) * 5),
            "gaspillage": lambda: rng.choices(
                ("presque_rien", "moins_10", "de_10_a_25", "plus_25", "ne_sait_pas"),
                (14, 34, 28, 8, 16),
            )[0],
            "nb_fournisseurs": lambda: str(p.suppliers),
            "four_nom": lambda: f"{rng.choice(_BAKERS)} {rng.choice(_SIGNS)} (fictif)",
            "four_siret": lambda: "",
            "four_categorie": lambda: p.supplier_kind,
            "four_dans_commune": lambda: (
                "oui" if p.supplier_kind == "artisan" and rng.random() < 0.8 else "non"
            ),
            "four_commune": lambda: rng.choice(_TOWNS),
            "four_part": lambda: str(round(100 / p.suppliers)),
            "four_farine_connue": lambda: "oui" if rng.random() < 0.25 else "non",
            "four_moulin": lambda: rng.choice(_MILLS),
            "four_farine": lambda: rng.choice(("T65", "T65 tradition", "T80", "T110")),
            "four_jours": lambda: "lundi mardi jeudi vendredi",
            "four_heure": lambda: rng.choice(("avant_7h", "7h_9h", "9h_11h")),
            "four_prix_mode": self._price_mode,
            "four_facture": lambda: "",
            "four_prix_piece": lambda: f"{p.price_per_kg * p.piece_grams / 1000:.2f}",
            "four_poids_piece": lambda: str(p.piece_grams),
            "four_prix_kilo": lambda: f"{p.price_per_kg * rng.gauss(1, 0.03):.2f}",
            "contrat_cadre": lambda: rng.choices(
                ("bon_commande", "mapa", "accord_cadre", "groupement"), (56, 24, 14, 6)
            )[0],
            "fin_mode": lambda: rng.choices(("date", "sans_fin", "ne_sait_pas"), (70, 10, 20))[0],
            "fin_date": lambda: (self.today + timedelta(days=rng.randrange(60, 1100))).isoformat(),
            "preuve_fichier": lambda: "",
            "surcout": lambda: rng.choices(
                ("aucun", "jusqu_a_020", "jusqu_a_050", "jusqu_a_100", "ne_sait_pas"),
                (26, 34, 20, 6, 14),
            )[0],
            "freins": lambda: " ".join(
                rng.sample(("prix", "offre", "livraison", "temps", "contrat"), 2)
            ),
            "aides": lambda: " ".join(
                rng.sample(("annuaire", "prix", "groupement", "formation"), 2)
            ),
            "remarques": lambda: rng.choice(_REMARKS) if rng.random() < 0.3 else "",
            "contact_accord": lambda: "oui" if rng.random() < 0.7 else "non",
            # example.org is reserved: no message can reach anybody.
            "contact_nom": lambda: "Personne fictive",
            "contact_fonction": lambda: "Service des écoles",
            "contact_courriel": lambda: f"cantine-{self.facts.code.lower()}@example.org",
            # A block of numbers that the regulator keeps for fiction.
            "contact_telephone": lambda: (
                f"04 65 71 {rng.randrange(100):02d} {rng.randrange(100):02d}"
            ),
        }

    def _services(self) -> str:
        publics = ["maternelle", "elementaire"]
        if self.facts.population > 3_500:
            publics += [p for p in ("creche", "seniors") if self.rng.random() < 0.5]
        return " ".join(publics)

    def _signs(self) -> str:
        if self.profile.organic:
            return "bio"
        return self.rng.choices(
            ("aucun", "ne_sait_pas", "hve", "commerce_equitable"), (70, 18, 8, 4)
        )[0]

    def _price_mode(self) -> str:
        modes = ("piece_ttc", "piece_ht", "kilo_ht", "ne_sait_pas", "non_communique")
        return self.rng.choices(modes, (30, 26, 24, 14, 6))[0]


def _next(session: Session, page: int, answered: set[str]) -> NodeState | None:
    """The first question shown on this page that was not yet considered."""
    for item in (i for top in session.visible_items(page) for i in top.walk()):
        state = item.state
        if item.kind != "question" or state is None or state.path in answered:
            continue
        if not state.readonly and state.control and state.control.widget != "note":
            return state
    return None
