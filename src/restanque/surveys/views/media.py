"""The files of a questionnaire: join, replace, remove, look at."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, require
from restanque.kit.documents import file_response
from restanque.kit.text import plural
from restanque.surveys import media
from restanque.surveys.perms import (
    can_edit_questionnaires,
    can_view_questionnaires,
    get_version_for,
)
from restanque.surveys.services.media import join_media, remove_media


@require_POST
@require(can_edit_questionnaires)
def join(request: MemberRequest, pk: int) -> HttpResponse:
    """Join the files that were chosen, or remove one; each refusal is said, the others stay."""
    version = get_version_for(request, pk)
    back = redirect(f"{reverse('surveys:version', args=[pk])}#joints")
    action, _, name = request.POST.get("action", "").partition(":")
    try:
        if action == "remove":
            remove_media(version=version, name=name)
            messages.success(request, f"Le fichier «\u00a0{name}\u00a0» est retiré.")
            return back
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back
    uploads = request.FILES.getlist("files")
    if not uploads:
        messages.error(request, "Choisissez d’abord un ou plusieurs fichiers sur votre ordinateur.")
    joined = 0
    for upload in uploads:
        try:
            join_media(version=version, upload=upload, by=request.membership.user)
            joined += 1
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    if joined:
        messages.success(request, f"{plural(joined, 'fichier joint', 'fichiers joints')}.")
    return back


@require_safe
@require(can_view_questionnaires)
def file(request: MemberRequest, pk: int, name: str) -> HttpResponse:
    """A joined file: shown when it is a picture, downloaded otherwise."""
    version = get_version_for(request, pk)
    found = get_object_or_404(version.media, name=name)
    if found.is_picture:
        return media.show(version, name)
    return file_response(bytes(found.content), found.name)
