"""URLs of the consultations, in the namespace of the room."""

from django.urls import path

from restanque.procedures.consultations.views import bodies, consultations, opinions, papers

_ONE, _BODY = "consultations/<int:pk>/", "consultations/organismes/<int:pk>/"
_SENT, _REMARK = "consultations/envois/<int:pk>/", "consultations/remarques/<int:pk>/"

urlpatterns = [
    path("<int:pk>/consultations/", consultations.overview, name="consultations"),
    path("<int:pk>/consultations/ouvrir/", consultations.open_, name="consultation-open"),
    path(_ONE, consultations.consultation, name="consultation"),
    path(f"{_ONE}modifier/", consultations.edit, name="consultation-edit"),
    path(f"{_ONE}retirer/", consultations.remove, name="consultation-remove"),
    path(f"{_ONE}liste/", consultations.proposal, name="consultation-list"),
    path(f"{_ONE}ecarter/", consultations.set_aside, name="consultation-set-aside"),
    path(f"{_ONE}etape/", consultations.record, name="consultation-record"),
    path(f"{_ONE}organismes/", bodies.LIST, name="consultees"),
    path(f"{_ONE}organismes/ajouter/", bodies.add, name="consultee-add"),
    path(f"{_ONE}envois/", bodies.send, name="dispatches"),
    path(f"{_ONE}receptions/", bodies.receipts, name="receipts"),
    path(f"{_ONE}lettres/", papers.letters, name="letters"),
    path(f"{_ONE}lettres/word/", papers.letters_file, {"suffix": "docx"}, name="letters-word"),
    path(f"{_ONE}lettres/zip/", papers.letters_file, {"suffix": "zip"}, name="letters-zip"),
    path(f"{_ONE}bordereau/", papers.slip, name="slip"),
    path(f"{_ONE}relances/", papers.remind, name="consultation-reminders"),
    path(f"{_ONE}synthese/", opinions.SYNTHESIS, name="synthesis"),
    path(f"{_ONE}synthese/classeur/", opinions.synthesis_workbook, name="synthesis-xlsx"),
    path(f"{_ONE}synthese/word/", opinions.synthesis_word, name="synthesis-word"),
    path(_BODY, bodies.consultee, name="consultee"),
    path(f"{_BODY}modifier/", bodies.edit, name="consultee-edit"),
    path(f"{_BODY}retirer/", bodies.remove, name="consultee-remove"),
    path(f"{_BODY}envoi/", bodies.dispatch_add, name="dispatch-add"),
    path(f"{_BODY}avis/", opinions.opinion, name="opinion"),
    path(f"{_BODY}avis/retirer/", opinions.opinion_remove, name="opinion-remove"),
    path(f"{_BODY}avis/piece/", opinions.opinion_file, name="opinion-file"),
    path(f"{_BODY}remarques/ajouter/", opinions.remark_add, name="remark-add"),
    path(f"{_SENT}modifier/", bodies.dispatch_edit, name="dispatch-edit"),
    path(f"{_SENT}retirer/", bodies.dispatch_remove, name="dispatch-remove"),
    path(f"{_SENT}preuve/", bodies.dispatch_proof, name="dispatch-proof"),
    path(f"{_REMARK}modifier/", opinions.remark_edit, name="remark-edit"),
    path(f"{_REMARK}retirer/", opinions.remark_remove, name="remark-remove"),
    path(f"{_REMARK}reponse/", opinions.reply, name="remark-reply"),
    path(f"{_REMARK}report/", opinions.carry, name="reply-carry"),
]
