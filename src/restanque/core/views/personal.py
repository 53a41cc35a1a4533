"""One's own things: saved views, notices."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.core import notices, perms, saved_views
from restanque.core.forms import SavedViewForm


@require_POST
@require(perms.is_member)
def view_save(request: MemberRequest) -> HttpResponse:
    """Keep a list's filters under a name, and come back to the list."""
    form = SavedViewForm(request.POST)
    back = _own_path(request, request.POST.get("next", ""))
    if not form.is_valid():
        messages.error(request, "La vue n’est pas enregistrée : donnez-lui un nom.")
        return redirect(back)
    data = form.cleaned_data
    view = saved_views.save_view(
        membership=request.membership,
        list_key=data["list_key"],
        name=data["name"],
        query=_present_query(request, back) or data["query"],
        shared=data["shared"],
    )
    messages.success(request, f"La vue « {view.name} » est enregistrée.")
    return redirect(f"{back}?{view.query}" if view.query else back)


@require_POST
@require(perms.is_member)
def view_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Forget one of one's own views."""
    view = get_object_or_404(perms.own_saved_views(request.membership), pk=pk)
    saved_views.delete_view(view=view)
    messages.success(request, f"La vue « {view.name} » est supprimée.")
    return redirect(_own_path(request, request.POST.get("next", "")))


@require_POST
@require(perms.is_member)
def notification_read(request: MemberRequest, pk: int) -> HttpResponse:
    """Mark a notice read, and go where it points."""
    notice = get_object_or_404(perms.own_notifications(request.membership), pk=pk)
    notices.mark_read(notification=notice)
    return redirect(_own_path(request, notice.url))


def _present_query(request: MemberRequest, path: str) -> str:
    """The filters in the address bar: with scripts they changed after the form was drawn."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    same_page = referrer.netloc == request.get_host() and referrer.path == path
    return referrer.query if same_page else ""


def _own_path(request: MemberRequest, path: str) -> str:
    """The path if it is one of ours, else the home page: never somebody else's site."""
    ours = url_has_allowed_host_and_scheme(
        path, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Without its slash, « redirect » would take it for the name of a view.
    return path if path.startswith("/") and ours else "/"
