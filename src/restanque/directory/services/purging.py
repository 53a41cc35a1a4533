"""Erasing personal data whose date has come."""

from datetime import date

from django.db import transaction

from restanque.directory.models import Contact, Organisation
from restanque.directory.services.certifications import delete_certification
from restanque.directory.services.contacts import delete_contact
from restanque.directory.services.saving import erase_history
from restanque.kit.text import search_key

_PERSONAL_TEXTS = (
    "siret", "address", "postal_code", "phone", "email", "website", "opening_hours", "notes",
    "purpose", "source", "do_not_contact_reason",
)  # fmt: skip


def purge_expired(today: date) -> int:
    """Erase contacts and sole traders whose purge date is today or past, in every workspace.

    A contact disappears with its history. A sole trader's record stays, empty and archived, so
    that what hangs on it (answers, supplies) still counts, but nothing says who it was. Returns
    how many records were erased.
    """
    count = 0
    for contact in Contact.objects.expired(today):
        delete_contact(contact=contact)
        count += 1
    for organisation in Organisation.objects.filter(is_sole_trader=True, purge_on__lte=today):
        _anonymise(organisation)
        count += 1
    return count


@transaction.atomic
def _anonymise(organisation: Organisation) -> None:
    for contact in organisation.contacts.all():
        delete_contact(contact=contact)
    for certification in organisation.certifications.all():
        delete_certification(certification=certification)
    organisation.facts.all().delete()
    organisation.tags.clear()
    organisation.name = f"Entreprise individuelle effacée (n° {organisation.pk})"
    organisation.name_key = search_key(organisation.name)
    for field in _PERSONAL_TEXTS:
        setattr(organisation, field, "")
    organisation.longitude = organisation.latitude = None
    organisation.is_sole_trader = False
    organisation.do_not_contact, organisation.do_not_contact_on = False, None
    organisation.purge_on = organisation.checked_on = None
    organisation.active = False
    organisation.full_clean()
    organisation.save()
    erase_history(organisation, organisation.pk)
