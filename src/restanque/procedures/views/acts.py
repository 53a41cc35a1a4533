"""A step before a body: put on an agenda, then recorded from the act that was voted."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.governance.models import AgendaItem, Deliberation, Sitting
from restanque.governance.nomenclature import ItemKind
from restanque.kit import forms as kit_forms
from restanque.kit.forms import submitted
from restanque.procedures.acts import path_of
from restanque.procedures.models import Procedure
from restanque.procedures.perms import (
    can_edit_procedures,
    can_view_procedures,
    get_procedure_for,
)
from restanque.procedures.services import acts as services
from restanque.procedures.views.common import trail


class AgendaForm(forms.Form):
    """At which sitting, and what is asked of the body."""

    sitting: forms.ModelChoiceField[Sitting] = forms.ModelChoiceField(
        label="Séance à venir", queryset=Sitting.objects.none(), empty_label=None
    )
    title = kit_forms.TextField(
        label="Objet", max_length=300, required=False, help_text="Vide : le nom de l’étape."
    )
    kind = forms.ChoiceField(
        label="Ce qui est demandé", choices=ItemKind.choices, initial=ItemKind.DECISION
    )

    def __init__(self, *args: Any, sittings: QuerySet[Sitting], **kwargs: Any) -> None:
        kwargs["auto_id"] = "id_seance_%s"
        super().__init__(*args, **kwargs)
        self.fields["sitting"].queryset = sittings  # type: ignore[attr-defined]


class ActForm(forms.Form):
    """Which act of the register."""

    act: forms.ModelChoiceField[Deliberation] = forms.ModelChoiceField(
        label="Délibération", queryset=Deliberation.objects.none(), empty_label="Choisir"
    )

    def __init__(self, *args: Any, acts: QuerySet[Deliberation], **kwargs: Any) -> None:
        kwargs["auto_id"] = "id_acte_%s"
        super().__init__(*args, **kwargs)
        field: Any = self.fields["act"]
        field.queryset = acts
        field.label_from_instance = lambda one: f"N° {one.number}, {one.title}"


@require_GET
@require(can_view_procedures)
def step(request: MemberRequest, pk: int, step: str) -> HttpResponse:
    """Where a step stands before the bodies of its territory."""
    subject = _step_for(request, pk, step)
    return _page(request, subject, step)


@require_POST
@require(can_edit_procedures)
def put_on_agenda(request: MemberRequest, pk: int, step: str) -> HttpResponse:
    """One click: the step is an item of the sitting."""
    subject = _step_for(request, pk, step)
    form = AgendaForm(request.POST, sittings=_coming(request, subject))
    item = submitted(
        form, lambda data: services.put_on_agenda(procedure=subject, step=step, **data)
    )
    if item is None:
        return _page(request, subject, step, form=form, status=422)
    messages.success(request, f"Inscrit : point {item.position} de la séance.")
    return redirect(item)


@require_POST
@require(can_edit_procedures)
def record(request: MemberRequest, pk: int, step: str) -> HttpResponse:
    """One click: what was voted is a fact of the procedure."""
    subject = _step_for(request, pk, step)
    form = ActForm(request.POST, acts=_acts(request, subject))
    if not form.is_valid():
        return _page(request, subject, step, past_form=form, status=422)
    act = form.cleaned_data["act"]
    try:
        fact = services.record_act(
            procedure=subject, step=step, act=act, by=request.membership.user
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, subject, step, past_form=form, status=422)
    messages.success(request, f"Enregistré : {fact}. La date suivra la délibération.")
    return redirect("procedures:step-act", pk=pk, step=step)


def _step_for(request: MemberRequest, pk: int, step: str) -> Procedure:
    """A procedure the member may see, that has this step; 404 otherwise."""
    subject = get_procedure_for(request, pk)
    if step not in subject.engine_kind.by_id:
        raise Http404
    return subject


def _coming(request: MemberRequest, subject: Procedure) -> QuerySet[Sitting]:
    """The sittings to come of the procedure's territory."""
    visible = Sitting.objects.visible_to(request.membership).coming()
    return (
        visible.filter(body__territory=subject.territory_id, starts_at__gte=timezone.now())
        .select_related("body")
        .order_by("starts_at", "pk")
    )


def _acts(request: MemberRequest, subject: Procedure) -> QuerySet[Deliberation]:
    """The acts of the bodies of the procedure's territory."""
    visible = Deliberation.objects.visible_to(request.membership)
    return visible.filter(body__territory=subject.territory_id).select_related("body__territory")


def _page(
    request: MemberRequest,
    subject: Procedure,
    step: str,
    *,
    form: AgendaForm | None = None,
    past_form: ActForm | None = None,
    status: int = 200,
) -> HttpResponse:
    path = path_of(subject, step)
    facts = list(subject.facts.filter(step=step).select_related("act"))
    recorded = {fact.act_id for fact in facts}
    items = AgendaItem.objects.filter(
        subject_path=path, sitting__in=Sitting.objects.visible_to(request.membership)
    )
    # A sitting that has the step already is not offered again.
    coming = _coming(request, subject).exclude(
        pk__in=items.filter(withdrawn=False).values("sitting")
    )
    acts = _acts(request, subject)
    if form is None and coming.exists():
        form = AgendaForm(sittings=coming)
    if past_form is None and acts.exists():
        past_form = ActForm(acts=acts)
    context = {
        "procedure": subject,
        "step": step,
        "label": subject.engine_kind.by_id[step].label,
        "facts": facts,
        "items": list(items.select_related("sitting__body").order_by("sitting__starts_at", "pk")),
        "acts": [(one, one.pk in recorded) for one in acts.about(path)],  # type: ignore[attr-defined]
        "form": form,
        "past_form": past_form,
        "may_edit": can_edit_procedures(request.membership),
        "trail": trail(subject),
        "fictitious": subject.fictitious
        or subject.workspace.fictitious
        or any(fact.is_fictitious for fact in facts),
    }
    return render(request, "procedures/acts/step.html", context, status=status)
