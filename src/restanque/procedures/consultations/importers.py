"""Import of opinions and of remarks with their replies, from a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.imports import Importer, RowPlan, RowProblem, UndoRefused, register
from restanque.kit.tabular import Column, ValidRow
from restanque.kit.text import parse_date, search_key
from restanque.procedures.consultations.nomenclature import Decision, Sense
from restanque.procedures.consultations.services import opinions as services
from restanque.procedures.models import Consultation, Consultee, Opinion, Remark
from restanque.procedures.perms import can_edit_procedures

_BODY = Column(
    "body",
    "Organisme",
    required=True,
    example="Organisme fictif A",
    help="Le nom, tel qu’il est dans la liste de la consultation.",
    aliases=("nom", "personne publique"),
)
_SENSES = {one.value: str(one.label) for one in Sense}
_DECISIONS = {one.value: str(one.label) for one in Decision}


class _OfConsultation(Importer):
    """What both imports share: the consultation they are for."""

    def allowed(self, membership: Membership) -> bool:
        """Who may write procedures."""
        return can_edit_procedures(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """Which consultation."""
        own = Consultation.objects.visible_to(membership).select_related("procedure")
        choices = [(str(one.pk), f"{one.procedure.name}, {one.name}") for one in own]
        return {"consultation": forms.ChoiceField(label="Consultation", choices=choices)}

    def bodies(self, workspace: Workspace, context: Mapping[str, Any]) -> dict[str, Consultee]:
        """The bodies of the consultation, by their folded name."""
        found = Consultee.objects.filter(
            consultation=int(context["consultation"]),
            consultation__procedure__territory__workspace=workspace,
        ).select_related("opinion", "consultation__procedure__territory__workspace")
        return {one.name_key: one for one in found}

    def body(self, workspace: Workspace, context: Mapping[str, Any], pk: int) -> Consultee:
        """A body of the consultation, again; RowProblem when it left the list since."""
        for one in self.bodies(workspace, context).values():
            if one.pk == pk:
                return one
        raise RowProblem("Cet organisme n’est plus dans la liste.")


def _unknown(name: str) -> str:
    return (
        f"« {name} » n’est pas dans la liste de cette consultation : ajoutez l’organisme, ou "
        "écrivez son nom comme dans la liste."
    )


class OpinionImporter(_OfConsultation):
    """One row an opinion received."""

    kind = "consultation-opinions"
    title = "Avis reçus"
    help = (
        "Une ligne par avis : l’organisme, la date de réception, le sens. Un avis déjà enregistré "
        "est complété, jamais doublé."
    )
    columns = (
        _BODY,
        Column("received_on", "Reçu le", kind="date", required=True),
        Column("sense", "Sens", kind="choice", choices=_SENSES, required=True, aliases=("avis",)),
        Column("dated", "Daté du", kind="date"),
        Column("signed_by", "Signé par", help="La fonction, pas le nom d’une personne."),
        Column("reference", "Référence"),
        Column("text", "Résumé", aliases=("texte",)),
    )

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Which opinions are new, which change. Reads only."""
        bodies = self.bodies(workspace, context)
        return [self._one(row, bodies) for row in rows]

    def _one(self, row: ValidRow, bodies: Mapping[str, Consultee]) -> RowPlan:
        values = row.values
        body = bodies.get(search_key(str(values["body"])))
        if body is None:
            return RowPlan.error(row.number, _unknown(str(values["body"])))
        payload = {name: _plain(values.get(name)) for name in _OPINION}
        payload["consultee"] = body.pk
        summary = f"{body.name} : {_SENSES[str(values['sense'])]}"
        known = getattr(body, "opinion", None)
        if known is None:
            return RowPlan.create(row.number, summary, payload=payload)
        if all(payload[name] in (None, "", before) for name, before in _state(known).items()):
            return RowPlan.skip(row.number, f"{summary}, déjà enregistré")
        return RowPlan.update(row.number, summary, payload=payload)

    def apply(
        self, plan: RowPlan, *, workspace: Workspace, context: Mapping[str, Any], user: User | None
    ) -> dict[str, Any]:
        """Write one opinion; the journal holds what was before. An empty cell erases nothing."""
        body = self.body(workspace, context, int(plan.payload["consultee"]))
        known = getattr(body, "opinion", None)
        before = _state(known) if known else None
        filled = {
            name: _read(name, value)
            for name, value in plan.payload.items()
            if name in _OPINION and value not in (None, "")
        }
        opinion = services.record_opinion(consultee=body, by=user, **filled)
        return {"opinion": opinion.pk, "before": before, "after": _state(opinion)}

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Put back what was there, unless it was changed since."""
        found = Opinion.objects.filter(
            pk=journal["opinion"],
            consultee__consultation__procedure__territory__workspace=workspace,
        ).select_related("consultee__consultation__procedure__territory__workspace")
        opinion = found.first()
        if opinion is None or _state(opinion) != journal["after"]:
            raise UndoRefused("avis modifié depuis l’import")
        if journal["before"] is None:
            try:
                services.remove_opinion(opinion=opinion)
            except ValidationError as error:
                raise UndoRefused(" ".join(error.messages)) from error
            return
        values = {name: _read(name, value) for name, value in journal["before"].items()}
        services.record_opinion(consultee=opinion.consultee, **values)


_OPINION = ("received_on", "dated", "sense", "signed_by", "reference", "text")


class RemarkImporter(_OfConsultation):
    """One row a remark, with its reply when there is one."""

    kind = "consultation-remarks"
    title = "Remarques des avis et réponses"
    help = (
        "Une ligne par remarque : l’organisme, le thème, le texte, et si elle existe la réponse. "
        "L’avis de l’organisme doit être enregistré. La même remarque n’est pas prise deux fois."
    )
    columns = (
        _BODY,
        Column("topic", "Thème"),
        Column("page", "Page de l’avis"),
        Column("text", "Remarque", required=True),
        Column("decision", "Suite donnée", kind="choice", choices=_DECISIONS, aliases=("suite",)),
        Column("why", "Réponse et motif", aliases=("réponse", "motif")),
        Column("piece", "Pièce modifiée"),
        Column("place", "Page ou article", aliases=("page modifiée",)),
        Column("decided_by", "Décidé par"),
        Column("decided_on", "Décidé le", kind="date"),
    )

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Which remarks are new. Reads only."""
        bodies = self.bodies(workspace, context)
        known = {
            (opinion, key)
            for opinion, key in Remark.objects.filter(
                opinion__consultee__in=[one.pk for one in bodies.values()]
            ).values_list("opinion", "text_key")
        }
        return [self._one(row, bodies, known) for row in rows]

    def _one(
        self, row: ValidRow, bodies: Mapping[str, Consultee], known: set[tuple[int, str]]
    ) -> RowPlan:
        values = row.values
        body = bodies.get(search_key(str(values["body"])))
        if body is None:
            return RowPlan.error(row.number, _unknown(str(values["body"])))
        opinion = getattr(body, "opinion", None)
        if opinion is None:
            message = f"« {body.name} » n’a pas d’avis enregistré : enregistrez-le d’abord."
            return RowPlan.error(row.number, message)
        text = str(values["text"])
        summary = f"{body.name} : {text[:80]}"
        if (opinion.pk, search_key(text)) in known:
            return RowPlan.skip(row.number, f"{summary}, déjà enregistrée")
        known.add((opinion.pk, search_key(text)))
        payload = {name: _plain(values.get(name)) for name in (*_REMARK, *_REPLY, "place")}
        payload["consultee"] = body.pk
        if problem := _reply_problem(payload):
            return RowPlan.error(row.number, problem)
        return RowPlan.create(row.number, summary, payload=payload)

    def apply(
        self, plan: RowPlan, *, workspace: Workspace, context: Mapping[str, Any], user: User | None
    ) -> dict[str, Any]:
        """Write one remark and its reply."""
        payload = plan.payload
        body = self.body(workspace, context, int(payload["consultee"]))
        opinion = getattr(body, "opinion", None)
        if opinion is None:
            raise RowProblem("L’avis de cet organisme a été retiré depuis.")
        remark = services.add_remark(
            opinion=opinion,
            topic=payload["topic"] or "",
            page=payload["page"] or "",
            text=payload["text"],
        )
        if payload["decision"]:
            reply = {name: _read(name, payload[name]) for name in _REPLY}
            services.reply_to(remark=remark, page=payload["place"] or "", **reply)
        return {"remark": remark.pk, "after": _written(remark)}

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Take the remark away, unless it or its reply was changed since."""
        found = Remark.objects.filter(
            pk=journal["remark"],
            opinion__consultee__consultation__procedure__territory__workspace=workspace,
        ).select_related("reply")
        remark = found.first()
        if remark is None or _written(remark) != journal["after"]:
            raise UndoRefused("remarque ou réponse modifiée depuis l’import")
        reply = getattr(remark, "reply", None)
        if reply is not None:
            reply.delete()
            remark.refresh_from_db()
        services.remove_remark(remark=remark)


_REMARK = ("topic", "page", "text")
_REPLY = ("decision", "why", "piece", "decided_by", "decided_on")


def _reply_problem(payload: Mapping[str, Any]) -> str:
    given = [name for name in ("why", "piece", "place", "decided_by") if payload[name]]
    if not payload["decision"]:
        return (
            "Une réponse est écrite sans sa suite : remplissez « Suite donnée »." if given else ""
        )
    if payload["decision"] in (Decision.PARTLY, Decision.REFUSED) and not payload["why"]:
        return "Dites pourquoi : remplissez « Réponse et motif »."
    return ""


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _read(name: str, value: Any) -> Any:
    if name in ("received_on", "dated", "decided_on"):
        return parse_date(value) if value else None
    return value or ""


def _state(opinion: Opinion) -> dict[str, Any]:
    return {name: _plain(getattr(opinion, name)) for name in _OPINION}


def _written(remark: Remark) -> dict[str, Any]:
    reply = getattr(remark, "reply", None)
    said: dict[str, Any] = {name: getattr(remark, name) for name in _REMARK}
    if reply is not None:
        said |= {name: _plain(getattr(reply, name)) for name in _REPLY}
        said |= {"place": reply.page, "carried_on": _plain(reply.carried_on)}
    return said


def register_all() -> None:
    """Declare the imports of the consultations."""
    register(OpinionImporter())
    register(RemarkImporter())
