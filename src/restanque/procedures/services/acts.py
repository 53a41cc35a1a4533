"""Writes on the link between a step and what a body decides: put on an agenda, recorded."""

from django.core.exceptions import ValidationError
from django.db import transaction

from restanque.accounts.models import User
from restanque.governance.models import AgendaItem, Deliberation, Sitting
from restanque.governance.services import sittings
from restanque.kit.text import format_date
from restanque.law.current import law_of
from restanque.procedures.acts import label_of, path_of
from restanque.procedures.models import Procedure, ProcedureFact, Target
from restanque.procedures.models.procedures import check_step
from restanque.procedures.services.saving import save


@transaction.atomic
def put_on_agenda(
    *, procedure: Procedure, step: str, sitting: Sitting, title: str = "", kind: str = "decision"
) -> AgendaItem:
    """The step becomes an item of a sitting of its territory, that leads back to it.

    ValidationError when the sitting is of another territory, or has the step already.
    """
    check_step(procedure, step)
    if sitting.body.territory_id != procedure.territory_id:
        raise ValidationError({"sitting": "Cette séance est celle d’un autre territoire."})
    label = label_of(procedure, step)
    return sittings.add_item(
        sitting=sitting,
        title=title or procedure.engine_kind.by_id[step].label,
        kind=kind,
        subject_label=label,
        subject_path=path_of(procedure, step),
        fictitious=procedure.fictitious or sitting.fictitious,
    )


@transaction.atomic
def record_act(
    *, procedure: Procedure, step: str, act: Deliberation, by: User | None = None
) -> ProcedureFact:
    """The step was done by this act: its day and its proof are read in it, never copied.

    A fact of the same day without file becomes that of the act. ValidationError when the act is of
    another territory, or when the step has another date: one of the two is wrong.
    """
    check_step(procedure, step)
    if act.body.territory_id != procedure.territory_id:
        raise ValidationError("Cette délibération est celle d’un autre territoire.")
    kind = procedure.engine_kind
    if step == kind.launch and act.voted_on != procedure.prescribed_on:
        raise ValidationError(
            f"La procédure dit que son acte de lancement est du "
            f"{format_date(procedure.prescribed_on)}, la délibération est du "
            f"{format_date(act.voted_on)} : corrigez d’abord l’une des deux."
        )
    fact = _same_day(procedure, step, act) or ProcedureFact(
        procedure=procedure,
        step=step,
        recorded_by=by,
        law_version=law_of(procedure.workspace).version,
        fictitious=procedure.fictitious or act.fictitious,
    )
    fact.act, fact.own_date = act, None
    fact.proof_kind, fact.proof_reference, fact.to_confirm = "", "", False
    Target.objects.filter(procedure=procedure, step=step).delete()
    return save(fact, reason="pris par délibération")


def _same_day(procedure: Procedure, step: str, act: Deliberation) -> ProcedureFact | None:
    """The fact of that step and day that the act takes over; ValidationError for another day."""
    known = list(procedure.facts.filter(step=step).select_related("act"))
    for fact in known:
        if fact.act_id == act.pk:
            raise ValidationError("Cette délibération est déjà enregistrée pour cette étape.")
        if fact.happened_on != act.voted_on:
            raise ValidationError(
                f"Cette étape est déjà enregistrée au {format_date(fact.happened_on)}, et la "
                f"délibération est du {format_date(act.voted_on)} : retirez le fait erroné."
            )
        if fact.proof:
            raise ValidationError(
                "Cette étape a déjà un fait de ce jour, avec une pièce : joignez-la à la "
                "délibération, puis retirez ce fait."
            )
    return next((fact for fact in known if fact.act_id is None), None)
