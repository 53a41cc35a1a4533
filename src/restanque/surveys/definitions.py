"""Parsed forms of questionnaire versions, kept in memory: parsing takes ten times a page."""

from collections import OrderedDict
from threading import Lock

from restanque.engine.forms import Form, parse_form
from restanque.surveys.models import QuestionnaireVersion

_KEPT = 64
_forms: OrderedDict[tuple[int, str, str], Form] = OrderedDict()
_lock = Lock()


def form_of(version: QuestionnaireVersion) -> Form:
    """The form of a version with its joined lists, shared between requests (it is immutable).

    Least recently used ones are dropped. `version.xform` and the joined files are read on a miss
    only, so queries may defer them. Raises engine.forms.FormError when the version has no
    readable XForm, or a list that cannot be read.
    """
    key = (version.pk, version.sha256, version.media_sha256)
    with _lock:
        if key in _forms:
            _forms.move_to_end(key)
            return _forms[key]
    form = parse_form(version.xform, media=media_of(version))
    with _lock:
        _forms[key] = form
        while len(_forms) > _KEPT:
            _forms.popitem(last=False)
    return form


def media_of(version: QuestionnaireVersion) -> dict[str, bytes]:
    """The joined lists by name, as the engine takes them; pictures and sounds are not read."""
    if not version.media_sha256:
        return {}
    files = version.media.exclude(content_type__startswith="image/").exclude(
        content_type__startswith="audio/"
    )
    return {name: bytes(content) for name, content in files.values_list("name", "content")}
