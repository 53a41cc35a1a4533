"""Which pages of the product a task may be about: local ones, that exist."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve, reverse

from restanque.kit.text import clean

LONGEST_LABEL = 200
LONGEST_PATH = 300


def check_path(path: str) -> str:
    """The path, when it is that of a page of the product; ValidationError otherwise.

    Only a bare path: no host (« //ailleurs »), no query, so that a link typed by somebody never
    leads out of the site nor acts.
    """
    bare = path.startswith("/") and not path.startswith(("//", "/\\")) and len(path) <= LONGEST_PATH
    if bare and path.isprintable() and not set(path) & set("?#\\ "):
        try:
            resolve(path)
        except Resolver404:
            pass
        else:
            return path
    raise ValidationError({"subject_path": "L’objet lié n’est pas une page de ce site."})


def add_url(subject_path: str, label: str, *, territory: int | None = None) -> str:
    """The address of the form that adds a task about a page, of a territory when it has one."""
    asked = {"objet": subject_path, "nom": clean(label)[:LONGEST_LABEL]}
    if territory is not None:
        asked["territoire"] = str(territory)
    return f"{reverse('work:task-create')}?{urlencode(asked)}"


def subject_from(path: str, label: str) -> tuple[str, str]:
    """(path, label) asked in an address, or two empty words when they do not stand."""
    label = clean(label)[:LONGEST_LABEL]
    if not path or not label:
        return "", ""
    try:
        return check_path(path), label
    except ValidationError:
        return "", ""
