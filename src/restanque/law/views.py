"""The law: the list, a rule with its evidence, a reading, a change with what it moves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.engine.deadlines import Fact, scot_evaluation, zan_dates
from restanque.engine.law import Rule, shipped
from restanque.kit.documents import Sheet, file_response, xlsx_bytes
from restanque.kit.forms import PAGE, add_errors, render_form, submitted
from restanque.law import services
from restanque.law.catalogue import Catalogue, Line, catalogue_of, value_of
from restanque.law.current import law_of
from restanque.law.forms import CheckForm, EvaluationForm, OverrideForm, SearchForm
from restanque.law.impact import Moved, impact_of
from restanque.law.models import LawOverride, Verdict
from restanque.law.perms import can_change_law, can_check_law, can_view_law

_TRAIL = [("Droit", "law:list")]


def _trail(*lines: Line) -> list[tuple[str, str]]:
    return [
        *((label, reverse(name)) for label, name in _TRAIL),
        *((one.title, reverse("law:item", args=[one.table, one.item.id])) for one in lines),
    ]


def _get_line_for(request: MemberRequest, table: str, object_id: str) -> tuple[Catalogue, Line]:
    """An object of the law of the member's workspace; 404 when there is none."""
    catalogue = catalogue_of(request.membership.workspace)
    line = catalogue.line(table, object_id)
    if line is None:
        raise Http404
    return catalogue, line


@require_GET
@require(can_view_law)
def rules(request: MemberRequest) -> HttpResponse:
    """Every rule with how far it was checked; « à vérifier » first."""
    catalogue = catalogue_of(request.membership.workspace)
    form = SearchForm(request.GET)
    chosen = form.chosen()
    lines = catalogue.found(**chosen)
    if request.GET.get("format") == "xlsx":
        return file_response(_workbook(request, catalogue, lines), "droit.xlsx")
    context = {
        "catalogue": catalogue,
        "lines": lines,
        "form": form,
        "filtered": any(chosen.values()),
        "doubtful": sum(one.to_verify for one in catalogue.lines),
        "zan": zan_dates(catalogue.law, today=timezone.localdate()),
        "may_change": can_change_law(request.membership),
        "query": request.GET.urlencode(),
    }
    return render(request, "law/list.html", context)


@require_GET
@require(can_view_law)
def evaluation(request: MemberRequest) -> HttpResponse:
    """What L143-28 means today for a SCoT in force; nothing is kept."""
    form = EvaluationForm(request.GET if "approved_on" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        approved, later = form.cleaned_data["approved_on"], form.cleaned_data["deliberated_on"]
        found = scot_evaluation(
            law_of(request.membership.workspace),
            Fact("SCoT approuvé", approved),
            today=timezone.localdate(),
            deliberation=Fact("Délibération sur l’analyse", later) if later else None,
        )
    context = {"found": found, "verdict": VERDICTS[found.verdict] if found else None}
    return render_form(request, "law/evaluation.html", form, trail=_trail(), **context)


#: Verdict of the engine → badge and words.
VERDICTS = {
    "kept": ("fait", "délibération prise à temps"),
    "lapse_feared": ("retard", "caducité à craindre"),
    "late": ("retard", "terme passé"),
    "running": ("cours", "le délai court"),
}


@require_GET
@require(can_view_law)
def item(request: MemberRequest, table: str, object_id: str) -> HttpResponse:
    """What a rule says, where it comes from, what the team has read and changed."""
    catalogue, line = _get_line_for(request, table, object_id)
    law, one = catalogue.law, line.item
    versions = law.versions(one.key) if isinstance(one, Rule) else ()
    context = {
        "line": line,
        "item": one,
        "law": law,
        "trail": _trail(),
        "is_rule": isinstance(one, Rule),
        "versions": [(v, value_of(v), law.regimes.get(v.regime or "")) for v in versions],
        "wordings": [law.articles[name] for name in getattr(one, "articles", ())],
        "origin": getattr(shipped(), table).get(object_id),
        "checks": request.membership.workspace.law_checks.filter(table=table, object_id=object_id)
        .select_related("checked_by")
        .order_by("-checked_on", "-pk"),
        "past": LawOverride.history.filter(
            workspace=request.membership.workspace, table=table, object_id=object_id
        ).select_related("history_user"),
        "may_check": can_check_law(request.membership),
        "may_change": can_change_law(request.membership),
    }
    if line.override:
        origin = context["origin"]
        context["was"] = value_of(origin) if origin else ""
    return render(request, "law/item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_check_law)
def check(request: MemberRequest, table: str, object_id: str) -> HttpResponse:
    """« J’ai lu ce texte »."""
    _, line = _get_line_for(request, table, object_id)
    initial = {"checked_on": timezone.localdate(), "link": line.articles[0][1]}
    form = CheckForm(request.POST or None, initial=initial)
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: services.record_check(
                workspace=request.membership.workspace,
                table=line.table,
                object_id=object_id,
                verdict=Verdict(data["verdict"]),
                link=data["link"],
                note=data["note"],
                on=data["checked_on"],
                by=request.membership.user,
            ),
        )
        if made is not None:
            messages.success(request, "La relecture est notée.")
            return redirect(made)
    return render_form(
        request,
        PAGE,
        form,
        title="J’ai lu ce texte",
        lede=f"{line.title} : {line.value}. Comparez avec l’article en vigueur.",
        trail=_trail(line),
        back=reverse("law:item", args=[table, object_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_change_law)
def change(request: MemberRequest, table: str, object_id: str) -> HttpResponse:
    """The team's value: first what it would move, then, confirmed, the change."""
    catalogue, line = _get_line_for(request, table, object_id)
    form = OverrideForm(
        request.POST or None, item=line.item, shipped=getattr(shipped(), table)[object_id]
    )
    context: dict[str, Any] = {
        "line": line,
        "title": "Modifier pour notre équipe",
        "trail": _trail(line),
        "back": reverse("law:item", args=[table, object_id]),
    }
    if request.method == "POST" and form.is_valid():
        today = timezone.localdate()
        values: dict[str, Any] = {
            "workspace": request.membership.workspace,
            "table": line.table,
            "object_id": object_id,
            "changes": form.changes(today=today),
            "reason": form.cleaned_data["reason"],
            "on": today,
        }
        try:
            after = services.proposed(**values)
            if "confirm" in request.POST:
                made = services.override_law(**values, by=request.membership.user)
                messages.success(
                    request, "La valeur de l’équipe s’applique à toutes les procédures."
                )
                return redirect(made)
        except ValidationError as error:
            add_errors(form, error)
        else:
            moved = impact_of(request.membership, catalogue.law, after)
            context |= {"moved": moved, "previewed": True, "hidden": _hidden(form)}
            return render(request, "law/impact.html", {**context, "form": form})
    return render_form(request, PAGE, form, submit="Voir ce que cela change", lede=_LEDE, **context)


_LEDE = (
    "Votre valeur remplace celle du logiciel dans toutes les procédures de votre espace. Vous "
    "verrez d’abord les dates qu’elle fait bouger."
)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_change_law)
def withdraw(request: MemberRequest, table: str, object_id: str) -> HttpResponse:
    """Back to the shipped value, once seen what it moves."""
    override = get_object_or_404(
        LawOverride, workspace=request.membership.workspace, table=table, object_id=object_id
    )
    catalogue = catalogue_of(request.membership.workspace)
    line = catalogue.line(table, object_id)
    back = reverse("law:item", args=[table, object_id])
    if request.method == "POST":
        services.withdraw_override(override=override)
        messages.success(request, "La valeur d’origine est rétablie.")
        return redirect(back if line else "law:list")
    moved: list[Moved] = impact_of(
        request.membership, catalogue.law, services.without(override=override)
    )
    context = {
        "line": line,
        "title": "Rétablir la valeur d’origine ?",
        "trail": _trail(*([line] if line else [])),
        "back": back if line else reverse("law:list"),
        "moved": moved,
        "previewed": True,
        "hidden": [],
    }
    return render(request, "law/impact.html", context)


def _hidden(form: OverrideForm) -> list[tuple[str, str]]:
    """What was typed, to send again with the confirmation."""
    return [(name, form.data[name]) for name in form.fields if name in form.data]


def _workbook(request: MemberRequest, catalogue: Catalogue, lines: list[Line]) -> bytes:
    """The rules shown, with their evidence and what the team says of them."""
    headers = (
        "Nature", "Identifiant", "Règle", "Valeur", "Articles", "Preuve", "D’où vient la règle",
        "À vérifier", "Modifiée par l’équipe", "Pourquoi", "Dernière relecture", "Constat",
        "Adresse lue",
    )  # fmt: skip
    rows = [
        (
            one.table.label,
            one.item.id,
            one.title,
            one.value,
            " ; ".join(label for label, _ in one.articles),
            one.evidence.label,
            one.evidence.detail,
            "oui" if one.to_verify else "non",
            "oui" if one.override else "non",
            one.override.reason if one.override else "",
            one.check.checked_on if one.check else None,
            str(one.check.get_verdict_display()) if one.check else "",
            one.check.link if one.check else "",
        )
        for one in lines
    ]
    notes = [("État du droit", catalogue.law.version)]
    fictitious = request.membership.workspace.fictitious
    return xlsx_bytes([Sheet("Droit", headers, rows, notes)], fictitious=fictitious)
