"""Invented data of the gallery: enough to see every component in each of its states."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import shapely
from django import forms as django_forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from restanque.kit import charts, forms, lists, maps
from restanque.kit.figures import Figure
from restanque.kit.lists.filters import NO_MATTER
from restanque.kit.palette import OCHRE, OLIVE, OLIVE_MID
from restanque.kit.templatetags.kit import ICONS

DAY = dt.date(2026, 11, 24)
_SIZES = ("Moins de 1 000 habitants", "1 000 à 3 499", "3 500 à 9 999", "10 000 et plus")
_NAMES = (
    "Aube",
    "Bois-Clair",
    "Cabrière",
    "Destel",
    "Estérel",
    "Fontaine",
    "Garrigue",
    "Hauteville",
    "Issole",
    "Jas-Neuf",
    "Kermès",
    "Lauzière",
    "Mourre",
    "Nerte",
    "Olivière",
    "Pinède",
    "Quinson",
    "Romarin",
    "Sauge",
    "Thym",
    "Ubac",
    "Vallon",
    "Yeuse",
    "Zénith",
)
_STATES = (
    ("done", "Validée", "fait"),
    ("check", "Reçue, à valider", "valider"),
    ("begun", "Commencée", "cours"),
    ("silent", "Sans réponse", "attente"),
    ("wrong", "Adresse en erreur", "erreur"),
)
_ZONES = tuple((f"z{i}", f"Zone {i}", f"s{i}") for i in range(1, 9))


class SampleTable(lists.Table):
    """A table of dictionaries, as a room's of models."""

    name = lists.Column(verbose_name="Cantine", linkify=lambda record: "#listes")
    sector = lists.Column(verbose_name="Commune")
    pupils = lists.NumberColumn(verbose_name="Élèves")
    organic = lists.PercentColumn(verbose_name="Part de bio")
    state = lists.BadgeColumn(
        verbose_name="État",
        kinds={"Validée": "fait", "À valider": "valider", "En retard": "retard"},
    )
    visited_on = lists.DateColumn(verbose_name="Dernière visite")


class SampleForm(django_forms.Form):
    """One field of each kind."""

    name = forms.TextField(label="Nom de la cantine", help_text="Tel qu’il figure sur la façade.")
    quantity = forms.DecimalField(
        label="Pain servi par jour, en kilogrammes", help_text="Une baguette pèse environ 250 g."
    )
    days = forms.IntegerField(label="Jours par semaine", max_value=5)
    opened_on = forms.DateField(label="Ouverte depuis", required=False)
    mode = django_forms.ChoiceField(
        label="Mode de gestion",
        choices=[("", "Choisir…"), ("direct", "Régie"), ("conceded", "Concédée")],
    )
    supplier = django_forms.ChoiceField(
        label="Qui fournit le pain ?",
        help_text="Le fournisseur habituel.",
        widget=django_forms.RadioSelect,
        choices=[
            ("local", "Un boulanger de la commune"),
            ("other", "Un boulanger d’une autre commune"),
            ("unknown", "Ne sait pas"),
        ],
    )
    signs = django_forms.MultipleChoiceField(
        label="Signes officiels",
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
        choices=[
            ("organic", "Agriculture biologique"),
            ("hve", "Haute valeur environnementale"),
            ("none", "Aucun, ou je ne sais pas"),
        ],
    )
    agreed = django_forms.BooleanField(label="J’accepte d’être rappelé", required=False)
    email = forms.EmailField(label="Courriel")
    telephone = forms.TelephoneField(label="Téléphone", required=False)
    proof = django_forms.FileField(
        label="Preuve", required=False, help_text="Facture ou certificat, PDF ou photo."
    )
    note = django_forms.CharField(
        label="Une précision ?", required=False, widget=django_forms.Textarea(attrs={"rows": 3})
    )


class _SampleFilters(django_forms.Form):
    q = django_forms.CharField(
        label="Rechercher", required=False, widget=django_forms.TextInput(attrs={"type": "search"})
    )
    size = django_forms.ChoiceField(
        label="Taille", required=False, choices=[("", NO_MATTER), *((s, s) for s in _SIZES)]
    )
    state = django_forms.ChoiceField(
        label="État", required=False, choices=[("", NO_MATTER), ("done", "Validée")]
    )


def all_figures() -> dict[str, Figure]:
    """Every chart and map, by its name in the template."""
    said: dict[str, Any] = {
        "n": "77 réponses sur 121",
        "source": "données inventées",
        "date": DAY,
        "fictitious": True,
    }
    prices = [3.1, 3.4, 3.6, 3.7, 3.9, 4.0, 4.1, 4.2, 4.2, 4.4, 4.6, 5.0, 5.2, 5.9, 7.0]
    days = [DAY - dt.timedelta(days=k) for k in (50, 40, 30, 20, 10, 0)]
    return {
        "chart_bars": charts.ChartPanel(
            name="fournisseurs",
            title="Qui cuit le pain ?",
            description="Six communes sur dix achètent dans la commune.",
            chart=charts.bars(
                [
                    ("Un boulanger de la commune", 46),
                    ("Un boulanger d’une autre commune", 17),
                    ("Un industriel ou un grossiste", 12),
                    ("Ne sait pas", None),
                ],
                category="Fournisseur",
                value="Communes",
                highlight="Un boulanger de la commune",
            ),
            **said,
        ),
        "chart_stacked": charts.ChartPanel(
            name="reponses",
            title="Réponses par taille de commune",
            chart=charts.stacked_bars(
                [
                    (size, {"Validées": 20 - 4 * i, "À valider": 3 + i, "Commencées": i})
                    for i, size in enumerate(_SIZES)
                ],
                series=("Validées", "À valider", "Commencées"),
                category="Taille",
                colours=(OLIVE, OLIVE_MID, OCHRE),
            ),
            **said,
        ),
        "chart_histogram": charts.ChartPanel(
            name="prix",
            title="Prix du pain par kilo",
            description="La moitié des prix est sous 4,20 €.",
            chart=charts.histogram(
                prices,
                step=0.5,
                x="Prix (€/kg HT)",
                y="Communes",
                decimals=1,
                mark=(4.2, "médiane 4,20 €"),
            ),
            **said,
        ),
        "chart_line": charts.ChartPanel(
            name="rythme",
            title="Réponses reçues",
            chart=charts.line(
                {
                    "Cette campagne": list(zip(days, (0, 18, 31, 44, 60, 77), strict=True)),
                    "Objectif": [(days[0], 0), (days[-1], 90)],
                },
                x="",
                y="Réponses",
            ),
            **said,
        ),
        "map_states": _sample_map("etats", "Où en sont les communes ?", _STATES, said),
        "map_zones": _sample_map("zones", "Huit zones, chacune avec son motif", _ZONES, said),
    }


def _sample_map(
    name: str, title: str, classes: tuple[tuple[str, str, str], ...], said: dict[str, Any]
) -> maps.MapPanel:
    """Imaginary communes: the cells of a scatter of points, cut by an imaginary coast."""
    seeds = [
        (4.6 + 0.17 * (i % 6) + 0.05 * ((i * 7) % 5), 43.3 + 0.12 * (i // 6) + 0.03 * ((i * 3) % 4))
        for i in range(24)
    ]
    coast = shapely.Point(5.15, 43.55).buffer(0.42)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=coast)
    by_seed = [next(c for c in cells.geoms if c.contains(shapely.Point(seed))) for seed in seeds]
    land = [cell.intersection(coast) for cell in by_seed]
    features = [
        maps.Feature(
            str(i),
            label,
            shape,
            classes[(i * 7 + i // 5) % len(classes)][0] if i != 5 else "lost",
            value=f"{(i * 37) % 90 + 10} kg",
            url="#cartes",
        )
        for i, (label, shape) in enumerate(zip(_NAMES, land, strict=True))
        if not shape.is_empty
    ]
    return maps.MapPanel(
        name=name,
        title=title,
        features=features,
        classes=[maps.MapClass(*one) for one in classes],
        outlines=[shapely.unary_union(land[:12])],
        labels=["8", "3", "20", "14"],
        value_header="Pain par jour",
        **said,
    )


def context(request: HttpRequest) -> dict[str, Any]:
    """Lists and forms of the gallery."""
    rows = [
        {
            "name": "Cantine Jean-Jaurès",
            "sector": "Aube",
            "pupils": 1240,
            "organic": 0.42,
            "state": "Validée",
            "visited_on": DAY,
        },
        {
            "name": "Cuisine centrale",
            "sector": "Bois-Clair",
            "pupils": 310,
            "organic": 0.08,
            "state": "À valider",
            "visited_on": None,
        },
        {
            "name": "Restaurant scolaire des Ormes",
            "sector": "Cabrière",
            "pupils": None,
            "organic": None,
            "state": "En retard",
            "visited_on": DAY,
        },
    ]
    table = SampleTable(rows * 8)
    table.paginate(Paginator, per_page=6)
    wrong = SampleForm(
        {
            "name": "École",
            "quantity": "environ 4",
            "days": "6",
            "email": "mairie",
            "telephone": "04 90",
        }
    )
    wrong.is_valid()
    return {
        "table": table,
        "elided_pages": list(table.paginator.get_elided_page_range(2)),
        "filterset": SimpleNamespace(form=_dressed(_SampleFilters()), active=True),
        "columns": [
            ("sector", "Commune", True, True),
            ("pupils", "Élèves", True, True),
            ("organic", "Part de bio", False, False),
        ],
        "form": wrong,
        "clean_form": SampleForm(auto_id="propre_%s"),
        "confirm": forms.ConfirmForm(count=121, noun="mairie", auto_id="confirmer_%s"),
        "icon_names": sorted(ICONS),
        "steps": [
            ("Votre commune", "fait"),
            ("Le pain servi", "ici"),
            ("Le boulanger", ""),
            ("Vos projets", ""),
        ],
    }


def _dressed(form: django_forms.Form) -> django_forms.Form:
    for field in form.fields.values():
        forms.style_widget(field.widget)
    return form
