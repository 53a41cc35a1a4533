"""The bodies of a consultation: the list, one of them, what was sent to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.kit import lists as kit_lists
from restanque.kit.forms import submitted
from restanque.kit.text import plural
from restanque.law.current import law_of
from restanque.procedures.consultations.forms import (
    ConsulteeForm,
    DispatchesForm,
    DispatchForm,
    ReceiptsForm,
)
from restanque.procedures.consultations.perms import (
    get_consultation_for,
    get_consultee_for,
    get_dispatch_for,
)
from restanque.procedures.consultations.proposing import legal_categories
from restanque.procedures.consultations.reading import (
    evidence_words,
    read_body,
    read_one,
    titles,
)
from restanque.procedures.consultations.services import dispatches, lists
from restanque.procedures.consultations.synthesis import timing
from restanque.procedures.consultations.tables import ConsulteeFilter, ConsulteeTable
from restanque.procedures.consultations.views.common import (
    ask,
    page,
    public_organisations,
    trail_of,
)
from restanque.procedures.consultations.views.consultations import confirm
from restanque.procedures.models import Consultation, Consultee, Dispatch, Remark
from restanque.procedures.perms import can_edit_procedures, can_view_procedures

_BOTH = ["GET", "HEAD", "POST"]


class ConsulteeList(kit_lists.ListView):
    """The bodies of one consultation, each with its own term."""

    title = "Qui est consulté, et où en est chacun ?"
    lede = "Chaque délai court de la réception du dossier par l’organisme lui-même."
    noun = ("organisme", "organismes")
    table_class = ConsulteeTable
    filterset_class = ConsulteeFilter
    export_name = "organismes-consultes"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """404 for who may not see the consultation."""
        super().setup(request, *args, **kwargs)
        self.consultation: Consultation = get_consultation_for(request, kwargs["pk"])

    def get_queryset(self) -> QuerySet[Consultee]:
        """Those of the consultation."""
        return (
            Consultee.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
            .filter(consultation=self.consultation)
            .select_related("opinion", "organisation")
        )

    def get_table(self) -> kit_lists.Table:
        """With the reading of each row."""
        table = super().get_table()
        reading = read_one(self.consultation, timezone.localdate())
        table.rows_by_body = {row.consultee.pk: row for row in reading.rows}
        return table

    def get_trail(self) -> list[tuple[str, str]]:
        """From the room down to the consultation."""
        return trail_of(self.consultation)

    def is_fictitious(self) -> bool:
        """As the consultation."""
        return self.consultation.is_fictitious

    def get_actions(self) -> list[kit_lists.Action]:
        """What an editor may do."""
        if not can_edit_procedures(self.request.membership):  # type: ignore[attr-defined]
            return []
        pk = self.consultation.pk
        return [
            kit_lists.Action("Liste proposée", reverse("procedures:consultation-list", args=[pk])),
            kit_lists.Action("Enregistrer un envoi", reverse("procedures:dispatches", args=[pk])),
            kit_lists.Action(
                "Ajouter un organisme", reverse("procedures:consultee-add", args=[pk]), icon="plus"
            ),
        ]

    def get_empty(self) -> kit_lists.Empty:
        """The next step: the proposed list."""
        return kit_lists.Empty(
            "La liste est vide",
            "La base de droit et l’annuaire proposent qui consulter.",
            reverse("procedures:consultation-list", args=[self.consultation.pk]),
            "Voir la liste proposée",
        )


LIST = require(can_view_procedures)(ConsulteeList.as_view())


@require_GET
@require(can_view_procedures)
def consultee(request: MemberRequest, pk: int) -> HttpResponse:
    """One body: its time to answer, what was sent, what it answered, what was replied."""
    subject = get_consultee_for(request, pk)
    reading = read_body(subject, timezone.localdate())
    row = reading.row_of(subject.pk)
    remarks = Remark.objects.filter(opinion__consultee=subject).select_related("reply")
    return page(
        request,
        "consultee",
        reading,
        consultee=subject,
        row=row,
        timing=timing(row),
        titles=[
            (one, reading.law.cite(one.articles), evidence_words(one))
            for one in titles(reading.law, subject.law_ids)
        ],
        dispatches=list(subject.dispatches.order_by("sent_on", "pk")),
        remarks=list(remarks.order_by("order", "pk")),
        trail=trail_of(subject.consultation, *_list_link(subject.consultation)),
    )


def _list_link(subject: Consultation) -> list[tuple[str, str]]:
    return [("Organismes", reverse("procedures:consultees", args=[subject.pk]))]


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def add(request: MemberRequest, pk: int) -> HttpResponse:
    """Add a body by hand."""
    subject = get_consultation_for(request, pk)
    title = request.GET.get("titre", "")
    initial = {
        "name": request.GET.get("nom", "")[:200],
        "law_ids": [title] if title else [],
        "obligation": "mandatory" if title else "voluntary",
        "send_by": "registered",
    }
    form = _form(request, subject, None, initial)
    if request.method == "POST":
        made = submitted(form, lambda data: lists.add_consultee(consultation=subject, **data))
        if made is not None:
            messages.success(request, f"Ajouté à la liste : {made}.")
            return redirect("procedures:consultees", subject.pk)
    return ask(
        request, form, title="Ajouter un organisme",
        lede="De l’annuaire, ou par son nom en attendant de l’y mettre.",
        trail=trail_of(subject), back=subject.get_absolute_url(),
    )  # fmt: skip


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a body."""
    subject = get_consultee_for(request, pk)
    form = _form(request, subject.consultation, subject, None)
    if request.method == "POST":
        done = submitted(
            form,
            lambda data: lists.update_consultee(consultee=get_consultee_for(request, pk), **data),
        )
        if done is not None:
            messages.success(request, f"Enregistré : {done}.")
            return redirect(done)
    return ask(
        request, form, title="Modifier l’organisme", lede=subject.name,
        trail=trail_of(subject.consultation), back=subject.get_absolute_url(),
    )  # fmt: skip


def _form(
    request: MemberRequest,
    subject: Consultation,
    consultee: Consultee | None,
    initial: dict[str, Any] | None,
) -> ConsulteeForm:
    return ConsulteeForm(
        request.POST or None,
        organisations=public_organisations(request),
        legal=legal_categories(law_of(subject.workspace), subject),
        consultee=consultee,
        initial=initial,
    )


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take a body out of the list."""
    subject = get_consultee_for(request, pk)
    if request.method == "POST":
        try:
            lists.remove_consultee(consultee=subject)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(subject)
        messages.success(request, f"Retiré de la liste : {subject}.")
        return redirect("procedures:consultees", subject.consultation_id)
    return confirm(
        request,
        title=f"Retirer « {subject} » de la liste ?",
        text="S’il est obligatoire, son absence sera signalée comme un risque.",
        back=subject.get_absolute_url(),
        trail=trail_of(subject.consultation),
        fictitious=subject.consultation.is_fictitious,
    )


# Dispatches ---------------------------------------------------------------------------------------


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def send(request: MemberRequest, pk: int) -> HttpResponse:
    """Record the same sending to several bodies."""
    subject = get_consultation_for(request, pk)
    waiting = subject.consultees.exclude(
        pk__in=Dispatch.objects.filter(consultee__consultation=subject, complete=True).values(
            "consultee"
        )
    )
    initial = {"sent_on": timezone.localdate(), "sent_by": "registered"}
    form = DispatchesForm(request.POST or None, waiting=waiting, initial=initial)
    if request.method == "POST":
        done = submitted(
            form,
            lambda data: dispatches.record_dispatches(
                consultation=subject,
                consultees=form.chosen(),
                by=request.membership.user,
                **{name: data[name] for name in _SENDING},
            ),
        )
        if done is not None:
            messages.success(request, f"Envoi enregistré : {plural(done, 'organisme')}.")
            return redirect(subject)
    return ask(
        request, form, title="Enregistrer un envoi",
        lede=f"{plural(waiting.count(), 'organisme')} sans dossier complet envoyé. La preuve de "
        "chacun se joint ensuite à sa page.",
        trail=trail_of(subject), back=subject.get_absolute_url(),
    )  # fmt: skip


_SENDING = ("sent_on", "sent_by", "received_on", "proof_kind", "proof_reference")


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def receipts(request: MemberRequest, pk: int) -> HttpResponse:
    """Date the receipts, all on one page."""
    subject = get_consultation_for(request, pk)
    waiting = (
        Dispatch.objects.filter(consultee__consultation=subject, received_on__isnull=True)
        .select_related("consultee")
        .order_by("consultee__name_key", "pk")
    )
    form = ReceiptsForm(request.POST or None, dispatches=waiting)
    if request.method == "POST":
        done = submitted(
            form,
            lambda data: dispatches.record_receipts(
                consultation=subject, receipts=_receipts(form, data)
            ),
        )
        if done is not None:
            messages.success(request, f"{plural(done, 'réception')} enregistrée(s).")
            return redirect(subject)
    context = {
        "consultation": subject,
        "form": form,
        "rows": form.rows(),
        "trail": trail_of(subject),
        "fictitious": subject.is_fictitious,
    }
    status = 422 if form.is_bound and form.errors else 200
    template = "procedures/consultations/receipts.html"
    return render(request, template, context, status=status)


def _receipts(form: ReceiptsForm, data: dict[str, Any]) -> dict[int, dispatches.Receipt]:
    return {
        one.pk: dispatches.Receipt(data[f"day_{one.pk}"], data[f"reference_{one.pk}"])
        for one in form.dispatches
        if data[f"day_{one.pk}"]
    }


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def dispatch_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Record what was sent to one body."""
    subject = get_consultee_for(request, pk)
    initial = {"sent_on": timezone.localdate(), "sent_by": subject.send_by, "complete": True}
    form = DispatchForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: dispatches.record_dispatch(
                consultee=subject, by=request.membership.user, **_values(data)
            ),
        )
        if made is not None:
            messages.success(request, "L’envoi est enregistré. Son délai est calculé.")
            return redirect(subject)
    return _ask_dispatch(request, form, subject, "Enregistrer un envoi")


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def dispatch_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a dispatch, or join its proof."""
    dispatch = get_dispatch_for(request, pk)
    form = DispatchForm(request.POST or None, request.FILES or None, dispatch=dispatch)
    if request.method == "POST":
        done = submitted(
            form,
            lambda data: dispatches.correct_dispatch(
                dispatch=get_dispatch_for(request, pk), **_values(data)
            ),
        )
        if done is not None:
            messages.success(request, "L’envoi est corrigé. Son délai est recalculé.")
            return redirect(dispatch.consultee)
    return _ask_dispatch(request, form, dispatch.consultee, "Corriger un envoi")


def _ask_dispatch(
    request: MemberRequest, form: DispatchForm, subject: Consultee, title: str
) -> HttpResponse:
    lede = f"{subject.name}. Le délai court de la réception ; sans preuve, il ne peut être opposé."
    return ask(
        request, form, title=title, lede=lede, trail=trail_of(subject.consultation),
        back=subject.get_absolute_url(),
    )  # fmt: skip


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def dispatch_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take a dispatch away."""
    dispatch = get_dispatch_for(request, pk)
    subject = dispatch.consultee
    if request.method == "POST":
        dispatches.remove_dispatch(dispatch=dispatch)
        messages.success(request, "L’envoi est retiré.")
        return redirect(subject)
    return confirm(
        request,
        title="Retirer cet envoi ?",
        text="Le délai qu’il faisait courir disparaît, et sa pièce est effacée.",
        back=subject.get_absolute_url(),
        trail=trail_of(subject.consultation),
        fictitious=subject.consultation.is_fictitious,
    )


@require_GET
@require(can_view_procedures)
def dispatch_proof(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download the file that proves a dispatch."""
    dispatch = get_dispatch_for(request, pk)
    if not dispatch.proof:
        raise Http404
    return files.serve(dispatch.proof, name=dispatch.proof_name)


def _values(data: dict[str, Any]) -> dict[str, Any]:
    """The form's values as the services take them; no new file keeps the one there is."""
    proof = data.pop("proof", None)
    return {**data, "proof": proof} if hasattr(proof, "content_type") else data
