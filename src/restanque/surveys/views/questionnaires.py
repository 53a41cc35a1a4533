"""Questionnaires: deposit the Excel file, read what is wrong with it, preview, publish, print."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from restanque.accounts.perms import MemberRequest, require
from restanque.engine.forms import FormError
from restanque.kit import lists
from restanque.kit.documents import file_response
from restanque.kit.forms import PAGE, render_form
from restanque.surveys import documents, shipped
from restanque.surveys.blank import blank_pages
from restanque.surveys.definitions import form_of
from restanque.surveys.forms import QuestionnaireForm, UploadForm
from restanque.surveys.media import missing_data, wanted_files
from restanque.surveys.models import Questionnaire, QuestionnaireVersion
from restanque.surveys.perms import (
    can_edit_questionnaires,
    can_view_questionnaires,
    get_questionnaire_for,
    get_version_for,
)
from restanque.surveys.services import questionnaires
from restanque.surveys.services.questionnaires import PublicationError
from restanque.surveys.tables import QuestionnaireFilter, QuestionnaireTable

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


class QuestionnaireList(lists.ListView):
    """The workspace's questionnaires."""

    request: MemberRequest

    title = "Que demande-t-on ?"
    lede = (
        "Un questionnaire s’écrit dans Excel, se contrôle ici, puis se publie : "
        "les campagnes posent une version publiée."
    )
    noun = ("questionnaire", "questionnaires")
    table_class = QuestionnaireTable
    filterset_class = QuestionnaireFilter
    export_name = "questionnaires"
    empty = lists.Empty(
        "Aucun questionnaire",
        "Installez celui sur le pain, ou déposez le vôtre.",
        "surveys:questionnaire-create",
        "Nouveau questionnaire",
    )

    def get_queryset(self) -> QuerySet[Questionnaire]:
        """Those of the member's workspace, with where they stand."""
        return (
            Questionnaire.objects.of(self.request.membership.workspace)
            .annotate(
                published=Max("versions__number", filter=Q(versions__status="published")),
                drafts=Count("versions", filter=Q(versions__status="draft")),
                questions=Max("versions__question_count", filter=Q(versions__status="published")),
            )
            .order_by("archived", "title_key", "pk")
        )

    def get_actions(self) -> list[lists.Action]:
        """New, for whoever may."""
        if not can_edit_questionnaires(self.request.membership):
            return []
        return [
            lists.Action(
                "Nouveau questionnaire", reverse("surveys:questionnaire-create"), primary=True
            ),
            lists.Action("Modèle Excel vide", reverse("surveys:template"), icon="download"),
        ]


QUESTIONNAIRES = require(can_view_questionnaires)(QuestionnaireList.as_view())


@read_or_post
@require(can_edit_questionnaires)
def create(request: MemberRequest) -> HttpResponse:
    """A new questionnaire; its file comes next."""
    form = QuestionnaireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = questionnaires.create_questionnaire(
            workspace=request.membership.workspace, **form.cleaned_data
        )
        return redirect("surveys:questionnaire-upload", new.pk)
    installed = Questionnaire.objects.of(request.membership.workspace).filter(shipped_as="pain")
    return render_form(
        request,
        "surveys/questionnaire_create.html",
        form,
        title="Nouveau questionnaire",
        submit="Continuer",
        shipped=None if installed else shipped.load("pain"),
    )


@require_POST
@require(can_edit_questionnaires)
def install(request: MemberRequest) -> HttpResponse:
    """Install the shipped bread questionnaire in the workspace, published."""
    version = questionnaires.install_shipped_questionnaire(
        workspace=request.membership.workspace, by=request.membership.user
    )
    messages.success(request, "Le questionnaire sur le pain est installé et publié.")
    return redirect("surveys:questionnaire", version.questionnaire_id)


@require_safe
@require(can_view_questionnaires)
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One questionnaire: its versions, where they are used, what to do next."""
    questionnaire = get_questionnaire_for(request, pk)
    versions = (
        questionnaire.versions.defer("source", "xform", "facts")
        .select_related("created_by")
        .annotate(campaign_count=Count("campaigns", distinct=True))
        .order_by("-number")
    )
    context = {
        "questionnaire": questionnaire,
        "versions": versions,
        "can_edit": can_edit_questionnaires(request.membership),
    }
    return render(request, "surveys/questionnaire.html", context)


@read_or_post
@require(can_edit_questionnaires)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Title and description."""
    questionnaire = get_questionnaire_for(request, pk)
    initial = {"title": questionnaire.title, "description": questionnaire.description}
    form = QuestionnaireForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        questionnaires.update_questionnaire(questionnaire=questionnaire, **form.cleaned_data)
        messages.success(request, "Le questionnaire est enregistré.")
        return redirect("surveys:questionnaire", pk)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Modifier «\u00a0{questionnaire}\u00a0»",
        submit="Enregistrer",
        back=questionnaire.get_absolute_url(),
    )


@require_POST
@require(can_edit_questionnaires)
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    """Archive, or take back from the archive."""
    questionnaire = get_questionnaire_for(request, pk)
    archived = request.POST.get("action") != "restore"
    questionnaires.archive_questionnaire(questionnaire=questionnaire, archived=archived)
    messages.success(
        request, "Le questionnaire est archivé." if archived else "Le questionnaire est repris."
    )
    return redirect("surveys:questionnaire", pk)


@read_or_post
@require(can_edit_questionnaires)
def upload(request: MemberRequest, pk: int) -> HttpResponse:
    """Deposit an Excel file: it becomes a draft version with its report."""
    questionnaire = get_questionnaire_for(request, pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        version = questionnaires.add_version(
            questionnaire=questionnaire,
            data=file.read(),
            filename=file.name,
            by=request.membership.user,
        )
        return redirect("surveys:version", version.pk)
    return render_form(
        request,
        "surveys/questionnaire_upload.html",
        form,
        title=f"Déposer le fichier de « {questionnaire} »",
        submit="Contrôler ce fichier",
        questionnaire=questionnaire,
    )


@require_safe
@require(can_view_questionnaires)
def version(request: MemberRequest, pk: int) -> HttpResponse:
    """One version: what the lint found, what it asks, publish."""
    found = get_version_for(request, pk)
    context: dict[str, Any] = {
        "version": found,
        "can_edit": can_edit_questionnaires(request.membership),
        "pages": _outline(found),
        "facts": len(found.facts),
        "wanted": wanted_files(found),
        "missing": missing_data(found),
    }
    return render(request, "surveys/version.html", context)


@require_POST
@require(can_edit_questionnaires)
def publish(request: MemberRequest, pk: int) -> HttpResponse:
    """Publish a version, or throw its draft away."""
    found = get_version_for(request, pk)
    try:
        if request.POST.get("action") == "discard":
            questionnaires.discard_draft(version=found)
            messages.success(request, "Le brouillon est supprimé.")
            return redirect("surveys:questionnaire", found.questionnaire_id)
        questionnaires.publish_version(version=found, by=request.membership.user)
        messages.success(request, "La version est publiée : une campagne peut maintenant la poser.")
    except PublicationError as error:
        messages.error(request, str(error))
    return redirect("surveys:version", pk)


@require_safe
@require(can_view_questionnaires)
def printable(request: MemberRequest, pk: int) -> HttpResponse:
    """The blank questionnaire on screen, ready to print."""
    found = get_version_for(request, pk)
    context = {"version": found, "form": _form_or_404(found), "pages": _blank(found)}
    return render(request, "surveys/version_print.html", context)


@require_safe
@require(can_view_questionnaires)
def pdf(request: MemberRequest, pk: int) -> HttpResponse:
    """The blank questionnaire as a PDF."""
    found = get_version_for(request, pk)
    _form_or_404(found)
    return documents.blank_pdf(found, fictitious=found.questionnaire.workspace.fictitious)


@require_safe
@require(can_view_questionnaires)
def source(request: MemberRequest, pk: int) -> HttpResponse:
    """The file that was deposited."""
    found = get_version_for(request, pk)
    return file_response(bytes(found.source), found.filename)


@require_safe
@require(can_view_questionnaires)
def template(request: MemberRequest) -> HttpResponse:
    """The empty Excel template."""
    return file_response(shipped.read(shipped.EMPTY_TEMPLATE), shipped.EMPTY_TEMPLATE)


@require_safe
@require(can_view_questionnaires)
def example(request: MemberRequest) -> HttpResponse:
    """A short example to start from."""
    return file_response(shipped.read(shipped.SHORT_EXAMPLE), shipped.SHORT_EXAMPLE)


def _form_or_404(found: QuestionnaireVersion) -> Any:
    try:
        return form_of(found)
    except FormError:
        raise Http404 from None


def _blank(found: QuestionnaireVersion) -> Any:
    return blank_pages(_form_or_404(found))


def _outline(found: QuestionnaireVersion) -> Any:
    """The parts and their questions, or None when the file is no form yet."""
    if not found.xform:
        return None
    try:
        return blank_pages(form_of(found))
    except FormError:
        return None
