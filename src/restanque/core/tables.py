"""Lists of the room."""

from django_tables2 import A

from restanque.core.models import (
    ImportRun,
    Job,
    JobStatus,
    MailSuppression,
    MessageStatus,
    OutgoingMessage,
    Purpose,
    RunStatus,
    SuppressionReason,
)
from restanque.kit import lists

MESSAGE_KINDS = {
    MessageStatus.HELD: "attente",
    MessageStatus.QUEUED: "cours",
    MessageStatus.SENDING: "cours",
    MessageStatus.SENT: "fait",
    MessageStatus.FAILED_SOFT: "cours",
    MessageStatus.FAILED_HARD: "retard",
    MessageStatus.UNCERTAIN: "retard",
}
JOB_KINDS = {
    JobStatus.WAITING: "attente",
    JobStatus.RUNNING: "cours",
    JobStatus.DONE: "fait",
    JobStatus.FAILED: "retard",
}
RUN_KINDS = {
    RunStatus.PREVIEW: "valider",
    RunStatus.APPLYING: "cours",
    RunStatus.APPLIED: "fait",
    RunStatus.UNDONE: "attente",
    RunStatus.FAILED: "retard",
}


class MessageFilter(lists.FilterSet):
    """Filters of the outbox."""

    q = lists.SearchFilter(fields=["search_key"], label="Destinataire ou objet")
    status = lists.ChoiceFilter(choices=MessageStatus.choices, label="État")
    purpose = lists.ChoiceFilter(choices=Purpose.choices, label="Raison")

    class Meta:
        model = OutgoingMessage
        fields = ("q", "status", "purpose")


class MessageTable(lists.Table):
    """The outbox: what was written to whom, and whether it left."""

    subject = lists.Column(verbose_name="Objet", linkify=("core:message", {"pk": A("pk")}))
    to_email = lists.Column(verbose_name="Destinataire")
    purpose = lists.Column(verbose_name="Raison")
    status = lists.BadgeColumn(verbose_name="État", kinds=MESSAGE_KINDS)
    created_at = lists.DateTimeColumn(verbose_name="Écrit le")
    sent_at = lists.DateTimeColumn(verbose_name="Envoyé le")

    class Meta:
        model = OutgoingMessage
        fields = ("subject", "to_email", "purpose", "status", "created_at", "sent_at")
        row_header = "subject"
        order_by = "-created_at"


class SuppressionFilter(lists.FilterSet):
    """Filters of the addresses set aside."""

    reason = lists.ChoiceFilter(choices=SuppressionReason.choices, label="Raison")

    class Meta:
        model = MailSuppression
        fields = ("reason",)


class SuppressionTable(lists.Table):
    """Addresses to which the team no longer writes."""

    email = lists.Column(verbose_name="Adresse")
    reason = lists.Column(verbose_name="Raison")
    since = lists.DateTimeColumn(verbose_name="Depuis")

    class Meta:
        model = MailSuppression
        fields = ("email", "reason", "since")
        row_header = "email"
        order_by = "email"


class JobFilter(lists.FilterSet):
    """Filters of the jobs."""

    status = lists.ChoiceFilter(choices=JobStatus.choices, label="État")

    class Meta:
        model = Job
        fields = ("status",)


class JobTable(lists.Table):
    """Long work, newest first."""

    label = lists.Column(verbose_name="Travail", linkify=("core:job", {"pk": A("pk")}))
    status = lists.BadgeColumn(verbose_name="État", kinds=JOB_KINDS)
    share_done = lists.PercentColumn(verbose_name="Avancement", orderable=False)
    requested_by = lists.Column(verbose_name="Demandé par")
    created_at = lists.DateTimeColumn(verbose_name="Demandé le")
    finished_at = lists.DateTimeColumn(verbose_name="Fini le")

    class Meta:
        model = Job
        fields = ("label", "status", "share_done", "requested_by", "created_at", "finished_at")
        row_header = "label"
        order_by = "-created_at"


class RunFilter(lists.FilterSet):
    """Filters of the history of imports."""

    status = lists.ChoiceFilter(choices=RunStatus.choices, label="État")

    class Meta:
        model = ImportRun
        fields = ("status",)


class RunTable(lists.Table):
    """Imports made, newest first."""

    file_name = lists.Column(verbose_name="Fichier", linkify=("core:import_run", {"pk": A("pk")}))
    kind = lists.Column(verbose_name="Nature")
    status = lists.BadgeColumn(verbose_name="État", kinds=RUN_KINDS)
    create_count = lists.NumberColumn(verbose_name="Créations")
    update_count = lists.NumberColumn(verbose_name="Modifications")
    error_count = lists.NumberColumn(verbose_name="À corriger")
    created_by = lists.Column(verbose_name="Par")
    created_at = lists.DateTimeColumn(verbose_name="Déposé le")

    class Meta:
        model = ImportRun
        fields = (
            "file_name", "kind", "status", "create_count", "update_count", "error_count",
            "created_by", "created_at",
        )  # fmt: skip
        row_header = "file_name"
        order_by = "-created_at"

    def render_kind(self, value: str) -> str:
        """The importer's title, even when its room was removed since."""
        from restanque.core.imports import registry

        return registry.title_of(value)

    value_kind = render_kind
