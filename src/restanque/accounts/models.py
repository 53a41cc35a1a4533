"""Who works here: a user belongs to workspaces through memberships, each with a role."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Creates users from an e-mail address; a password is optional (sign-in is by code)."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user, its address in lower case so that it is found however it is typed."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.full_clean()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Contact data only; what they may do is in their memberships."""

    email = models.EmailField("adresse électronique", unique=True)
    full_name = models.CharField("nom", max_length=150, blank=True)
    is_active = models.BooleanField("compte actif", default=True)
    date_joined = models.DateTimeField("créé le", default=timezone.now, editable=False)
    # Demo users carry the field: they can sign in by a button, and never in production.
    fictitious = models.BooleanField("compte de démonstration", default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "utilisateur"
        ordering = ("full_name", "email")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case"),
        )

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name if known, else the address."""
        return self.full_name or self.email


class Workspace(models.Model):
    """A team and its data: the tenant. Nothing crosses from one workspace to another."""

    name = models.CharField("nom", max_length=150)
    slug = models.SlugField("nom court", max_length=60, unique=True)
    # Shown in notices and e-mails; free text because joint controllers are common.
    data_controller = models.TextField(
        "responsables du traitement",
        blank=True,
        help_text="Collectivités responsables des données, avec leur adresse.",
    )
    dpo_contact = models.CharField(
        "délégué à la protection des données", max_length=200, blank=True
    )
    contact_email = models.EmailField("adresse de contact de l’équipe", blank=True)
    fictitious = models.BooleanField("espace de démonstration", default=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "espace"
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do in a workspace."""

    ADMINISTRATOR = "administrator", "administration"
    AGENT = "agent", "agent"
    READER = "reader", "lecture"
    PARTNER = "partner", "partenaire"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Named questions on memberships."""

    def active(self) -> "MembershipQuerySet":
        """Those in force: not ended, of an active user."""
        return self.filter(ended_at__isnull=True, user__is_active=True)


class Membership(models.Model):
    """A user's place in a workspace. Which territories it covers is kept by `territories`."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name="utilisateur"
    )
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="memberships", verbose_name="espace"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    all_territories = models.BooleanField("tous les territoires de l’espace", default=True)
    job_title = models.CharField("fonction", max_length=120, blank=True)
    ended_at = models.DateTimeField("fin", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "appartenance"
        ordering = ("workspace__name", "user__full_name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "workspace"),
                name="accounts_membership_once",
                violation_error_message="Cette personne appartient déjà à l’espace.",
            ),
            models.CheckConstraint(
                name="accounts_membership_role_known", condition=models.Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="accounts_partner_not_everywhere",
                # A partner sees only what is assigned to it, never a whole workspace.
                condition=~models.Q(role=Role.PARTNER, all_territories=True),
                violation_error_message="Un partenaire ne couvre pas tous les territoires.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.workspace}"
