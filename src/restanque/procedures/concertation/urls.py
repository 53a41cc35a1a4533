"""Addresses of the team's pages, joined to those of the room."""

from django.urls import path

from restanque.procedures.concertation.views import contributions, ledger, pages, participation

_HERE = "<int:pk>/concertation/"
urlpatterns = [
    path(_HERE, ledger.ledger, name="concertation"),
    path(f"{_HERE}bilan.docx", ledger.bilan, name="concertation-bilan"),
    path(f"{_HERE}note-equipe.docx", ledger.note, name="concertation-note"),
    path(f"{_HERE}modalites/ajouter/", ledger.add_modality, name="modality-add"),
    path(f"{_HERE}moyens/ajouter/", ledger.add_means, name="means-add"),
    path(f"{_HERE}page/", pages.page, name="public-page"),
    path(f"{_HERE}page/modifier/", pages.edit, name="public-page-edit"),
    path(f"{_HERE}page/ouvrir/", pages.open_page, name="public-page-open"),
    path(f"{_HERE}page/fermer/", pages.close_page, name="public-page-close"),
    path(f"{_HERE}page/themes/", pages.themes, name="themes"),
    path(f"{_HERE}page/documents/ajouter/", pages.add_document, name="document-add"),
    path(f"{_HERE}contributions/", contributions.LIST, name="contributions"),
    path(f"{_HERE}contributions/ajouter/", contributions.add, name="contribution-add"),
    path(f"{_HERE}repondre/", contributions.answer, name="answer-add"),
    path(f"{_HERE}participation/", participation.participation, name="participation"),
    path(f"{_HERE}participation/preparer/", participation.prepare, name="participation-add"),
    path("modalites/<int:pk>/modifier/", ledger.edit_modality, name="modality-edit"),
    path("modalites/<int:pk>/retirer/", ledger.remove_modality, name="modality-remove"),
    path("moyens/<int:pk>/modifier/", ledger.edit_means, name="means-edit"),
    path("moyens/<int:pk>/retirer/", ledger.remove_means, name="means-remove"),
    path("moyens/<int:pk>/preuve/", ledger.proof, name="means-proof"),
    path("documents-en-ligne/<int:pk>/", pages.document, name="document"),
    path("documents-en-ligne/<int:pk>/retirer/", pages.withdraw_document, name="document-withdraw"),
    path("contributions/<int:pk>/", contributions.contribution, name="contribution"),
    path("contributions/<int:pk>/modifier/", contributions.edit, name="contribution-edit"),
    path("contributions/<int:pk>/effacer/", contributions.remove, name="contribution-remove"),
    path("contributions/<int:pk>/oublier/", contributions.forget, name="contribution-forget"),
    path("contributions/<int:pk>/piece/", contributions.attachment, name="contribution-file"),
    path("contributions/<int:pk>/sans-reponse/", contributions.take_back, name="answer-take-back"),
    path("reponses/<int:pk>/modifier/", contributions.edit_answer, name="answer-edit"),
    path("participations/<int:pk>/modifier/", participation.edit, name="participation-edit"),
    path("participations/<int:pk>/dates/", participation.plan, name="participation-plan"),
    path(
        "participations/<int:pk>/<slug:step>/enregistrer/",
        participation.record,
        name="participation-record",
    ),
]
