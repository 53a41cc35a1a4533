"""Parsed forms of questionnaire versions, kept in memory: parsing takes ten times a page."""

from collections import OrderedDict
from threading import Lock

from restanque.engine.forms import Form, parse_form
from restanque.surveys.models import QuestionnaireVersion

_KEPT = 64
_forms: OrderedDict[tuple[int, str], Form] = OrderedDict()
_lock = Lock()


def form_of(version: QuestionnaireVersion) -> Form:
    """The form of a version, shared between requests (it is immutable).

    Least recently used ones are dropped. `version.xform` is read on a miss only, so queries may
    defer it. Raises engine.forms.FormError when the version has no readable XForm.
    """
    key = (version.pk, version.sha256)
    with _lock:
        if key in _forms:
            _forms.move_to_end(key)
            return _forms[key]
    form = parse_form(version.xform)
    with _lock:
        _forms[key] = form
        while len(_forms) > _KEPT:
            _forms.popitem(last=False)
    return form
