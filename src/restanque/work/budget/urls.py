"""URLs of budgets, under those of the room."""

from django.urls import path

from restanque.work.budget.views import budgets, contracts
from restanque.work.budget.views.parts import ADD, EDIT, REMOVE

#: The words of the address for each kind of part.
_WORDS = {
    "line": "lignes",
    "contract": "marches",
    "amendment": "avenants",
    "deliverable": "livrables",
    "commitment": "engagements",
    "invoice": "factures",
    "subsidy": "subventions",
    "instalment": "versements",
    "staff": "equipe",
}

urlpatterns = [
    path("", budgets.LIST, name="budgets"),
    path("ajouter/", budgets.create, name="budget-create"),
    path("<int:pk>/", budgets.budget, name="budget"),
    path("<int:pk>/modifier/", budgets.edit, name="budget-edit"),
    path("<int:pk>/supprimer/", budgets.delete, name="budget-delete"),
    path("<int:pk>/classeur/", budgets.export, name="budget-export"),
    path("marches/<int:pk>/", contracts.contract, name="contract"),
    path("livrables/<int:pk>/fichier/", contracts.deliverable_file, name="deliverable-file"),
    *(
        path(f"<int:pk>/{word}/ajouter/", ADD[name], name=f"{name}-add")
        for name, word in _WORDS.items()
        if name not in ("amendment", "deliverable", "instalment")
    ),
    path("marches/<int:pk>/avenants/ajouter/", ADD["amendment"], name="amendment-add"),
    path("marches/<int:pk>/livrables/ajouter/", ADD["deliverable"], name="deliverable-add"),
    path("subventions/<int:pk>/versements/ajouter/", ADD["instalment"], name="instalment-add"),
    *(
        path(f"{word}/<int:pk>/modifier/", EDIT[name], name=f"{name}-edit")
        for name, word in _WORDS.items()
    ),
    *(
        path(f"{word}/<int:pk>/retirer/", REMOVE[name], name=f"{name}-remove")
        for name, word in _WORDS.items()
    ),
]
