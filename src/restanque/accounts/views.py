"""Pages of the accounts: own profile, choice of workspace, members, demo sign-in."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from restanque.accounts import services
from restanque.accounts.demo import demo_allowed, demo_memberships
from restanque.accounts.forms import MemberForm, ProfileForm, RoleForm, WorkspaceForm
from restanque.accounts.middleware import SESSION_KEY
from restanque.accounts.models import Membership, Role
from restanque.accounts.perms import MemberRequest, can_administer, can_read, require
from restanque.accounts.signin import user_from_token

FORM = "accounts/form.html"


@login_not_required
def demo(request: HttpRequest) -> HttpResponse:
    """The demo's people, one button each; does not exist outside the demo."""
    if not demo_allowed(request):
        raise Http404
    return render(request, "accounts/demo.html", {"people": demo_memberships()})


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in as one of the demo's people; does not exist outside the demo."""
    if not demo_allowed(request):
        raise Http404
    person = next((m for m in demo_memberships() if m.pk == pk), None)
    if person is None:
        raise Http404
    login(request, person.user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[SESSION_KEY] = person.workspace_id
    return redirect("portal:home")


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Enter with a one-time link from the command line: opening it changes nothing."""
    user = user_from_token(token)
    if user is None:
        return render(request, "accounts/sign_in_expired.html", status=410)
    if request.method == "POST":
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("portal:home")
    return render(request, "accounts/sign_in.html")


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, address and ways to sign in."""
    user = request.user
    if not user.is_authenticated:
        raise Http404
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        services.update_profile(user=user, full_name=form.cleaned_data["full_name"])
        messages.success(request, "Votre nom est enregistré.")
        return redirect("accounts:profile")
    return _form_page(request, "accounts/profile.html", form)


@require_http_methods(["GET", "POST"])
def workspaces(request: HttpRequest) -> HttpResponse:
    """Choose the workspace where one works, among one's own."""
    if not request.user.is_authenticated:
        raise Http404
    own = Membership.objects.active().filter(user=request.user).select_related("workspace")
    if request.method == "POST":
        asked = request.POST.get("membership", "")
        chosen = next((one for one in own if str(one.pk) == asked), None)
        if chosen is None:
            raise Http404
        request.session[SESSION_KEY] = chosen.workspace_id
        return redirect("portal:home")
    return render(request, "accounts/workspaces.html", {"memberships": own})


@require(can_read)
def members(request: MemberRequest) -> HttpResponse:
    """Who works in this workspace."""
    people = (
        Membership.objects.active()
        .filter(workspace=request.membership.workspace)
        .select_related("user")
    )
    context = {"members": people, "can_administer": can_administer(request.membership)}
    return render(request, "accounts/members.html", context)


@require(can_administer)
def member_add(request: MemberRequest) -> HttpResponse:
    """Give a person access to the workspace."""
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.add_member(
                workspace=request.membership.workspace,
                email=data["email"],
                full_name=data["full_name"],
                job_title=data["job_title"],
                role=Role(data["role"]),
            )
        except services.LastAdministratorError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{data['email']} peut maintenant demander un code d’accès.")
            return redirect("accounts:members")
    return _form_page(request, FORM, form, title="Ajouter une personne", back="accounts:members")


@require(can_administer)
def member_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a member's role, or end the membership."""
    membership = _get_membership_for(request, pk)
    form = RoleForm(request.POST or None, instance=membership)
    if request.method == "POST":
        try:
            if "end" in request.POST:
                services.end_membership(membership=membership)
                messages.success(request, f"L’accès de {membership.user} est fermé.")
                return redirect("accounts:members")
            if form.is_valid():
                services.change_role(
                    membership=_get_membership_for(request, pk), role=Role(request.POST["role"])
                )
                messages.success(request, f"Le rôle de {membership.user} est changé.")
                return redirect("accounts:members")
        except services.LastAdministratorError as error:
            form.add_error(None, str(error))
    return _form_page(
        request, "accounts/member.html", form, title=str(membership.user), back="accounts:members"
    )


@require(can_administer)
def workspace_edit(request: MemberRequest) -> HttpResponse:
    """The team's name and the notices' particulars."""
    form = WorkspaceForm(request.POST or None, instance=request.membership.workspace)
    if request.method == "POST" and form.is_valid():
        services.update_workspace(workspace=request.membership.workspace, **form.cleaned_data)
        messages.success(request, "L’espace est enregistré.")
        return redirect("accounts:members")
    return _form_page(request, FORM, form, title="Réglages de l’espace", back="accounts:members")


def _get_membership_for(request: MemberRequest, pk: int) -> Membership:
    return get_object_or_404(
        Membership.objects.active().select_related("user", "workspace"),
        workspace=request.membership.workspace,
        pk=pk,
    )


def _form_page(request: HttpRequest, template: str, form: object, **context: str) -> HttpResponse:
    """A page with a form: 422 when it is shown again with its errors."""
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form, **context}, status=status)
