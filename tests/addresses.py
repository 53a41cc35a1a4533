"""Every address of the site as the resolver knows it, and its arguments in the world of tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver

from restanque.surveys.analysis.questions import key_of
from restanque.surveys.codes import address_key
from restanque.surveys.links import slug_of
from restanque.surveys.models import Flag, Invitation
from tests.governance import world as governance
from tests.law import world as law
from tests.procedures import world as procedures
from tests.questions import REMARK
from tests.supply import world as supply
from tests.work import budget_world as budgets
from tests.work import world as tasks

if TYPE_CHECKING:
    from tests.world import World


@dataclass(frozen=True)
class Address:
    """One address of the site, as the resolver knows it."""

    name: str
    route: str
    parameters: tuple[str, ...]
    callback: Any

    @property
    def is_list(self) -> bool:
        """Whether a `kit.lists` page answers there."""
        return hasattr(getattr(self.callback, "view_class", None), "get_table")


def addresses() -> list[Address]:
    """Every named address, in the order of the resolver."""
    return list(_walk(get_resolver().url_patterns, "", "", ()))


def _walk(
    patterns: list[Any], namespace: str, prefix: str, above: tuple[str, ...]
) -> Iterator[Address]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        parameters = (*above, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, inner, route, parameters)
        elif isinstance(entry, URLPattern):
            yield Address(f"{namespace}{entry.name}", route, parameters, entry.callback)


def routes_of(world: "World", made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Beginning of a route → values of the parameters that may follow."""
    sent, begun = world.invitations["aix"], world.invitations["marseille"]
    bob = world.member("bob").pk
    return {
        **supply.routes(world, made),
        **law.routes(),
        **governance.routes(world, made),
        **procedures.routes(world, made),
        **tasks.routes(world, made),
        **budgets.routes(world, made),
        "communes/": {"code": "13001"},
        "compte/demo/": {"pk": bob},
        "compte/entrer/": {"token": "forged"},
        "compte/membres/": {"pk": bob},
        "connexion/": {"pk": 1},
        "messages/": {"pk": made["message"].pk},
        "travaux/": {"pk": made["job"].pk},
        "imports/": {"pk": made["preview"].pk, "kind": "organisations"},
        "vues/": {"pk": made["view"].pk},
        "avis/": {"pk": made["notice"].pk},
        "territoires/": {"pk": world.pat.pk},
        "territoires/membres/": {"pk": bob},
        "territoires/zones/": {"pk": made["zone"].pk},
        "annuaire/": {"pk": made["bakery"].pk, "other": made["twin"].pk},
        "annuaire/contacts/": {"pk": made["contact"].pk},
        "annuaire/cantines/": {"pk": made["canteen"].pk},
        "annuaire/certifications/": {"pk": made["certification"].pk},
        "enquetes/questionnaires/": {"pk": made["questionnaire"].pk},
        "enquetes/questionnaires/version/": {"pk": made["published"].pk, "name": "four.png"},
        "enquetes/campagnes/": {
            "pk": world.campaign.pk,
            "invitation": sent.pk,
            "sending": made["merged"].pk,
            "flag": _flag(sent).pk,
            "number": world.campaign.candidate_lists.get().pk,
            "comment": sent.comments.get().pk,
            "way": "telephone",
            "key": "pain",
            "file": sent.response.attachments.get().pk,
            "kind": "invitation",
            "medium": "publipostage",
            "file_format": "xlsx",
            "report": made["report"].pk,
            "suffix": "docx",
            "code": "csv",
            "name": "four.png",
        },
        "enquetes/visites/": {"pk": made["round"].pk},
        "enquetes/visites/visiteurs/": {"pk": made["visitor"].pk},
        "enquetes/visites/visite/": {
            "pk": made["visit"].pk,
            "photo": made["visit"].files.get().pk,
            "key": "farine_page",
        },
        "odk/": {"pk": made["round"].pk, "number": 1, "name": "organisations.csv"},
        "rapports/": {"slug": world.campaign.publication.slug},
        "r/": {
            "slug": slug_of(begun),
            "key": address_key("marseille@example.org"),
            "pk": sent.response.attachments.get().pk,
            "name": "four.png",
        },
    }


def special_of(world: "World", made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    sent, begun, silent = (world.invitations[key] for key in ("aix", "marseille", "rove"))
    return {
        **governance.special(world, made),
        **budgets.special(made),
        "core:import_undo": {"pk": made["applied"].pk},
        "core:job_cancel": {"pk": made["waiting_job"].pk},
        "directory:contact_add": {"pk": made["aix"].pk},
        "surveys:version-publish": {"pk": made["waiting"].pk},
        "surveys:version-media": {"pk": made["waiting"].pk},
        "surveys:sending": {"sending": made["by_mail"].pk},
        "surveys:result": {"key": key_of(REMARK)},
        "surveys:texts-tag": {"key": key_of(REMARK)},
        "surveys:texts-export": {"key": key_of(REMARK)},
        "surveys:entry": {"invitation": begun.pk},
        "surveys:entry-welcome": {"invitation": begun.pk},
        "surveys:entry-page": {"invitation": begun.pk},
        "surveys:entry-review": {"invitation": begun.pk},
        "surveys:call": {"invitation": silent.pk},
        "surveys:call-assign": {"invitation": silent.pk},
        "surveys:campaign-open": {"pk": world.draft_campaign.pk},
        "respondent:page": {"key": "pain"},
        "respondent:attachment": {"slug": slug_of(sent)},
        "respondent:read": {"slug": slug_of(sent)},
        "respondent:sent": {"slug": slug_of(sent)},
        "respondent:pdf": {"slug": slug_of(sent)},
    }


def _flag(invitation: Invitation) -> Flag:
    found = Flag.objects.filter(response=invitation.response).first()
    assert found is not None, "the answer of the world is made to be flagged"
    return found
