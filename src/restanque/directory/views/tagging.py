"""Tagging several organisations: asked from the list, done by one post."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.directory import services
from restanque.directory.forms import TagForm
from restanque.directory.models import Organisation
from restanque.directory.perms import can_edit_directory
from restanque.directory.views.pages import trail
from restanque.kit.forms import render_form
from restanque.kit.text import plural, record_number

TEMPLATE = "directory/tag.html"


def ask_tag(request: MemberRequest, organisations: QuerySet[Organisation]) -> HttpResponse:
    """The page that asks which tag, with the chosen organisations in its form."""
    return _page(request, TagForm(membership=request.membership), organisations)


@require(can_edit_directory)
@require_POST
def tag(request: MemberRequest) -> HttpResponse:
    """Put a tag on the organisations chosen in the list, or take it off."""
    numbers = [record_number(key) for key in request.POST.getlist("selected")]
    keys = [number for number in numbers if number is not None]
    organisations = Organisation.objects.visible_to(request.membership).filter(pk__in=keys)
    form = TagForm(request.POST, membership=request.membership)
    if not form.is_valid():
        return _page(request, form, organisations)
    data = form.cleaned_data
    chosen = data["existing"] or services.get_or_create_tag(
        workspace=request.membership.workspace, name=data["name"], is_brand=data["is_brand"]
    )
    if data["remove"]:
        count = services.untag_organisations(organisations=organisations, tag=chosen)
        messages.success(request, f"« {chosen} » retirée de {plural(count, 'organisation')}.")
    else:
        count = services.tag_organisations(organisations=organisations, tag=chosen)
        messages.success(request, f"« {chosen} » posée sur {plural(count, 'organisation')}.")
    return redirect("directory:organisations")


def _page(
    request: MemberRequest, form: TagForm, organisations: QuerySet[Organisation]
) -> HttpResponse:
    count = organisations.count()
    return render_form(
        request,
        TEMPLATE,
        form,
        title=f"Étiqueter {plural(count, 'organisation')}",
        trail=trail(),
        selected=organisations,
        back="/annuaire/",
        submit="Poser l’étiquette",
    )
