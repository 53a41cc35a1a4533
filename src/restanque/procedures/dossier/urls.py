"""Addresses of the file of a procedure, under those of the room."""

from django.urls import path, register_converter

from restanque.procedures.dossier.views import notes, pieces


class _Extension:
    """What the list of pieces leaves as."""

    regex = "xlsx|csv|docx"

    def to_python(self, value: str) -> str:
        """As written."""
        return value

    to_url = to_python


register_converter(_Extension, "dossier_extension")

urlpatterns = [
    path("pieces/", pieces.LIST, name="pieces"),
    path("pieces/<int:pk>/", pieces.piece, name="piece"),
    path("pieces/<int:pk>/versions/", pieces.add_file, name="piece-file-add"),
    path("pieces/<int:pk>/retirer/", pieces.remove, name="piece-remove"),
    path("versions/<int:pk>/", pieces.download, name="piece-file"),
    path("versions/<int:pk>/retirer/", pieces.remove_file, name="piece-file-remove"),
    path("conseils/<int:pk>/", notes.edit_advice, name="advice-edit"),
    path("conseils/<int:pk>/retirer/", notes.remove_advice, name="advice-remove"),
    path("conseils/<int:pk>/piece/", notes.advice_file, name="advice-file"),
    path("etudes/<int:pk>/", notes.edit_study, name="study-edit"),
    path("etudes/<int:pk>/retirer/", notes.remove_study, name="study-remove"),
    path("<int:pk>/dossier/", pieces.dossier, name="dossier"),
    path("<int:pk>/dossier/ouvrir/", pieces.open_dossier, name="dossier-open"),
    path("<int:pk>/dossier/ajouter/", pieces.add, name="piece-add"),
    path(
        "<int:pk>/dossier/liste.<dossier_extension:extension>",
        pieces.export,
        name="dossier-export",
    ),
    path("<int:pk>/conseils/", notes.advices, name="advices"),
    path("<int:pk>/conseils/ajouter/", notes.add_advice, name="advice-add"),
    path("<int:pk>/etudes/", notes.studies, name="studies"),
    path("<int:pk>/etudes/ajouter/", notes.add_study, name="study-add"),
]
