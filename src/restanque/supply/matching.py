"""Whether a baker suits a canteen: its wish, its days, its hours. Pure on the two records."""

from restanque.supply.models import BakeryOffer, Need
from restanque.supply.models.common import days_in_words


def unfit(need: Need, offer: BakeryOffer) -> str:
    """Why this baker cannot deliver that canteen, in a sentence; "" when nothing forbids it.

    What is unknown on either side forbids nothing. A baker who wants no canteen keeps those it has.
    """
    if offer.willing is False and need.supplier_id != offer.organisation_id:
        return "Ne souhaite pas fournir d’autres cantines."
    return _unfit_hours(need, offer)


def _unfit_hours(need: Need, offer: BakeryOffer) -> str:
    wanted = set(need.delivery_days)
    closed = wanted & set(offer.closing_days)
    if closed:
        return f"Fermée le {days_in_words(sorted(closed))}, jour où la cantine attend du pain."
    missing = wanted - set(offer.delivery_days) if offer.delivery_days else set()
    if missing:
        return f"Ne livre pas le {days_in_words(sorted(missing))}."
    limit, earliest = need.delivery_until, offer.delivery_from
    if limit is not None and earliest is not None and earliest >= limit:
        return f"Livre à partir de {earliest:%Hh%M}, trop tard pour {limit:%Hh%M}."
    begins, ends = need.delivery_from, offer.delivery_until
    if begins is not None and ends is not None and ends <= begins:
        return f"Livre jusqu’à {ends:%Hh%M}, avant l’ouverture à {begins:%Hh%M}."
    return ""
