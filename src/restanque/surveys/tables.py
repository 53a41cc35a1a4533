"""Lists of the room."""

from restanque.kit import lists
from restanque.surveys.models import Questionnaire


class QuestionnaireFilter(lists.FilterSet):
    """Search by title; archived ones apart."""

    q = lists.SearchFilter(fields=["title_key"])
    archived = lists.BooleanFilter(label="Archivés")

    class Meta:
        model = Questionnaire
        fields = ["archived"]


class QuestionnaireTable(lists.Table):
    """One line a questionnaire: what can be asked now."""

    title = lists.Column(verbose_name="Questionnaire", order_by="title_key", linkify=True)
    published = lists.NumberColumn(verbose_name="Version publiée")
    questions = lists.NumberColumn(verbose_name="Questions")
    drafts = lists.NumberColumn(verbose_name="Brouillons")
    archived = lists.BooleanColumn(verbose_name="Archivé")

    class Meta:
        model = Questionnaire
        fields = ["title", "published", "questions", "drafts", "archived"]
        row_header = "title"
        hidden_by_default = ["archived"]
