"""The board of a campaign, the table of its invitations, and the page of one invitation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_read, can_write, require
from restanque.directory.reach import phones_for, recipients_for
from restanque.kit import figures, lists
from restanque.kit.text import plural
from restanque.surveys import board
from restanque.surveys.followup import calls_to_make
from restanque.surveys.history import timeline
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.models.campaigns import ANSWERED_STATES
from restanque.surveys.perms import can_edit_campaign, get_campaign_for, get_invitation_for
from restanque.surveys.ranking import RULE, RULE_END
from restanque.surveys.services import calls, invitations
from restanque.surveys.tables_campaigns import InvitationFilter, InvitationTable, badge
from restanque.surveys.views.common import campaign_context, editable_invitation

FIRST_CALLS = 5


@require_safe
@require(can_read)
def campaign_board(request: MemberRequest, pk: int) -> HttpResponse:
    """Who has answered, where, who to call next, what has just happened."""
    campaign = get_campaign_for(request, pk)
    today = timezone.localdate()
    found = board.board_invitations(campaign)
    panel = board.map_panel(campaign, found, today)
    if response := figures.serve(request, panel):
        return response
    counts = board.count_states(found)
    wide, narrow = board.walls(found)
    can_edit = can_edit_campaign(request.membership, campaign)
    due = calls_to_make(campaign, today) if can_edit and campaign.is_open else []
    laid = sum(counts[state] for state in ANSWERED_STATES)
    groups = [
        ("epci", "Par intercommunalité", board.bars_by_epci(found)),
        ("zone", "Par zone", board.bars_by_zone(campaign, found)),
        ("taille", "Par taille de commune", board.bars_by_size(found)),
    ]
    context = campaign_context(request, campaign, "board") | {
        "total": len(found),
        "laid": laid,
        "laid_words": f"{plural(laid, 'pierre posée', 'pierres posées')} sur {len(found)}",
        "counts_words": board.wall_words(counts),
        "wide": wide,
        "narrow": narrow,
        "figures": board.key_figures(campaign, found, today, show_small=can_edit),
        "panel": panel,
        "groups": [group for group in groups if group[2]],
        "calls": due[:FIRST_CALLS],
        "calls_total": len(due),
        "call_rule": (*RULE, RULE_END),
        "to_review": counts[board.S.SUBMITTED],
        "to_remind": counts[board.S.SENT] + counts[board.S.STARTED],
        "activity": board.recent_activity(campaign),
        "today": today,
    }
    return render(request, "surveys/campaign/board.html", context)


class InvitationList(lists.ListView):
    """Every invitation of a campaign: search, filters, export, sharing out."""

    request: MemberRequest
    noun = ("invitation", "invitations")
    table_class = InvitationTable
    filterset_class = InvitationFilter
    template_name = "surveys/campaign/invitations.html"
    export_name = "invitations"
    paginate_by = 150

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign of the address; 404 for outsiders."""
        return get_campaign_for(self.request, self.kwargs["pk"])

    def get_queryset(self) -> QuerySet[Invitation]:
        """Its invitations with their state."""
        return (
            Invitation.objects.filter(campaign=self.campaign)
            .with_state()
            .select_related(
                "organisation__commune__epci",
                "assigned_to",
                "response",
                "campaign__territory__workspace",
            )
            .defer("response__instance", "response__submitted_xml", "response__flat")
        )

    def get_title(self) -> str:
        """The campaign's name."""
        return f"Les invitations : {self.campaign.name}"

    def get_lede(self) -> str:
        """What a line is."""
        return "Un organisme par ligne : où en est sa réponse, et qui la suit."

    def get_trail(self) -> list[tuple[str, str]]:
        """Campaigns / this one."""
        return [
            ("Enquêtes", reverse("surveys:campaigns")),
            (self.campaign.name, reverse("surveys:campaign", args=[self.campaign.pk])),
        ]

    def is_fictitious(self) -> bool:
        """As the campaign."""
        return self.campaign.fictitious

    def get_empty(self) -> lists.Empty:
        """Choose who to invite."""
        url = reverse("surveys:campaign-population", args=[self.campaign.pk])
        if not can_edit_campaign(self.request.membership, self.campaign):
            return lists.Empty("Personne n’est encore invité")
        return lists.Empty(
            "Personne n’est encore invité", "Choisissez une partie de l’annuaire.", url,
            "Choisir les destinataires",
        )  # fmt: skip

    def get_bulk_actions(self) -> list[lists.BulkAction]:
        """For whoever may edit the campaign."""
        if not can_edit_campaign(self.request.membership, self.campaign):
            return []
        return [
            lists.BulkAction("mine", "Je les suis"),
            lists.BulkAction("withdraw", "Retirer de la campagne", danger=True),
        ]

    def run_bulk(self, code: str, rows: QuerySet[Any]) -> str | HttpResponseBase:
        """Take them over, or withdraw those that were never sent."""
        if code == "mine":
            number = 0
            for one in rows:
                calls.assign(invitation=one, to=self.request.membership.user)
                number += 1
            return f"{plural(number, 'invitation suivie', 'invitations suivies')} par vous."
        done = kept = 0
        for one in rows:
            try:
                invitations.withdraw_invitation(invitation=one)
                done += 1
            except ValidationError:
                kept += 1
        left = f" {kept} déjà envoyées ou commencées restent." if kept else ""
        return f"{plural(done, 'invitation retirée', 'invitations retirées')}.{left}"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """The campaign's frame."""
        return extra | campaign_context(self.request, self.campaign, "communes")


INVITATIONS = require(can_read)(InvitationList.as_view())


@require_safe
@require(can_read)
def invitation(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """One organisation in the campaign: its state, who may be reached, everything that happened."""
    found = get_invitation_for(request, pk, invitation)
    campaign = found.campaign
    context = campaign_context(request, campaign, "communes")
    context |= {
        "invitation": found,
        "badge": badge(board.state_of(found)),
        "response": getattr(found, "response", None),
        "timeline": timeline(found) if context["can_edit"] else [],
        "recipients": recipients_for(found.organisation) if context["can_edit"] else [],
        "phones": phones_for(found.organisation) if context["can_edit"] else [],
    }
    return render(request, "surveys/campaign/invitation.html", context)


@require_POST
@require(can_write)
def invitation_act(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Refusal, reminders, link: acts of the team on one invitation."""
    found = editable_invitation(request, pk, invitation)
    by = request.membership.user
    acts: dict[str, tuple[Any, str]] = {
        "refuse": (invitations.refuse, "Le refus est noté : plus aucune relance."),
        "answer": (invitations.lift_refusal, "Le refus est levé."),
        "stop": (invitations.stop_reminders, "Cette mairie ne sera plus relancée."),
        "remind": (invitations.accept_reminders, "Les relances sont de nouveau acceptées."),
        "revoke": (
            invitations.revoke_link,
            "L’ancien lien ne fonctionne plus. Le prochain message portera le nouveau.",
        ),
    }
    chosen = acts.get(request.POST.get("action", ""))
    if chosen is None:
        raise PermissionDenied
    act, sentence = chosen
    act(invitation=found, by=by)
    messages.success(request, sentence)
    return redirect("surveys:invitation", pk, found.pk)
