"""URLs of the room."""

from django.urls import path

from restanque.supply.views import (
    bakeries,
    choices,
    documents,
    flour,
    home,
    measures,
    needs,
    platforms,
    reasons,
    scenarios,
)

app_name = "supply"
home_urls = [
    path("", home.HOME, name="home"),
    path("<int:territory>/", home.overview, name="overview"),
]
need_urls = [
    path("<int:territory>/besoins/", needs.NEEDS, name="needs"),
    path("<int:territory>/besoins/tirer/", needs.draw, name="needs-draw"),
    path("<int:territory>/besoins/estimer/", needs.estimate, name="needs-estimate"),
    path("<int:territory>/besoins/registre/", needs.register, name="needs-register"),
    path("<int:territory>/besoins/ajouter/", needs.create, name="need-create"),
    path("besoins/<int:pk>/", needs.need, name="need"),
    path("besoins/<int:pk>/modifier/", needs.edit, name="need-edit"),
    path("besoins/<int:pk>/reponses/", needs.forget, name="need-forget"),
    path("besoins/<int:pk>/supprimer/", needs.delete, name="need-delete"),
]
offer_urls = [
    path("<int:territory>/annuaire/", home.draw_offers, name="offers-draw"),
    path("<int:territory>/boulangeries/", bakeries.BAKERIES, name="bakeries"),
    path("<int:territory>/boulangeries/ajouter/", bakeries.create, name="bakery-create"),
    path("<int:territory>/boulangeries/sans-nom/", bakeries.placeholders, name="placeholders"),
    path("boulangeries/<int:pk>/", bakeries.bakery, name="bakery"),
    path("boulangeries/<int:pk>/modifier/", bakeries.edit, name="bakery-edit"),
    path("boulangeries/<int:pk>/retenir/", bakeries.keep, name="bakery-keep"),
    path("<int:territory>/moulins/", flour.MILLS, name="mills"),
    path("<int:territory>/moulins/ajouter/", flour.mill_create, name="mill-create"),
    path("moulins/<int:pk>/", flour.mill, name="mill"),
    path("moulins/<int:pk>/modifier/", flour.mill_edit, name="mill-edit"),
    path("<int:territory>/ble/", flour.WHEAT, name="wheat-offers"),
    path("<int:territory>/ble/ajouter/", flour.wheat_create, name="wheat-create"),
    path("ble/<int:pk>/", flour.wheat_edit, name="wheat"),
    path("<int:territory>/plateformes/", platforms.PLATFORMS, name="platforms"),
    path("<int:territory>/plateformes/ajouter/", platforms.create, name="platform-create"),
    path("plateformes/<int:pk>/", platforms.platform, name="platform"),
    path("plateformes/<int:pk>/modifier/", platforms.edit, name="platform-edit"),
]
measure_urls = [
    path("<int:territory>/distances/", measures.distances, name="distances"),
    path("<int:territory>/distances/mesurer/", measures.ask, name="distances-ask"),
    path(
        "<int:territory>/distances/<int:table>/retirer/", measures.forget, name="distances-forget"
    ),
    path("<int:territory>/calendrier/", measures.calendar, name="calendar"),
    path("<int:territory>/calendrier/verifier/", measures.check, name="calendar-check"),
    path("<int:territory>/calendrier/jours/", measures.fill, name="calendar-fill"),
]
plan_urls = [
    path("<int:territory>/scenarios/", scenarios.SCENARIOS, name="scenarios"),
    path("<int:territory>/scenarios/ajouter/", scenarios.create, name="scenario-create"),
    path("<int:territory>/comparer/", scenarios.compare, name="compare"),
    path("scenarios/<int:pk>/", scenarios.scenario, name="scenario"),
    path("scenarios/<int:pk>/hypotheses/", scenarios.edit, name="scenario-edit"),
    path("scenarios/<int:pk>/copier/", scenarios.duplicate, name="scenario-duplicate"),
    path("scenarios/<int:pk>/archiver/", scenarios.archive, name="scenario-archive"),
    path("scenarios/<int:pk>/calculer/", scenarios.solve, name="scenario-solve"),
    path("scenarios/<int:pk>/lien/", choices.decide, name="scenario-decide"),
    path("scenarios/<int:pk>/ecarter/", choices.leave_out, name="scenario-leave-out"),
    path("scenarios/<int:pk>/choix/", choices.choose, name="scenario-choose"),
    path("scenarios/<int:pk>/poids/", choices.weigh, name="scenario-weigh"),
    path("scenarios/<int:pk>/arbitrages/choisir/", choices.choose_point, name="balance-choose"),
    path("scenarios/<int:pk>/besoins/<int:need>/", reasons.need, name="scenario-need"),
    path("scenarios/<int:pk>/arbitrages/", reasons.balance, name="balance"),
    path("scenarios/<int:pk>/arbitrages/calculer/", reasons.balance_solve, name="balance-solve"),
    path("plans/<int:pk>/communes/", documents.communes, name="plan-communes"),
    path("plans/<int:pk>/commune/<str:code>/", documents.commune, name="plan-commune"),
    path("plans/<int:pk>/boulangeries/", documents.bakeries, name="plan-bakeries"),
    path("plans/<int:pk>/boulangerie/<int:bakery>/", documents.bakery, name="plan-bakery"),
    path("plans/<int:pk>/moulins/", documents.mills, name="plan-mills"),
    path("plans/<int:pk>/moulin/<int:mill>/", documents.mill, name="plan-mill"),
    path("plans/<int:pk>/<str:file_format>/", scenarios.export, name="plan-export"),
]
urlpatterns = [*home_urls, *need_urls, *offer_urls, *measure_urls, *plan_urls]
