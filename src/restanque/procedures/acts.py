"""A step and the acts of a body: where the step is prepared, what was decided of it.

Governance knows nothing of procedures: an item of an agenda holds the address of the step's page
(`path_of`), from which the step is found again (`subject_of`).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse

from restanque.accounts.models import Membership
from restanque.governance.models import AgendaItem, Deliberation, Sitting
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.procedures.models import Procedure, ProcedureFact
from restanque.procedures.perms import can_edit_procedures, can_view_procedures

_PAGE = "procedures:step-act"


def path_of(procedure: Procedure, step: str) -> str:
    """The page where a step is prepared for a sitting."""
    return reverse(_PAGE, args=[procedure.pk, step])


def label_of(procedure: Procedure, step: str) -> str:
    """« Révision du SCoT : arrêt du projet »."""
    return f"{procedure.name}\u00a0: {procedure.engine_kind.by_id[step].label}"[:200]


def subject_of(membership: Membership, path: str) -> tuple[Procedure, str] | None:
    """The procedure and step whose page this is, when the member may see them."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    if found.view_name != _PAGE:
        return None
    visible = Procedure.objects.visible_to(membership).select_related("territory__workspace")
    procedure = visible.filter(pk=found.kwargs["pk"]).first()
    if procedure is None or found.kwargs["step"] not in procedure.engine_kind.by_id:
        return None
    return procedure, found.kwargs["step"]


def register() -> None:
    """Show the step on the pages of governance, and the sittings on the procedure's."""
    slots.register("agenda-item", "procedures.step", order=10, provider=item_panel)
    slots.register("deliberation", "procedures.step", order=10, provider=act_panel)
    slots.register("procedure", "procedures.acts", order=30, provider=procedure_panel)


def item_panel(request: HttpRequest, subject: AgendaItem) -> Panel | None:
    """The step that an item comes from, and the button that records what was decided."""
    act = getattr(subject, "act", None)
    return _panel(request, subject.subject_path, act, [])


def act_panel(request: HttpRequest, subject: Deliberation) -> Panel | None:
    """The step that an act comes from, and every fact that rests on it."""
    path = subject.item.subject_path if subject.item is not None else ""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    facts = list(
        ProcedureFact.objects.filter(
            act=subject, procedure__in=Procedure.objects.visible_to(membership)
        ).select_related("procedure", "act")
    )
    return _panel(request, path, subject, facts)


def _panel(
    request: HttpRequest, path: str, act: Deliberation | None, facts: list[ProcedureFact]
) -> Panel | None:
    membership: Membership = request.membership  # type: ignore[attr-defined]
    if not can_view_procedures(membership):
        return None
    found = subject_of(membership, path) if path else None
    if found is None and not facts:
        return None
    context: dict[str, Any] = {
        "facts": facts, "act": act, "procedure": None, "step": "", "label": "", "own": [],
        "may_record": False, "later": "",
    }  # fmt: skip
    if found is not None:
        procedure, step = found
        own = list(procedure.facts.filter(step=step).select_related("act"))
        recorded = act is not None and any(one.act_id == act.pk for one in own)
        context |= {
            "procedure": procedure,
            "step": step,
            "label": procedure.engine_kind.by_id[step].label,
            "own": [one for one in own if one.pk not in {fact.pk for fact in facts}],
            "may_record": act is not None and not recorded and can_edit_procedures(membership),
        }
    steps = [(one.procedure, one.step) for one in facts]
    if act is not None:
        steps += [found] if found is not None else []
        context["later"] = next(filter(None, (_own_rule(*one) for one in steps)), "")
    invented = [one.is_fictitious for one in facts]
    context["fictitious"] = any(invented) or bool(found and found[0].fictitious)
    return Panel("Procédure", "procedures/acts/panel.html", context, "procedure")


def _own_rule(procedure: Procedure, step: str) -> str:
    """What to say of an approval: the plan takes effect by its own rule, later than its act."""
    kind = procedure.engine_kind
    if step != kind.approval:
        return ""
    own = kind.by_id.get("executoire")
    where = f", à l’étape « {own.label} »" if own is not None else ""
    return (
        "Cet acte approuve un document : la date exécutoire de la délibération n’est pas celle du "
        f"document, qui suit ses propres règles. Elles se lisent dans la procédure{where}."
    )


def procedure_panel(request: HttpRequest, subject: Procedure) -> Panel | None:
    """The steps of a procedure that are on an agenda, and what became of them."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    start = reverse("procedures:procedure", args=[subject.pk])
    items = (
        AgendaItem.objects.filter(
            subject_path__startswith=f"{start}etapes/",
            withdrawn=False,
            sitting__in=Sitting.objects.visible_to(membership),
        )
        .select_related("sitting__body", "act")
        .order_by("-sitting__starts_at", "position")
    )
    rows = list(items)
    if not rows:
        return None
    recorded = {fact.act_id for fact in subject.facts.all() if fact.act_id is not None}
    context = {"rows": [(one, _told(one, recorded)) for one in rows], "count": len(rows)}
    return Panel("Séances et délibérations", "procedures/acts/sittings.html", context, "seances")


def _told(item: AgendaItem, recorded: set[int]) -> tuple[str, str]:
    """(words, badge) of what became of an item."""
    act = getattr(item, "act", None)
    if act is None:
        return "à l’ordre du jour", "cours"
    if act.pk in recorded:
        return f"fait, délibération n° {act.number}", "fait"
    return f"votée, n° {act.number}\u00a0: à enregistrer", "valider"
