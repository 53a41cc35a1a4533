"""Addresses of the team's pages of a campaign, part of the room's URLs."""

from django.urls import URLPattern, path

from restanque.surveys.views import (
    board,
    calls,
    campaigns,
    candidates,
    comparison,
    exports,
    results,
    review,
    sendings,
    texts,
)

_ONE = "campagnes/<int:pk>/"
_SENDING = f"{_ONE}envois/<int:sending>/"
_CALL = f"{_ONE}appels/<int:invitation>/"
_REVIEW = f"{_ONE}relecture/<int:invitation>/"

campaign_urls: list[URLPattern] = [
    path("", campaigns.CAMPAIGNS, name="campaigns"),
    path("campagnes/nouvelle/", campaigns.create, name="campaign-create"),
    path(_ONE, board.campaign_board, name="campaign"),
    path(f"{_ONE}reglages/", campaigns.edit, name="campaign-edit"),
    path(f"{_ONE}destinataires/", campaigns.population, name="campaign-population"),
    path(f"{_ONE}messages/", campaigns.message_templates, name="campaign-messages"),
    path(f"{_ONE}messages/essai/", campaigns.send_trial, name="campaign-trial"),
    path(f"{_ONE}ouvrir/", campaigns.open_it, name="campaign-open"),
    path(f"{_ONE}clore/", campaigns.close_it, name="campaign-close"),
    path(f"{_ONE}invitations/", board.INVITATIONS, name="invitations"),
    path(f"{_ONE}invitations/<int:invitation>/", board.invitation, name="invitation"),
    path(f"{_ONE}invitations/<int:invitation>/acte/", board.invitation_act, name="invitation-act"),
    path(f"{_ONE}envois/", sendings.overview, name="sendings"),
    path(f"{_ONE}envois/preparer/<str:kind>/", sendings.prepare, name="sending-prepare"),
    path(_SENDING, sendings.detail, name="sending"),
    path(f"{_SENDING}acte/", sendings.act, name="sending-act"),
    path(f"{_SENDING}fichier/", sendings.merge_file, name="sending-file"),
    path(f"{_ONE}<str:medium>/<str:kind>/preparer/", sendings.merge, name="merge"),
    path(f"{_ONE}appels/", calls.call_list, name="calls"),
    path(f"{_ONE}appels/repartir/", calls.share, name="calls-share"),
    path(_CALL, calls.call, name="call"),
    path(f"{_CALL}suivi/", calls.assign, name="call-assign"),
    path(f"{_ONE}relecture/", review.queue, name="review"),
    path(_REVIEW, review.answer, name="review-answer"),
    path(f"{_REVIEW}conclure/", review.conclude, name="review-conclude"),
    path(f"{_REVIEW}corriger/", review.correct, name="review-correct"),
    path(f"{_REVIEW}commenter/", review.comment, name="review-comment"),
    path(f"{_REVIEW}signalement/<int:flag>/", review.flag, name="review-flag"),
    path(f"{_ONE}resultats/", results.index, name="results"),
    path(f"{_ONE}exporter/", exports.index, name="export"),
    path(f"{_ONE}exporter/<str:code>/fichier", exports.file, name="export-file"),
    path(f"{_ONE}exporter/<str:code>/travail/", exports.start, name="export-start"),
    path(f"{_ONE}resultats/export.<str:file_format>", results.export, name="results-export"),
    path(f"{_ONE}resultats/methode/", results.method, name="results-method"),
    path(f"{_ONE}resultats/approvisionnement/", results.supply, name="results-supply"),
    path(f"{_ONE}resultats/analyse/", results.analysis, name="analysis"),
    path(f"{_ONE}resultats/comparer/", comparison.compare, name="comparison"),
    path(f"{_ONE}resultats/<str:key>/", results.question, name="result"),
    path(f"{_ONE}resultats/<str:key>/mots/", texts.tag, name="texts-tag"),
    path(f"{_ONE}resultats/<str:key>/textes.<str:file_format>", texts.export, name="texts-export"),
    path(f"{_ONE}candidats/", candidates.index, name="candidates"),
    path(f"{_ONE}candidats/nouvelle/", candidates.create, name="candidate-create"),
    path(f"{_ONE}candidats/proposees/", candidates.propose, name="candidates-propose"),
    path(f"{_ONE}candidats/<int:number>/", candidates.CANDIDATE_LIST, name="candidate-list"),
    path(f"{_ONE}candidats/<int:number>/modifier/", candidates.edit, name="candidate-edit"),
    path(f"{_ONE}candidats/<int:number>/supprimer/", candidates.delete, name="candidate-delete"),
]
