"""Forms of the accounts' pages."""

from django import forms

from restanque.accounts.models import Membership, Role, User, Workspace


class MemberForm(forms.Form):
    """Invite a person into the workspace."""

    email = forms.EmailField(label="Adresse électronique")
    full_name = forms.CharField(label="Prénom et nom", max_length=150)
    job_title = forms.CharField(label="Fonction", max_length=120, required=False)
    role = forms.ChoiceField(label="Rôle", choices=Role.choices, initial=Role.AGENT)


class RoleForm(forms.ModelForm[Membership]):
    """Change a member's role."""

    class Meta:
        model = Membership
        fields = ("role",)


class WorkspaceForm(forms.ModelForm[Workspace]):
    """What notices and e-mails say of the team."""

    class Meta:
        model = Workspace
        fields = ("name", "data_controller", "dpo_contact", "contact_email")
        widgets = {"data_controller": forms.Textarea(attrs={"rows": 3})}


class ProfileForm(forms.ModelForm[User]):
    """One's own name."""

    class Meta:
        model = User
        fields = ("full_name",)
