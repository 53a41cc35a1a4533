"""The public page, as the team prepares it: settings, documents, themes, opening and closing."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.procedures.concertation.forms import DocumentForm, PageForm, ThemesForm
from restanque.procedures.concertation.perms import (
    can_edit_concertation,
    can_view_concertation,
    get_document_for,
)
from restanque.procedures.concertation.public import notice_of
from restanque.procedures.concertation.services import pages as services
from restanque.procedures.concertation.views.common import (
    answer_form,
    confirm,
    page_trail,
    trail_of,
)
from restanque.procedures.models import Procedure, PublicPage
from restanque.procedures.perms import get_procedure_for

asks = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@require(can_view_concertation)
def page(request: MemberRequest, pk: int) -> HttpResponse:
    """What the page holds, and what the public may do there today."""
    procedure = get_procedure_for(request, pk)
    found = PublicPage.objects.filter(procedure=procedure).first()
    context = {
        "procedure": procedure,
        "page": found,
        "today": timezone.localdate(),
        "taking": found is not None and found.takes_on(timezone.localdate()),
        "documents": list(found.documents.all()) if found else [],
        "themes": list(procedure.themes.all()),
        "url": request.build_absolute_uri(found.get_absolute_url()) if found else "",
        "notice": notice_of(found, procedure) if found else "",
        "may_edit": can_edit_concertation(request.membership),
        "fictitious": procedure.workspace.fictitious or procedure.fictitious,
        "trail": trail_of(procedure),
    }
    return render(request, "procedures/concertation/page.html", context)


@asks
@require(can_edit_concertation)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Prepare the page, or change what it says."""
    procedure = get_procedure_for(request, pk)
    found = PublicPage.objects.filter(procedure=procedure).first()
    form = PageForm(request.POST or None, procedure=procedure, page=found)
    return answer_form(
        request,
        form,
        lambda data: (
            services.change_page(page=_page_of(procedure), **data)
            if found
            else services.prepare_page(procedure=procedure, **data)
        ),
        done="La page publique est enregistrée.",
        to=_home(procedure),
        title="Page publique",
        lede="Rien n’est public tant que la page n’est pas ouverte.",
        trail=page_trail(procedure),
    )


@asks
@require(can_edit_concertation)
def open_page(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then let anybody read it."""
    procedure = get_procedure_for(request, pk)
    found = _page_of(procedure)
    online = found.documents.filter(withdrawn_on=None).count()
    return confirm(
        request,
        lambda: services.open_page(page=found, on=timezone.localdate()),
        done="La page est ouverte : tout le monde peut la lire.",
        to=_home(procedure),
        title="Ouvrir la page publique ?",
        lede=f"« {found} » sera lisible par tous à l’adresse {found.get_absolute_url()}, avec "
        f"{online} document(s), le calendrier choisi et les contributions publiées.",
        submit="Ouvrir la page",
        trail=page_trail(procedure),
    )


@asks
@require(can_edit_concertation)
def close_page(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then close it."""
    procedure = get_procedure_for(request, pk)
    found = _page_of(procedure)
    return confirm(
        request,
        lambda: services.close_page(page=found, on=timezone.localdate()),
        done="La page est fermée. Tout ce qu’elle contenait est gardé.",
        to=_home(procedure),
        title="Fermer la page publique ?",
        lede="Plus personne ne pourra la lire ni contribuer. Documents et contributions restent "
        "dans l’espace de l’équipe.",
        submit="Fermer la page",
        danger=True,
        trail=page_trail(procedure),
    )


@asks
@require(can_edit_concertation)
def themes(request: MemberRequest, pk: int) -> HttpResponse:
    """The themes offered to the public and used by the team."""
    procedure = get_procedure_for(request, pk)
    initial = {"names": "\n".join(one.name for one in procedure.themes.all())}
    return answer_form(
        request,
        ThemesForm(request.POST or None, initial=initial),
        lambda data: (services.set_themes(procedure=procedure, names=data["names"]),),
        done="Les thèmes sont enregistrés.",
        to=_home(procedure),
        title="Thèmes des contributions",
        lede="Une liste courte, avec les mots du public. Un thème déjà utilisé ne se retire pas.",
        trail=page_trail(procedure),
    )


@asks
@require(can_edit_concertation)
def add_document(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a document online from today."""
    procedure = get_procedure_for(request, pk)
    found = _page_of(procedure)
    return answer_form(
        request,
        DocumentForm(request.POST or None, request.FILES or None),
        lambda data: services.put_online(page=found, on=timezone.localdate(), **data),
        done="Le document est sur la page. Sa date de mise en ligne est gardée.",
        to=_home(procedure),
        title="Mettre un document en ligne",
        lede="Il est lisible par tous dès que la page est ouverte.",
        trail=page_trail(procedure),
    )


@asks
@require(can_edit_concertation)
def withdraw_document(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take a document off the page."""
    one = get_document_for(request, pk)
    procedure = one.page.procedure
    return confirm(
        request,
        lambda: services.withdraw(document=one, on=timezone.localdate()),
        done="Le document n’est plus sur la page ; il est gardé avec ses deux dates.",
        to=_home(procedure),
        title="Retirer ce document de la page ?",
        lede=f"« {one} » ne sera plus lisible par le public. Il reste ici, avec ses dates.",
        submit="Retirer de la page",
        danger=True,
        trail=page_trail(procedure),
    )


@require_GET
@require(can_view_concertation)
def document(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download a document, withdrawn ones too."""
    one = get_document_for(request, pk)
    return files.serve(one.file, name=one.file_name)


def _page_of(procedure: Procedure) -> PublicPage:
    return get_object_or_404(PublicPage.objects.filter(procedure=procedure))


def _home(procedure: Procedure) -> str:
    return reverse("procedures:public-page", args=[procedure.pk])
