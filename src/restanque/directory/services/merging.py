"""Making one organisation of two, without losing a link, whoever holds it."""

from django.db import IntegrityError, models, transaction

from restanque.directory.models import Organisation
from restanque.directory.services.saving import save

# Taken from the absorbed record where the kept one says nothing.
_FILLED_WHEN_EMPTY = (
    "siret", "commune", "address", "postal_code", "phone", "email", "website", "opening_hours",
    "source", "checked_on", "purpose", "purge_on",
)  # fmt: skip


class MergeError(ValueError):
    """Two organisations that cannot become one; the message says why, in French."""


@transaction.atomic
def merge_organisations(*, kept: Organisation, absorbed: Organisation) -> Organisation:
    """Move everything that points to `absorbed` to `kept`, then archive it with a pointer.

    Links of rooms above (invitations, offers…) are found through the database's keys, so this
    room need not know them. The journal gives numbers, not names: a reader of one record may not
    see the other. Raises MergeError when both hold something that may exist only once.
    """
    _check(kept, absorbed)
    _move_links(kept, absorbed)
    kept.refresh_from_db()
    _complete(kept, absorbed)
    absorbed.active = False
    absorbed.merged_into = kept
    absorbed.siret = ""
    absorbed.parent = None
    save(absorbed, reason=f"fusionnée dans la fiche n° {kept.pk}")
    return save(kept, reason=f"a absorbé la fiche n° {absorbed.pk}")


def _check(kept: Organisation, absorbed: Organisation) -> None:
    if kept.pk == absorbed.pk:
        raise MergeError("Une organisation ne peut être fusionnée avec elle-même.")
    if kept.workspace_id != absorbed.workspace_id:
        raise MergeError("Ces deux organisations ne sont pas du même espace.")
    if kept.fictitious != absorbed.fictitious:
        raise MergeError(
            "Une organisation fictive ne se fusionne pas avec une organisation réelle."
        )
    if not kept.active:
        raise MergeError(f"« {kept} » est archivée : remettez-la en service d’abord.")
    if absorbed.merged_into_id is not None:
        raise MergeError(f"« {absorbed} » est déjà fusionnée.")
    if kept.siret and absorbed.siret and kept.siret != absorbed.siret:
        raise MergeError(
            "Deux SIRET différents désignent deux établissements. Corrigez l’un des deux si c’est "
            "une erreur de saisie."
        )


def _move_links(kept: Organisation, absorbed: Organisation) -> None:
    for relation in Organisation._meta.related_objects:
        if isinstance(relation, models.ManyToManyRel):
            _move_many(relation, kept, absorbed)
        elif isinstance(relation, models.ManyToOneRel):
            _move_keys(relation, kept, absorbed)


def _move_keys(relation: models.ManyToOneRel, kept: Organisation, absorbed: Organisation) -> None:
    field = relation.field.name
    model = relation.related_model
    for record in model._base_manager.filter(**{field: absorbed}).exclude(pk=_same(model, kept)):
        setattr(record, field, kept)
        try:
            with transaction.atomic():
                record.save(update_fields=[field])
        except IntegrityError as error:
            raise MergeError(
                f"Les deux organisations ont chacune « {record} » "
                f"({model._meta.verbose_name}), qui ne peut exister qu’une fois : "
                "retirez l’un des deux d’abord."
            ) from error


def _same(model: type[models.Model], kept: Organisation) -> int | None:
    """A key of `kept` itself (its parent is the absorbed one) must not point to itself."""
    return kept.pk if model is Organisation else None


def _move_many(relation: models.ManyToManyRel, kept: Organisation, absorbed: Organisation) -> None:
    if not relation.through._meta.auto_created:  # type: ignore[union-attr]
        return  # the linking table's own keys are moved as keys
    field = relation.field.name
    for record in relation.related_model._base_manager.filter(**{field: absorbed}):
        getattr(record, field).add(kept)
        getattr(record, field).remove(absorbed)


def _complete(kept: Organisation, absorbed: Organisation) -> None:
    for field in _FILLED_WHEN_EMPTY:
        if getattr(kept, field) in (None, ""):
            setattr(kept, field, getattr(absorbed, field))
    if kept.point is None:
        kept.longitude, kept.latitude = absorbed.longitude, absorbed.latitude
    if kept.parent_id == absorbed.pk:
        kept.parent = None
    if absorbed.notes:
        kept.notes = "\n\n".join(part for part in (kept.notes, absorbed.notes) if part)
    kept.is_sole_trader = kept.is_sole_trader or absorbed.is_sole_trader
    if absorbed.do_not_contact and not kept.do_not_contact:
        # A wish for silence survives the merge.
        kept.do_not_contact = True
        kept.do_not_contact_on = absorbed.do_not_contact_on
        kept.do_not_contact_reason = absorbed.do_not_contact_reason
    kept.tags.add(*absorbed.tags.all())
