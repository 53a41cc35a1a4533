"""Lists of the file of a procedure."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from restanque.kit import lists
from restanque.procedures.dossier.nomenclature import PieceState
from restanque.procedures.models import DossierPiece


class PieceFilter(lists.FilterSet):
    """By words and state."""

    q = lists.SearchFilter(fields=["name_key", "procedure__name_key"])
    state = lists.ChoiceFilter(label="État", choices=PieceState.choices)

    class Meta:
        model = DossierPiece
        fields = ["q", "state"]


class PieceTable(lists.Table):
    """One line a piece of a file."""

    name = lists.Column(
        verbose_name="Pièce",
        order_by="name_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    procedure = lists.Column(
        verbose_name="Procédure",
        accessor="procedure__name",
        order_by="procedure__name_key",
        linkify=lambda record: record.procedure.get_absolute_url(),
    )
    state = lists.Column(verbose_name="État")
    writers = lists.Column(verbose_name="Qui écrit", empty_values=(), orderable=False)
    version = lists.Column(verbose_name="Version")
    dated_on = lists.DateColumn(verbose_name="Date")

    class Meta:
        model = DossierPiece
        fields = ["name", "procedure", "state", "writers", "version", "dated_on"]
        row_header = "name"
        order_by = "procedure"

    def render_state(self, record: DossierPiece) -> SafeString:
        """A badge."""
        context = {"kind": record.badge, "label": record.get_state_display()}
        return render_to_string("kit/badge_cell.html", context)

    def value_state(self, record: DossierPiece) -> str:
        """The words."""
        return str(record.get_state_display())

    def render_writers(self, record: DossierPiece) -> str:
        """Who writes it."""
        return record.writers or "personne"

    value_writers = render_writers
