"""What the public said: the list, one contribution read again, those typed in, the answers."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.kit import lists
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.kit.text import plural, record_number
from restanque.procedures.concertation.contribution_forms import (
    AnswerForm,
    ReadForm,
    TypedForm,
)
from restanque.procedures.concertation.figures import figures_of
from restanque.procedures.concertation.perms import (
    can_edit_concertation,
    can_see_contributors,
    can_view_concertation,
    contributions_of,
    get_answer_for,
    get_contribution_for,
)
from restanque.procedures.concertation.services import answers, purging
from restanque.procedures.concertation.services import contributions as services
from restanque.procedures.concertation.tables import (
    BADGES,
    ContributionFilter,
    ContributionTable,
    with_same,
)
from restanque.procedures.concertation.views.common import (
    answer_form,
    confirm,
    contributions_trail,
    trail_of,
)
from restanque.procedures.models import Contribution, Procedure
from restanque.procedures.perms import get_procedure_for

asks = require_http_methods(["GET", "HEAD", "POST"])
#: An answer is given to at most this many contributions at once.
MOST_AT_ONCE = 500


class ContributionList(lists.ListView):
    """The contributions to one procedure, without names."""

    title = "Qu’a dit le public ?"
    noun = ("contribution", "contributions")
    table_class = ContributionTable
    filterset_class = ContributionFilter
    export_name = "contributions"
    template_name = "procedures/concertation/contributions.html"

    @cached_property
    def procedure(self) -> Procedure:
        """Whose contributions; 404 for outsiders."""
        return get_procedure_for(self.request, self.kwargs["pk"])  # type: ignore[arg-type]

    def get_queryset(self) -> QuerySet[Contribution]:
        """Those of the procedure."""
        rows = contributions_of(self.request, self.procedure)  # type: ignore[arg-type]
        return with_same(rows).select_related("answer").prefetch_related("themes")

    def get_lede(self) -> str:
        """Which procedure."""
        return (
            f"{self.procedure.name}. Chaque contribution reçue compte, publiée ou non. Les noms "
            "ne sont ni dans cette liste ni dans ses exports."
        )

    def get_trail(self) -> list[tuple[str, str]]:
        """From the concertation."""
        return trail_of(self.procedure)

    def is_fictitious(self) -> bool:
        """Of a demonstration."""
        return self.procedure.workspace.fictitious or self.procedure.fictitious

    def get_actions(self) -> list[lists.Action]:
        """Type one in, import many."""
        if not can_edit_concertation(self.request.membership):  # type: ignore[attr-defined]
            return []
        return [
            lists.Action("Importer", reverse("core:import_new", args=["contributions"])),
            lists.Action(
                "Saisir une contribution",
                reverse("procedures:contribution-add", args=[self.procedure.pk]),
                primary=True,
                icon="plus",
            ),
        ]

    def get_empty(self) -> lists.Empty:
        """The next step."""
        return lists.Empty(
            "Aucune contribution",
            "Ouvrez la page publique pour en recevoir, ou saisissez celles venues par courrier, "
            "par courriel ou en réunion.",
        )

    def get_bulk_actions(self) -> list[lists.BulkAction]:
        """Answer together, publish what was read."""
        if not can_edit_concertation(self.request.membership):  # type: ignore[attr-defined]
            return []
        return [
            lists.BulkAction("answer", "Répondre ensemble"),
            lists.BulkAction("publish", "Publier celles à relire"),
        ]

    def run_bulk(self, code: str, rows: QuerySet[Contribution]) -> str | HttpResponseBase:
        """Publish at once; to answer, another page asks what."""
        if code == "publish":
            done = services.publish_all(
                contributions=Contribution.objects.filter(
                    pk__in=list(rows.values_list("pk", flat=True))
                ),
                by=self.request.membership.user,  # type: ignore[attr-defined]
            )
            return f"{plural(done, 'contribution publiée', 'contributions publiées')}."
        numbers = list(rows.values_list("number", flat=True).order_by("number"))
        if len(numbers) > MOST_AT_ONCE:
            return f"Choisissez {MOST_AT_ONCE} contributions au plus pour une même réponse."
        url = reverse("procedures:answer-add", args=[self.procedure.pk])
        return redirect(f"{url}?{urlencode({'n': ','.join(map(str, numbers))})}")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """With the figures of the whole."""
        rows = contributions_of(self.request, self.procedure)  # type: ignore[arg-type]
        return super().get_context_data(**extra, figures=figures_of(self.procedure, rows))


LIST = require(can_view_concertation)(ContributionList.as_view())


@asks
@require(can_view_concertation)
def contribution(request: MemberRequest, pk: int) -> HttpResponse:
    """One contribution, as received and as shown; POST records how it was read."""
    one = get_contribution_for(request, pk)
    may_edit = can_edit_concertation(request.membership)
    if request.method == "POST" and not may_edit:
        raise Http404
    form = ReadForm(request.POST or None, contribution=one)
    if request.method == "POST":
        done = submitted(form, lambda data: _read(request, pk, data))
        if done is not None:
            messages.success(request, f"La {done} est relue.")
            return redirect(done)
    same = (
        Contribution.objects.filter(procedure=one.procedure, fingerprint=one.fingerprint)
        .exclude(pk=one.pk)
        .order_by("number")
    )
    following = (
        Contribution.objects.filter(procedure=one.procedure, state="waiting")
        .exclude(pk=one.pk)
        .order_by("number")
        .first()
    )
    return render_form(
        request,
        "procedures/concertation/contribution.html",
        form,
        one=one,
        badge=BADGES[one.state],  # type: ignore[index]
        same=list(same[:20]),
        following=following,
        may_edit=may_edit,
        with_person=can_see_contributors(request.membership),
        fictitious=one.fictitious or one.procedure.workspace.fictitious,
        trail=contributions_trail(one.procedure),
    )


def _read(request: MemberRequest, pk: int, data: dict[str, Any]) -> Contribution:
    one = services.moderate(
        contribution=get_contribution_for(request, pk),
        state=data["state"],
        reason=data["reason"],
        shown=data["shown"],
        by=request.membership.user,
    )
    return services.sort_by_theme(contribution=one, themes=data["themes"])


@asks
@require(can_edit_concertation)
def add(request: MemberRequest, pk: int) -> HttpResponse:
    """Type in what came by letter, by mail, on a register or aloud."""
    procedure = get_procedure_for(request, pk)
    return answer_form(
        request,
        TypedForm(
            request.POST or None,
            procedure=procedure,
            initial={"received_on": timezone.localdate()},
        ),
        lambda data: services.record(procedure=procedure, **data),
        done="La contribution est enregistrée. Elle reste à relire avant publication.",
        to=_list(procedure),
        title="Saisir une contribution",
        lede="Courrier, registre, courriel ou parole recueillie : elle compte comme les autres.",
        trail=contributions_trail(procedure),
    )


@asks
@require(can_edit_concertation)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct what an agent typed in."""
    one = get_contribution_for(request, pk)
    return answer_form(
        request,
        TypedForm(request.POST or None, procedure=one.procedure, contribution=one),
        lambda data: services.change_typed(contribution=get_contribution_for(request, pk), **data),
        done="La contribution est corrigée.",
        to=one.get_absolute_url(),
        title=f"Corriger la {one}",
        trail=contributions_trail(one.procedure),
    )


@asks
@require(can_edit_concertation)
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then erase one that should not be there."""
    one = get_contribution_for(request, pk)
    return confirm(
        request,
        lambda: services.remove(contribution=one),
        done="La contribution est retirée. Son numéro n’est pas redonné.",
        to=_list(one.procedure),
        title=f"Retirer la {one} du registre ?",
        lede="Seulement pour un essai ou un doublon de saisie. Une contribution que vous ne "
        "voulez pas montrer se garde : choisissez « non publiée », avec le motif.",
        submit="Retirer",
        danger=True,
        trail=contributions_trail(one.procedure),
    )


@asks
@require(can_edit_concertation)
def forget(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then erase who wrote it, because somebody asked for it."""
    one = get_contribution_for(request, pk)
    return confirm(
        request,
        lambda: purging.forget(contribution=one, on=timezone.localdate()),
        done="Les données personnelles sont effacées. Le texte relu et le numéro restent.",
        to=one.get_absolute_url(),
        title=f"Effacer les données personnelles de la {one} ?",
        lede="Nom, adresse, pièce jointe et mots masqués sont effacés pour de bon. Masquez d’abord "
        "dans « Texte montré » ce qui nomme quelqu’un : le reste du texte est gardé.",
        submit="Effacer les données personnelles",
        danger=True,
        trail=contributions_trail(one.procedure),
    )


@require_GET
@require(can_see_contributors)
def attachment(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download what was joined."""
    one = get_contribution_for(request, pk)
    if not one.attachment:
        raise Http404
    return files.serve(one.attachment, name=one.attachment_name)


@asks
@require(can_edit_concertation)
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Answer one or several contributions by the same words; `?n=1,4,9` are their numbers."""
    procedure = get_procedure_for(request, pk)
    asked = request.POST.get("n") or request.GET.get("n", "")
    typed = asked.split(",")[:MOST_AT_ONCE]
    numbers = [found for text in typed if (found := record_number(text)) is not None]
    chosen = list(procedure.contributions.filter(number__in=numbers).order_by("number"))
    if not chosen:
        messages.warning(request, "Cochez d’abord les contributions auxquelles répondre.")
        return redirect(_list(procedure))
    form = AnswerForm(request.POST or None, initial={"n": asked})
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: answers.answer(
                procedure=procedure,
                contributions=chosen,
                on=timezone.localdate(),
                by=request.membership.user,
                text=data["text"],
                public=data["public"],
            ),
        )
        if made is not None:
            said = plural(len(chosen), "contribution")
            messages.success(request, f"La réponse est donnée à {said}.")
            return redirect(chosen[0] if len(chosen) == 1 else _list(procedure))
    return _answer_page(request, form, chosen, procedure, title="Répondre")


@asks
@require(can_edit_concertation)
def edit_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct an answer, show it or keep it within the team."""
    given = get_answer_for(request, pk)
    chosen = list(given.contributions.order_by("number"))
    form = AnswerForm(request.POST or None, given=given)
    if request.method == "POST":
        done = submitted(
            form,
            lambda data: answers.change_answer(
                given=get_answer_for(request, pk), text=data["text"], public=data["public"]
            ),
        )
        if done is not None:
            messages.success(request, "La réponse est corrigée.")
            return redirect(chosen[0] if len(chosen) == 1 else _list(given.procedure))
    return _answer_page(request, form, chosen, given.procedure, title="Corriger la réponse")


@asks
@require(can_edit_concertation)
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then leave this contribution without an answer."""
    one = get_contribution_for(request, pk)
    return confirm(
        request,
        lambda: answers.take_answer_back(contribution=one),
        done="La contribution est de nouveau sans réponse.",
        to=one.get_absolute_url(),
        title=f"Retirer la réponse de la {one} ?",
        lede="Les autres contributions gardent cette réponse.",
        submit="Retirer la réponse",
        danger=True,
        trail=contributions_trail(one.procedure),
    )


def _answer_page(
    request: MemberRequest,
    form: AnswerForm,
    chosen: list[Contribution],
    procedure: Procedure,
    *,
    title: str,
) -> HttpResponse:
    numbers = ", ".join(str(one.number) for one in chosen)
    to = chosen[0].get_absolute_url() if len(chosen) == 1 else _list(procedure)
    return render_form(
        request,
        PAGE,
        form,
        title=title,
        lede=f"{plural(len(chosen), 'contribution').capitalize()} : n° {numbers}. Une réponse "
        "interne reste dans l’équipe ; une réponse publique paraît avec les contributions.",
        trail=contributions_trail(procedure),
        back=to,
    )


def _list(procedure: Procedure) -> str:
    return reverse("procedures:contributions", args=[procedure.pk])
