"""Addresses of the team's pages on reports, part of the room's URLs."""

from django.urls import URLPattern, path

from restanque.surveys.views import reports

_REPORT = "campagnes/<int:pk>/rapport/"

report_urls: list[URLPattern] = [
    path(_REPORT, reports.overview, name="report"),
    path(f"{_REPORT}modele/", reports.deposit, name="report-template"),
    path(f"{_REPORT}modele/retirer/", reports.back_to_ours, name="report-template-remove"),
    path(f"{_REPORT}modele.docx", reports.ours, name="report-template-ours"),
    path(f"{_REPORT}retirer/", reports.withdraw, name="report-withdraw"),
    path(f"{_REPORT}<int:report>/", reports.preview, name="report-preview"),
    path(f"{_REPORT}<int:report>/publier/", reports.publish, name="report-publish"),
    path(f"{_REPORT}<int:report>/fichier.<str:suffix>", reports.file, name="report-file"),
]
