"""Two doors of the respondent's: the code printed on a letter, and one-click unsubscribe."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from restanque.surveys import links
from restanque.surveys.codes import find_by_code
from restanque.surveys.seats import Seat
from restanque.surveys.services.unsubscribing import unsubscribe
from restanque.surveys.views.common import read_or_post
from restanque.surveys.views.respondent import with_link


@read_or_post
@login_not_required
def code(request: HttpRequest) -> HttpResponse:
    """Type the code of a letter; it opens the personal page."""
    typed = request.POST.get("code", "")
    problem = ""
    if request.method == "POST":
        invitation = find_by_code(typed)
        if invitation is not None:
            return redirect(links.personal_path(invitation))
        problem = "Ce code n’ouvre aucune enquête. Vérifiez-le sur la lettre."
    context = {"typed": typed, "problem": problem}
    return render(request, "surveys/respond/code.html", context, status=422 if problem else 200)


@csrf_exempt
@read_or_post
@with_link
def one_click(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """RFC 8058: the mail program posts here, without cookie. The token and the address's key are
    the proof; twice changes nothing. A person who follows the address finds a button."""
    if request.method != "POST":
        return redirect(seat.url("no-reminder"))
    unsubscribe(invitation=seat.invitation, key=key)
    return HttpResponse(
        "Vous ne recevrez plus de message.", content_type="text/plain; charset=utf-8"
    )
