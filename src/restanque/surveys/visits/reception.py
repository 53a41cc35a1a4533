"""What a phone sends: stored at once, once, whatever its faults; checked beside."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from lxml import etree

from restanque.core.files import safe_name
from restanque.engine.forms import FormError, Session
from restanque.engine.forms.markup import children, local, read_xml
from restanque.surveys.models import (
    Channel,
    QuestionnaireVersion,
    Visit,
    VisitFile,
    Visitor,
    VisitRound,
)
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.visits import photos
from restanque.surveys.visits.lists import find_organisation
from restanque.surveys.visits.reading import ORGANISATION, as_json, session_for, told

MAX_XML = 2 * 1024 * 1024
MAX_FILE = 10 * 1024 * 1024
MAX_FILES = 40
# Of one visitor: a lost phone must not fill the disk. A week of visits sent at once stays under it.
MAX_FILES_OF_DAY = 2 * 1024 * 1024 * 1024
_UNREADABLE = {"path": "", "label": "Envoi", "message": ""}


class MalformedError(ValueError):
    """Not a submission: the phone must not send it again as it is."""


class UnknownFormError(ValueError):
    """No series of this visitor asks this version of this form."""


class ConflictError(ValueError):
    """Another content was received under the same identifier."""


class TooLargeError(ValueError):
    """Beyond what is taken: the sentence says which limit."""


@dataclass(frozen=True, slots=True)
class Reception:
    """What was received; `created` is False when it was there already."""

    visit: Visit
    created: bool


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the XML says of itself."""

    form_id: str
    version: str
    instance_id: str


def open_envelope(xml: bytes) -> Envelope:
    """Form, version and identifier of a submission. MalformedError when it is none."""
    if len(xml) > MAX_XML:
        raise TooLargeError("La réponse dépasse 2 Mo.")
    try:
        root = read_xml(xml, "la réponse")
    except FormError as error:
        raise MalformedError(str(error)) from error
    identifier = next(
        (
            (node.text or "").strip()
            for node in root.iter()
            if local(node) == "instanceID" and _is_meta(node.getparent())
        ),
        "",
    )
    if not root.get("id"):
        raise MalformedError("La réponse ne dit pas de quel formulaire elle est.")
    if not identifier or len(identifier) > 120:
        raise MalformedError("La réponse n’a pas d’identifiant (instanceID).")
    return Envelope(root.get("id", ""), root.get("version", ""), identifier)


def receive(
    *,
    visitor: Visitor,
    xml: bytes,
    files: "Mapping[str, UploadedFile[Any]] | None" = None,
    incomplete: bool = False,
) -> Reception:
    """Store a submission, or the rest of its files; the same twice changes nothing.

    Faults of the answer are kept with it and never refuse it: a refusal would leave the visit on
    the phone. A form whose series is closed, or an older version, is still received.
    """
    envelope = open_envelope(xml)
    visits, version = _asked(visitor, envelope)
    digest = hashlib.sha256(xml).hexdigest()
    try:
        return _store(visitor, visits, version, envelope, xml, digest, files or {}, incomplete)
    except (IntegrityError, ValidationError):
        # Two posts of the same visit at once: the other one has made it.
        return _store(visitor, visits, version, envelope, xml, digest, files or {}, incomplete)


@transaction.atomic
def _store(
    visitor: Visitor,
    visits: VisitRound,
    version: QuestionnaireVersion,
    envelope: Envelope,
    xml: bytes,
    digest: str,
    files: "Mapping[str, UploadedFile[Any]]",
    incomplete: bool,
) -> Reception:
    visit = (
        Visit.objects.select_for_update(of=("self",))
        .filter(round=visits, instance_id=envelope.instance_id)
        .first()
    )
    created = visit is None
    if visit is None:
        visit = _new_visit(visitor, visits, version, envelope, xml, digest, incomplete)
    elif visit.xml_sha256 != digest:
        raise ConflictError(
            "Une autre réponse porte déjà cet identifiant. Rien n’a été remplacé : "
            "prévenez l’équipe."
        )
    for name, upload in _new_files(visit, visitor, files).items():
        upload.seek(0)  # read already when two posts of a visit came at once
        add_file(visit, name, upload.read())
    if not incomplete and not visit.complete:
        visit.complete = True
        visit.save(update_fields=["complete"])
    return Reception(visit, created)


def _asked(visitor: Visitor, envelope: Envelope) -> tuple[VisitRound, QuestionnaireVersion]:
    """The series and the published version that this visitor answers, open ones first."""
    rounds = (
        visitor.rounds.filter(
            territory=visitor.territory_id,
            version__questionnaire__versions__form_id=envelope.form_id,
        )
        .select_related("territory__workspace", "version")
        .distinct()
    )
    for visits in sorted(rounds, key=lambda one: (not one.is_open, -one.pk)):
        version = (
            QuestionnaireVersion.objects.filter(
                questionnaire=visits.version.questionnaire_id,
                form_id=envelope.form_id,
                form_version=envelope.version,
                published_at__isnull=False,
            )
            .order_by("-number")
            .first()
        )
        if version is not None:
            return visits, version
    raise UnknownFormError("Ce formulaire, ou cette version, n’est pas de vos visites.")


def _new_visit(
    visitor: Visitor,
    visits: VisitRound,
    version: QuestionnaireVersion,
    envelope: Envelope,
    xml: bytes,
    digest: str,
    incomplete: bool,
) -> Visit:
    now = timezone.now()
    visit = Visit(
        round=visits,
        version=version,
        visitor=visitor,
        instance_id=envelope.instance_id,
        visited_on=timezone.localdate(now),
        channel=Channel.COLLECT,
        status=ResponseStatus.SUBMITTED,
        received_xml=_text(xml),
        xml_sha256=digest,
        complete=not incomplete,
        received_at=now,
        updated_at=now,
    )
    try:
        session = _read(visits, version, visit.received_xml, now)
    except FormError as error:
        # Not the form it says: kept as it came, for somebody to look at.
        visit.instance = visit.received_xml
        visit.faults = [_UNREADABLE | {"message": str(error)}]
    else:
        take_answers(visit, session)
    visit.full_clean(exclude=["round", "version", "visitor", "organisation"])
    visit.save()
    return visit


def _read(visits: VisitRound, version: QuestionnaireVersion, xml: str, now: datetime) -> Session:
    """The session of what was sent. An organisation that has left the list since the phone
    downloaded it stays a possible answer: the engine would otherwise take the answer back."""
    named = find_organisation(visits, _said(version, xml, ORGANISATION), follow=False)
    also = named.pk if named is not None else None
    return session_for(visits, version, instance=xml, now=now, also=also)


def _said(version: QuestionnaireVersion, xml: str, fact: str) -> str:
    """The text that the envelope itself holds for a fact, before anything is computed."""
    path = next((path for path, name in version.facts.items() if name == fact), "")
    node: etree._Element | None = read_xml(xml, "la réponse")
    for step in path.split("/")[2:]:
        node = next(children(node, step), None) if node is not None else None
    return (node.text or "").strip() if node is not None else ""


def take_answers(visit: Visit, session: Session) -> None:
    """Set on a visit (unsaved) what its answers say: values, faults, where, when."""
    said = told(session)
    visit.instance = session.to_xml(prune=False)
    visit.flat = session.flat()
    visit.faults = as_json(session.validate())
    visit.new_name = said.new_name
    visit.organisation = find_organisation(visit.round, said.organisation) or (
        visit.organisation if not said.organisation else None
    )
    visit.visited_on = said.visited_on or visit.visited_on


def _new_files(
    visit: Visit, visitor: Visitor, files: "Mapping[str, UploadedFile[Any]]"
) -> "dict[str, UploadedFile[Any]]":
    """The joined files to store, each once. Whatever their type, none is shown but pictures.

    All are checked before any is stored: bytes on the disk would survive the refusal of the next.
    """
    there = set(visit.files.values_list("name", flat=True))
    found: dict[str, UploadedFile[Any]] = {}
    for name, upload in files.items():
        kept = safe_name(name)
        if (upload.size or 0) > MAX_FILE:
            raise TooLargeError(f"Le fichier « {kept} » dépasse 10 Mo.")
        if kept not in there:
            found.setdefault(kept, upload)
    if found and len(there) + len(found) > MAX_FILES:
        raise TooLargeError(f"Une visite a au plus {MAX_FILES} fichiers.")
    lately = VisitFile.objects.filter(
        visit__visitor=visitor, received_at__gt=timezone.now() - timedelta(days=1)
    ).aggregate(size=Sum("size"))["size"]
    if sum(one.size or 0 for one in found.values()) + (lately or 0) > MAX_FILES_OF_DAY:
        raise TooLargeError(
            "Ce téléphone a envoyé plus de 2 Go en un jour : renvoyez cette visite demain."
        )
    return found


def add_file(visit: Visit, name: str, data: bytes) -> VisitFile:
    """Store the bytes of a file of a visit, its place taken out when it is a photo."""
    clean = photos.without_place(data)
    file = VisitFile(
        visit=visit,
        name=name,
        size=len(clean),
        content_type=photos.type_of(clean),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    file.file = ContentFile(clean, name=name)
    file.full_clean(exclude=["visit"])
    file.save()
    return file


def erase_file(file: VisitFile) -> None:
    """Erase a file of a visit: its row now, its bytes when the transaction commits."""
    storage, name = file.file.storage, file.file.name or ""
    file.delete()
    transaction.on_commit(lambda: storage.delete(name))


def _is_meta(node: etree._Element | None) -> bool:
    return node is not None and local(node) == "meta"


def _text(xml: bytes) -> str:
    """The XML as text; one that is not UTF-8 is written again from what was read of it."""
    try:
        return xml.decode("utf-8-sig")
    except UnicodeDecodeError:
        return etree.tostring(read_xml(xml, "la réponse"), encoding="unicode")
