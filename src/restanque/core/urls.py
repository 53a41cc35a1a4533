"""URLs of the room."""

from django.urls import path

from restanque.accounts.perms import require
from restanque.core import perms
from restanque.core.views import imports, jobs, mail, personal

app_name = "core"
urlpatterns = [
    path("messages/", require(perms.can_read_outbox)(mail.OutboxView.as_view()), name="outbox"),
    path("messages/essai/", mail.message_test, name="message_test"),
    path("messages/retenus/", mail.outbox_release, name="outbox_release"),
    path(
        "messages/ecartees/",
        require(perms.can_read_outbox)(mail.SuppressionsView.as_view()),
        name="suppressions",
    ),
    path("messages/<int:pk>/", mail.message, name="message"),
    path("messages/<int:pk>/annuler/", mail.message_cancel, name="message_cancel"),
    path("messages/<int:pk>/envoyer/", mail.message_release, name="message_release"),
    path("travaux/", require(perms.can_see_jobs)(jobs.JobsView.as_view()), name="jobs"),
    path("travaux/<int:pk>/", jobs.job, name="job"),
    path("travaux/<int:pk>/arreter/", jobs.job_cancel, name="job_cancel"),
    path("travaux/<int:pk>/resultat/", jobs.job_result, name="job_result"),
    path("imports/", require(perms.can_import)(imports.RunsView.as_view()), name="imports"),
    path("imports/nouveau/<slug:kind>/", imports.new, name="import_new"),
    path("imports/modele/<slug:kind>/", imports.template, name="import_template"),
    path("imports/<int:pk>/", imports.run, name="import_run"),
    path("imports/<int:pk>/importer/", imports.apply, name="import_apply"),
    path("imports/<int:pk>/defaire/", imports.undo, name="import_undo"),
    path("imports/<int:pk>/rapport/", imports.report, name="import_report"),
    path("vues/", personal.view_save, name="view_save"),
    path("vues/<int:pk>/supprimer/", personal.view_delete, name="view_delete"),
    path("avis/<int:pk>/lu/", personal.notification_read, name="notification_read"),
]
