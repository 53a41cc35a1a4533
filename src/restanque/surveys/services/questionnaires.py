"""Writes on questionnaires: deposit a file, publish a version, install the shipped one."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from restanque.accounts.models import User, Workspace
from restanque.engine.forms import FormError, Problem, convert_xlsform, lint, parse_form
from restanque.kit.text import search_key
from restanque.surveys import shipped
from restanque.surveys.media import missing_data
from restanque.surveys.models import Questionnaire, QuestionnaireMedia, QuestionnaireVersion
from restanque.surveys.models.questionnaires import VersionStatus
from restanque.surveys.services.media import carry_over, join_media

MAX_BYTES = 5 * 1024 * 1024


class PublicationError(ValueError):
    """A version that cannot be published, or no longer changed; the message is for the person."""


@transaction.atomic
def create_questionnaire(
    *, workspace: Workspace, title: str, description: str = "", shipped_as: str = ""
) -> Questionnaire:
    """A new questionnaire, still without a version."""
    questionnaire = Questionnaire(
        workspace=workspace,
        title=title,
        title_key=search_key(title),
        description=description,
        shipped_as=shipped_as,
    )
    questionnaire.full_clean()
    questionnaire.save()
    return questionnaire


@transaction.atomic
def update_questionnaire(
    *, questionnaire: Questionnaire, title: str, description: str
) -> Questionnaire:
    """Change what the team reads of it; respondents read the form's own title."""
    questionnaire.title = title
    questionnaire.title_key = search_key(title)
    questionnaire.description = description
    questionnaire.full_clean()
    questionnaire.save()
    return questionnaire


@transaction.atomic
def archive_questionnaire(*, questionnaire: Questionnaire, archived: bool = True) -> None:
    """Take it out of the choices of new campaigns, or put it back. Answers are untouched."""
    questionnaire.archived = archived
    questionnaire.save(update_fields=["archived"])


@transaction.atomic
def add_version(
    *, questionnaire: Questionnaire, data: bytes, filename: str, by: User | None = None
) -> QuestionnaireVersion:
    """Convert and lint an Excel file; keep it as a draft with its report, whatever its faults.

    A draft that was there is replaced: one waits for publication at a time. A file that is no
    form at all is kept too, so that the person sees what to mend. Files joined to what it
    replaces, or to the version before, are joined to it when it still names them.
    """
    conversion = convert_xlsform(data, filename=filename)
    problems = [_as_json(problem) for problem in lint(conversion)]
    xform, facts, count = conversion.xform or "", {}, 0
    if xform:
        try:
            form = parse_form(xform)
            facts = dict(form.facts)
            count = sum(control.widget != "note" for control in form.questions)
        except FormError as error:
            problems.append(_as_json(Problem("error", error.message, code="unreadable")))
    # Serialise concurrent deposits on the same questionnaire.
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    joined = _joined_before(questionnaire)
    questionnaire.versions.filter(status=VersionStatus.DRAFT).delete()
    last = questionnaire.versions.aggregate(last=Max("number"))["last"] or 0
    version = QuestionnaireVersion(
        questionnaire=questionnaire,
        number=last + 1,
        filename=filename[:200],
        source=data,
        xform=xform,
        form_id=conversion.form_id[:200],
        form_version=conversion.version[:100],
        report=problems,
        facts=facts,
        question_count=count,
        sha256=hashlib.sha256(data).hexdigest(),
        created_by=by,
    )
    version.full_clean(exclude=["source"])
    version.save()
    carry_over(version=version, files=joined)
    return version


def _joined_before(questionnaire: Questionnaire) -> list[QuestionnaireMedia]:
    """The files of the two latest versions, the newer first met: a draft, and what it follows."""
    recent = questionnaire.versions.order_by("-number").values_list("pk", flat=True)[:2]
    found: dict[str, QuestionnaireMedia] = {}
    for file in QuestionnaireMedia.objects.filter(version__in=list(recent)).order_by(
        "-version__number"
    ):
        found.setdefault(file.name, file)
    return list(found.values())


@transaction.atomic
def publish_version(
    *, version: QuestionnaireVersion, by: User | None = None
) -> QuestionnaireVersion:
    """Make a draft usable by campaigns; from then on nothing may change it.

    Raises PublicationError when it has errors, wants a list that nobody joined, or is published
    already.
    """
    if version.is_published:
        raise PublicationError("Cette version est déjà publiée.")
    if version.errors or not version.xform:
        raise PublicationError(
            "Corrigez les erreurs du fichier, puis déposez-le de nouveau : "
            "une version qui a des erreurs ne se publie pas."
        )
    if missing := missing_data(version):
        names = " et ".join(f"«\u00a0{name}\u00a0»" for name in missing)
        raise PublicationError(
            f"Joignez d’abord {names}\u00a0: le questionnaire lit cette liste et ne marche pas "
            "sans elle."
        )
    version.status = VersionStatus.PUBLISHED
    version.published_at = timezone.now()
    version.full_clean(exclude=["source"])
    version.save(update_fields=["status", "published_at"])
    return version


@transaction.atomic
def discard_draft(*, version: QuestionnaireVersion) -> None:
    """Throw a draft away. A published version stays for ever: answers point to it."""
    if version.is_published:
        raise PublicationError("Une version publiée ne se supprime pas.")
    version.delete()


@transaction.atomic
def install_shipped_questionnaire(
    *,
    workspace: Workspace,
    by: User | None = None,
    name: str = "pain",
    media: Mapping[str, bytes] | None = None,
) -> QuestionnaireVersion:
    """The shipped questionnaire in a workspace, published. Doing it again changes nothing,
    unless the shipped file is newer: it then becomes the next version. `media` are the files
    that it reads, by name."""
    source = shipped.load(name)
    questionnaire = Questionnaire.objects.filter(workspace=workspace, shipped_as=name).first()
    if questionnaire is None:
        questionnaire = create_questionnaire(
            workspace=workspace,
            title=source.title,
            description=source.description,
            shipped_as=name,
        )
    digest = hashlib.sha256(source.data).hexdigest()
    same = questionnaire.versions.filter(sha256=digest, status=VersionStatus.PUBLISHED).first()
    if same is not None:
        return same
    version = add_version(
        questionnaire=questionnaire, data=source.data, filename=source.filename, by=by
    )
    for filename, content in (media or {}).items():
        join_media(version=version, upload=SimpleUploadedFile(filename, content), by=by)
    return publish_version(version=version, by=by)


def _as_json(problem: Problem) -> dict[str, Any]:
    return {
        "severity": problem.severity,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "message": problem.message,
        "mend": problem.mend,
        "code": problem.code,
    }
