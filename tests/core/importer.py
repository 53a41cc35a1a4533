"""An importer for the tests: addresses to set aside, with their reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.imports import Importer, RowPlan, RowProblem, UndoRefused
from restanque.core.models import MailSuppression, SuppressionReason
from restanque.kit import tabular


class AddressImporter(Importer):
    """Creates, updates, skips, refuses: all that an importer can do."""

    kind = "addresses"
    title = "Adresses à écarter"
    help = "Une adresse par ligne."
    columns = (
        tabular.Column("email", "Adresse", kind="email", required=True, example="a@exemple.fr"),
        tabular.Column("reason", "Raison", kind="choice", choices=dict(SuppressionReason.choices)),
        tabular.Column("rank", "Rang", kind="integer", minimum=0),
    )

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """The reason of rows without one."""
        return {
            "default": forms.ChoiceField(
                label="Raison par défaut", choices=SuppressionReason.choices, required=False
            )
        }

    def plan(
        self,
        rows: Sequence[tabular.ValidRow],
        *,
        workspace: Workspace,
        context: Mapping[str, Any],
    ) -> list[RowPlan]:
        """Compare with what is known."""
        known = dict(
            MailSuppression.objects.filter(workspace=workspace).values_list("email", "reason")
        )
        return [self._plan(row, known, context) for row in rows]

    def _plan(
        self, row: tabular.ValidRow, known: dict[str, str], context: Mapping[str, Any]
    ) -> RowPlan:
        email = row.values["email"]
        reason = row.values.get("reason") or context.get("default") or "manual"
        if email.endswith("@interdit.fr"):
            return RowPlan.error(row.number, f"Ligne {row.number}, Adresse : domaine interdit.")
        if known.get(email) == reason:
            return RowPlan.skip(row.number, email)
        payload = {"email": email, "reason": reason}
        make = RowPlan.update if email in known else RowPlan.create
        return make(row.number, email, payload=payload)

    def apply(
        self,
        plan: RowPlan,
        *,
        workspace: Workspace,
        context: Mapping[str, Any],
        user: User | None,
    ) -> dict[str, Any]:
        """Write one row."""
        email, reason = plan.payload["email"], plan.payload["reason"]
        if email.startswith("bogue"):
            raise RuntimeError("a fault of the importer")
        found = MailSuppression.objects.filter(workspace=workspace, email=email).first()
        if plan.action == "create" and found is not None:
            raise RowProblem("cette adresse a été ajoutée depuis l’aperçu.")
        journal = {"email": email, "before": found.reason if found else None, "after": reason}
        found = found or MailSuppression(workspace=workspace, email=email)
        found.reason = reason
        found.full_clean()
        found.save()
        return journal

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Put back what was."""
        found = MailSuppression.objects.filter(workspace=workspace, email=journal["email"]).first()
        if found is None or found.reason != journal["after"]:
            raise UndoRefused("modifiée depuis l’import.")
        if journal["before"] is None:
            found.delete()
        else:
            found.reason = journal["before"]
            found.save()
