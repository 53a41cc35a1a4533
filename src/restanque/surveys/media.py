"""What files a questionnaire wants beside its Excel sheet, and which it has. Reading only."""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from restanque.core.files import show_picture
from restanque.engine.forms import Form, FormError
from restanque.surveys.definitions import form_of
from restanque.surveys.models import QuestionnaireMedia, QuestionnaireVersion

# Lists that formulas and choices read: without them the questionnaire cannot be answered.
DATA = ("csv", "geojson", "xml")
PICTURES = ("png", "jpg", "jpeg", "gif", "webp")
SOUNDS = ("mp3", "wav", "ogg")
EXTENSIONS = (*DATA, *PICTURES, *SOUNDS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that the form names. `file` is None while nobody joined it."""

    name: str
    file: QuestionnaireMedia | None

    @property
    def is_data(self) -> bool:
        """Whether the form cannot work without it."""
        return extension_of(self.name) in DATA

    @property
    def is_accepted(self) -> bool:
        """Whether a file of that type may be joined."""
        return extension_of(self.name) in EXTENSIONS

    @property
    def use(self) -> str:
        """What the form does with it, in words."""
        extension = extension_of(self.name)
        if extension in DATA:
            return "liste lue par le questionnaire"
        if extension in PICTURES or extension == "svg":
            return "image montrée avec une question ou un choix"
        return "son ou film, montré dans ODK Collect seulement"


def extension_of(name: str) -> str:
    """« Communes.CSV » → csv."""
    return PurePath(name).suffix[1:].lower()


def content_type_of(name: str) -> str:
    """The type by which a file of that name is served."""
    known = {"csv": "text/csv", "geojson": "application/geo+json", "webp": "image/webp"}
    guessed = mimetypes.guess_type(name)[0]
    return known.get(extension_of(name), guessed or "application/octet-stream")


def wanted_files(version: QuestionnaireVersion) -> list[Wanted]:
    """Every file that the form names, in its order; none when it cannot be read yet."""
    form = _form(version)
    if form is None or not form.media_names:
        return []
    joined = {file.name: file for file in version.media_files}
    return [Wanted(name, joined.get(name)) for name in form.media_names]


def missing_data(version: QuestionnaireVersion) -> list[str]:
    """Names of the lists without which the version may not be published."""
    return [one.name for one in wanted_files(version) if one.is_data and one.file is None]


def picture_urls(version: QuestionnaireVersion, address: Callable[[str], str]) -> dict[str, str]:
    """Name of each picture that was joined → its address, which changes with its content."""
    if not version.media_sha256:
        return {}
    return {
        file.name: f"{address(file.name)}?v={file.sha256[:12]}"
        for file in version.media_files
        if file.is_picture
    }


def show(version: QuestionnaireVersion, name: str) -> HttpResponse:
    """A joined picture, for a page that may show the version; 404 for anything else."""
    file = get_object_or_404(version.media, name=name)
    if not file.is_picture:
        raise Http404
    return show_picture(bytes(file.content), content_type=file.content_type)


def _form(version: QuestionnaireVersion) -> Form | None:
    try:
        return form_of(version) if version.xform else None
    except FormError:
        return None
