"""Opinions, remarks, replies, and the synthesis."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.kit import lists as kit_lists
from restanque.kit.documents import file_response
from restanque.kit.forms import submitted
from restanque.kit.text import safe_file_name
from restanque.procedures.consultations.exports import synthesis_docx, synthesis_xlsx
from restanque.procedures.consultations.forms import CarryForm, OpinionForm, RemarkForm, ReplyForm
from restanque.procedures.consultations.perms import (
    get_consultation_for,
    get_consultee_for,
    get_remark_for,
)
from restanque.procedures.consultations.reading import read_one
from restanque.procedures.consultations.services import opinions as services
from restanque.procedures.consultations.synthesis import synthesis_of
from restanque.procedures.consultations.tables import RemarkFilter, RemarkTable
from restanque.procedures.consultations.views.common import ask, page, read_for, trail_of
from restanque.procedures.consultations.views.consultations import confirm
from restanque.procedures.models import Consultation, Consultee, Remark
from restanque.procedures.perms import can_edit_procedures, can_view_procedures
from restanque.work.panels import tasks_about

_BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def opinion(request: MemberRequest, pk: int) -> HttpResponse:
    """Record the opinion of a body, or correct it."""
    subject = get_consultee_for(request, pk)
    known = getattr(subject, "opinion", None)
    form = OpinionForm(
        request.POST or None,
        request.FILES or None,
        opinion=known,
        initial={"received_on": timezone.localdate()},
    )
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: services.record_opinion(
                consultee=get_consultee_for(request, pk),
                by=request.membership.user,
                **_values(data),
            ),
        )
        if made is not None:
            messages.success(request, "L’avis est enregistré. Tirez-en les remarques.")
            return redirect(subject)
    return ask(
        request, form, title="Corriger l’avis" if known else "Enregistrer un avis",
        lede=subject.name, trail=trail_of(subject.consultation), back=subject.get_absolute_url(),
    )  # fmt: skip


def _values(data: dict[str, Any]) -> dict[str, Any]:
    """The form's values as the services take them; no new file keeps the one there is."""
    upload = data.pop("file", None)
    return {**data, "file": upload} if hasattr(upload, "content_type") else data


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def opinion_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take an opinion away."""
    subject = get_consultee_for(request, pk)
    known = getattr(subject, "opinion", None)
    if known is None:
        raise Http404
    if request.method == "POST":
        try:
            services.remove_opinion(opinion=known)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "L’avis est retiré.")
        return redirect("procedures:consultee", subject.pk)
    return confirm(
        request,
        title="Retirer cet avis ?",
        text="Sa pièce et ses remarques seront effacées. À ne faire que pour une erreur de saisie.",
        back=subject.get_absolute_url(),
        trail=trail_of(subject.consultation),
        fictitious=subject.consultation.is_fictitious,
    )


@require_GET
@require(can_view_procedures)
def opinion_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download the opinion as received."""
    known = getattr(get_consultee_for(request, pk), "opinion", None)
    if known is None or not known.file:
        raise Http404
    return files.serve(known.file, name=known.file_name)


# Remarks ------------------------------------------------------------------------------------------


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def remark_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a remark from an opinion."""
    subject = get_consultee_for(request, pk)
    known = getattr(subject, "opinion", None)
    if known is None:
        raise Http404
    form = RemarkForm(request.POST or None)
    if request.method == "POST":
        made = submitted(form, lambda data: services.add_remark(opinion=known, **data))
        if made is not None:
            messages.success(request, "La remarque est enregistrée.")
            return redirect("procedures:consultee", subject.pk)
    return _ask_remark(request, form, subject, "Ajouter une remarque")


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def remark_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a remark."""
    remark = get_remark_for(request, pk)
    form = RemarkForm(request.POST or None, remark=remark)
    if request.method == "POST":
        done = submitted(
            form, lambda data: services.update_remark(remark=get_remark_for(request, pk), **data)
        )
        if done is not None:
            messages.success(request, "La remarque est corrigée.")
            return redirect(remark.opinion.consultee)
    return _ask_remark(request, form, remark.opinion.consultee, "Corriger une remarque")


def _ask_remark(
    request: MemberRequest, form: RemarkForm, subject: Consultee, title: str
) -> HttpResponse:
    lede = f"{subject.name}. Une remarque par point qui appelle une réponse."
    return ask(
        request, form, title=title, lede=lede, trail=trail_of(subject.consultation),
        back=subject.get_absolute_url(),
    )  # fmt: skip


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def remark_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take a remark away."""
    remark = get_remark_for(request, pk)
    subject = remark.opinion.consultee
    if request.method == "POST":
        try:
            services.remove_remark(remark=remark)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "La remarque est retirée.")
        return redirect(subject)
    return confirm(
        request,
        title="Retirer cette remarque ?",
        text=remark.text,
        back=subject.get_absolute_url(),
        trail=trail_of(subject.consultation),
        fictitious=subject.consultation.is_fictitious,
    )


@require_http_methods(_BOTH)
@require(can_view_procedures)
def reply(request: MemberRequest, pk: int) -> HttpResponse:
    """A remark and its reply. POST, for who may write, decides it."""
    remark = get_remark_for(request, pk)
    may_edit = can_edit_procedures(request.membership)
    if request.method == "POST" and not may_edit:
        raise Http404
    known = getattr(remark, "reply", None)
    form = ReplyForm(request.POST or None, reply=known)
    if request.method == "POST":
        done = submitted(
            form, lambda data: services.reply_to(remark=get_remark_for(request, pk), **data)
        )
        if done is not None:
            messages.success(request, f"La réponse est enregistrée : {done.decision_label}.")
            return redirect(remark.opinion.consultee)
    return _remark_page(request, remark, form, CarryForm(initial=_carry_initial(known)))


def _remark_page(
    request: MemberRequest, remark: Remark, form: ReplyForm, carry: CarryForm
) -> HttpResponse:
    body = remark.opinion.consultee
    reading = read_one(body.consultation, timezone.localdate())
    bad = (form.is_bound and form.errors) or (carry.is_bound and carry.errors)
    return page(
        request,
        "remark",
        reading,
        status=422 if bad else 200,
        remark=remark,
        reply=getattr(remark, "reply", None),
        body=body,
        form=form,
        carry=carry,
        tasks=tasks_about(
            request,
            remark.get_absolute_url(),
            f"Répondre : {body.name}, remarque {remark.order}",
            territory=reading.procedure.territory_id,
        ),
        trail=trail_of(body.consultation, (body.name, body.get_absolute_url())),
    )


def _carry_initial(known: Any) -> dict[str, Any]:
    if known is None or known.carried_on is None:
        return {"carried_on": timezone.localdate()}
    return {"carried_on": known.carried_on, "version": known.carried_version}


@require_POST
@require(can_edit_procedures)
def carry(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that the change is in the document, or that it is not after all."""
    remark = get_remark_for(request, pk)
    known = getattr(remark, "reply", None)
    if known is None:
        raise Http404
    if "annuler" in request.POST:
        services.take_back(reply=known)
        messages.success(request, "La modification n’est plus dite reportée.")
        return redirect(remark)
    form = CarryForm(request.POST)
    done = submitted(
        form,
        lambda data: services.carry_over(
            reply=known,
            version=data["version"],
            on=data["carried_on"],
            by=request.membership.user,
        ),
    )
    if done is None:
        return _remark_page(request, get_remark_for(request, pk), ReplyForm(reply=known), form)
    messages.success(request, "La modification est dite reportée dans le document.")
    return redirect(remark)


# Synthesis ----------------------------------------------------------------------------------------


class SynthesisList(kit_lists.ListView):
    """The opinions of a consultation: counts by sense, then each remark with its reply."""

    noun = ("remarque", "remarques")
    table_class = RemarkTable
    filterset_class = RemarkFilter
    export_name = "remarques"
    template_name = "procedures/consultations/synthesis.html"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """404 for who may not see the consultation."""
        super().setup(request, *args, **kwargs)
        self.consultation: Consultation = get_consultation_for(request, kwargs["pk"])

    def get_title(self) -> str:
        """What it answers."""
        return "Que disent les avis, et que leur répond-on ?"

    def get_queryset(self) -> QuerySet[Remark]:
        """Those of the consultation."""
        return (
            Remark.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
            .filter(opinion__consultee__consultation=self.consultation)
            .select_related("reply", "opinion__consultee")
        )

    def get_trail(self) -> list[tuple[str, str]]:
        """From the room down to the consultation."""
        return trail_of(self.consultation)

    def is_fictitious(self) -> bool:
        """As the consultation."""
        return self.consultation.is_fictitious

    def get_actions(self) -> list[kit_lists.Action]:
        """The documents."""
        pk = self.consultation.pk
        return [
            kit_lists.Action("Classeur Excel", reverse("procedures:synthesis-xlsx", args=[pk])),
            kit_lists.Action(
                "Document Word", reverse("procedures:synthesis-word", args=[pk]), primary=True,
                icon="download",
            ),
        ]  # fmt: skip

    def get_empty(self) -> kit_lists.Empty:
        """The next step."""
        return kit_lists.Empty(
            "Aucune remarque enregistrée",
            "Enregistrez les avis reçus, puis tirez-en les remarques qui appellent une réponse.",
            reverse("procedures:consultees", args=[self.consultation.pk]),
            "Voir les organismes",
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """With the counts."""
        reading = read_one(self.consultation, timezone.localdate())
        return super().get_context_data(
            **extra, consultation=self.consultation, reading=reading, counts=reading.counts
        )


SYNTHESIS = require(can_view_procedures)(SynthesisList.as_view())


@require_GET
@require(can_view_procedures)
def synthesis_workbook(request: MemberRequest, pk: int) -> HttpResponse:
    """The synthesis as a workbook."""
    found = synthesis_of(read_for(request, pk))
    name = safe_file_name(found.reading.consultation.name)
    return file_response(synthesis_xlsx(found), f"synthese-{name}.xlsx")


@require_GET
@require(can_view_procedures)
def synthesis_word(request: MemberRequest, pk: int) -> HttpResponse:
    """The synthesis for the file of the public inquiry."""
    found = synthesis_of(read_for(request, pk))
    name = safe_file_name(found.reading.consultation.name)
    data = synthesis_docx(found, created_at=timezone.now())
    return file_response(data, f"synthese-{name}.docx")
