"""Reports that anybody may read, mounted at /rapports/."""

from django.urls import path

from restanque.surveys.views import publications

app_name = "publications"

urlpatterns = [path("<slug:slug>/", publications.report, name="report")]
