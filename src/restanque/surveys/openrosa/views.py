"""The requests of the protocol."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404
from django.urls import reverse

from restanque.surveys.media import content_type_of
from restanque.surveys.models import QuestionnaireVersion, Visitor, VisitRound
from restanque.surveys.openrosa import answers
from restanque.surveys.openrosa.answers import MANIFEST, MAX_POST, XFORMS_LIST, XML
from restanque.surveys.openrosa.doors import for_visitor
from restanque.surveys.visits import reception
from restanque.surveys.visits.lists import media_for

ANSWER = "xml_submission_file"
MORE_TO_COME = "*isIncomplete*"


@for_visitor("GET", "HEAD")
def home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The address that people type: nothing to see, but it says that the code is right."""
    return answers.message("Ce serveur reçoit les visites. Le code est bon.", status=200)


@for_visitor("GET", "HEAD")
def form_list(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The forms this visitor may download: of its open series, the current version of each."""
    wanted = request.GET.get("formID")
    verbose, every = _asks(request, "verbose"), _asks(request, "listAllVersions")
    entries = []
    for visits, version in _offered(visitor, every_version=every):
        if wanted is not None and version.form_id != wanted:
            continue
        place = (visits.pk, version.number)
        entry = {
            "formID": version.form_id,
            "name": visits.name,
            "version": version.form_version,
            "hash": f"md5:{answers.md5_of(version.xform.encode())}",
        }
        if verbose:
            entry["descriptionText"] = visits.purpose
        entry["downloadUrl"] = _url(request, "openrosa:form", *place)
        entry["manifestUrl"] = _url(request, "openrosa:manifest", *place)
        entries.append(entry)
    return answers.listing("xforms", "xform", XFORMS_LIST, entries)


@for_visitor("GET", "HEAD")
def form(request: HttpRequest, visitor: Visitor, pk: int, number: int) -> HttpResponse:
    """The XForm: the very bytes that the list has hashed."""
    _, version = _get_form_for(visitor, pk, number)
    return HttpResponse(version.xform.encode(), content_type=XML)


@for_visitor("GET", "HEAD")
def manifest(request: HttpRequest, visitor: Visitor, pk: int, number: int) -> HttpResponse:
    """The files the form reads or shows: those of its version, and the lists of the series."""
    visits, version = _get_form_for(visitor, pk, number)
    made = {name: answers.md5_of(data) for name, data in media_for(visits, version).items()}
    joined = {file.name: file.md5 for file in version.media_files}
    entries = [
        {
            "filename": name,
            "hash": f"md5:{digest}",
            "downloadUrl": _url(request, "openrosa:media", visits.pk, version.number, name),
        }
        for name, digest in sorted((joined | made).items())
    ]
    return answers.listing("manifest", "mediaFile", MANIFEST, entries)


@for_visitor("GET", "HEAD")
def media(request: HttpRequest, visitor: Visitor, pk: int, number: int, name: str) -> HttpResponse:
    """One of these files."""
    visits, version = _get_form_for(visitor, pk, number)
    content = media_for(visits, version).get(name)
    if content is None:
        content = bytes(get_object_or_404(version.media, name=name).content)
    response = HttpResponse(content, content_type=content_type_of(name))
    response["X-Content-Type-Options"] = "nosniff"
    return response


@for_visitor("HEAD", "POST")
def submission(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """HEAD: where to send, and that the code is right. POST: a visit, or more of its files."""
    if request.method == "HEAD":
        response = HttpResponse(status=204)
        response["Location"] = _url(request, "openrosa:submission")
        return response
    if request.headers.get("Transfer-Encoding") and "CONTENT_LENGTH" not in request.META:
        return answers.message("L’envoi doit dire sa taille.", status=411)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_POST:
        return answers.message("Cet envoi dépasse 20 Mo : envoyez-le en plusieurs.", status=413)
    try:
        xml, files, incomplete = _read(request)
        received = reception.receive(visitor=visitor, xml=xml, files=files, incomplete=incomplete)
    except reception.MalformedError as error:
        return answers.message(str(error), status=400)
    except reception.UnknownFormError as error:
        return answers.message(str(error), status=404)
    except reception.ConflictError as error:
        return answers.message(str(error), status=409)
    except reception.TooLargeError as error:
        return answers.message(str(error), status=413)
    return answers.message(_thanks(received), status=201)


def _read(request: HttpRequest) -> tuple[bytes, "dict[str, UploadedFile[Any]]", bool]:
    """The XML, the joined files by name, whether more is to come."""
    try:
        answer = request.FILES.get(ANSWER)
        fields = request.POST
    except RequestDataTooBig as error:
        raise reception.TooLargeError("Cet envoi est trop volumineux.") from error
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise reception.MalformedError("L’envoi est illisible (multipart).") from error
    if not isinstance(answer, UploadedFile):
        # Some clients send the answer as a plain field.
        text = fields.get(ANSWER)
        if not text:
            raise reception.MalformedError(f"L’envoi n’a pas de partie « {ANSWER} ».")
        xml = text.encode()
    elif (answer.size or 0) > reception.MAX_XML:
        raise reception.TooLargeError("La réponse dépasse 2 Mo.")
    else:
        xml = answer.read()
    files = {
        upload.name or key: upload
        for key, upload in request.FILES.items()
        if key != ANSWER and isinstance(upload, UploadedFile)
    }
    return xml, files, fields.get(MORE_TO_COME, "").lower() == "yes"


def _thanks(received: reception.Reception) -> str:
    visit = received.visit
    if not visit.complete:
        return "Reçu. La suite des photos est attendue."
    if not received.created:
        return "Visite reçue en entier. Merci."
    return "Visite reçue. Merci."


def _offered(
    visitor: Visitor, *, every_version: bool
) -> Iterator[tuple[VisitRound, QuestionnaireVersion]]:
    rounds = visitor.rounds.open().filter(territory=visitor.territory_id)
    for visits in rounds.select_related("version", "territory__workspace").order_by("pk"):
        if not every_version:
            yield visits, visits.version
            continue
        published = QuestionnaireVersion.objects.filter(
            questionnaire=visits.version.questionnaire_id,
            published_at__isnull=False,
            form_id=visits.version.form_id,
        )
        for version in published.order_by("-number"):
            yield visits, version


def _get_form_for(
    visitor: Visitor, pk: int, number: int
) -> tuple[VisitRound, QuestionnaireVersion]:
    """A form offered to this visitor, older versions included; 404 for anyone else."""
    for visits, version in _offered(visitor, every_version=True):
        if (visits.pk, version.number) == (pk, number):
            return visits, version
    raise Http404


def _asks(request: HttpRequest, name: str) -> bool:
    return request.GET.get(name, "").lower() in ("true", "1", "yes")


def _url(request: HttpRequest, name: str, *args: Any) -> str:
    """Absolute, by the name the phone used to reach us."""
    return request.build_absolute_uri(reverse(name, args=args))
