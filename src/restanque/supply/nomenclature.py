"""Classes of bread: what a canteen may ask for and a baker or a mill may offer.

A class joins the kind of flour and its certificate, because that is what the three trades agree on
along the way from the field to the plate. « Lou Pan d’Ici » and other brands are the class `local`:
a brand is no official sign.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from restanque.directory.nomenclature import Sign


class BreadClass(models.TextChoices):
    """The classes, from the plainest to the most demanding."""

    COURANT = "courant", "Pain courant"
    COMPLET = "complet", "Pain complet ou semi-complet"
    LOCAL = "local", "Farine de marque locale (« Lou Pan d’Ici »…)"
    HVE = "hve", "Farine HVE"
    EQUITABLE = "equitable", "Farine du commerce équitable"
    BIO = "bio", "Pain biologique"
    BIO_COMPLET = "bio_complet", "Pain biologique complet"
    BIO_EQUITABLE = "bio_equitable", "Pain biologique et équitable"


@dataclass(frozen=True, slots=True)
class ClassRule:
    """What a class carries, and what may be served to who asks for it.

    `signs`: official signs that its flour must prove. `served_by`: classes that satisfy a need of
    this class, itself included.
    """

    signs: frozenset[Sign]
    served_by: frozenset[BreadClass]

    @property
    def certified(self) -> bool:
        """Whether it carries an official sign (a brand is none)."""
        return bool(self.signs)


def _rule(*served: BreadClass, signs: tuple[Sign, ...] = ()) -> ClassRule:
    return ClassRule(frozenset(signs), frozenset(served))


_B, _S = BreadClass, Sign
RULES: Mapping[BreadClass, ClassRule] = {
    # White bread may always be made with a better flour; a wholemeal loaf is another loaf.
    _B.COURANT: _rule(_B.COURANT, _B.LOCAL, _B.HVE, _B.EQUITABLE, _B.BIO, _B.BIO_EQUITABLE),
    _B.COMPLET: _rule(_B.COMPLET, _B.BIO_COMPLET),
    # Who asks for flour of the territory's brand wants that flour, not a certificate from afar.
    _B.LOCAL: _rule(_B.LOCAL),
    _B.HVE: _rule(_B.HVE, _B.BIO, _B.BIO_EQUITABLE, signs=(_S.HVE,)),
    _B.EQUITABLE: _rule(_B.EQUITABLE, _B.BIO_EQUITABLE, signs=(_S.COMMERCE_EQUITABLE,)),
    _B.BIO: _rule(_B.BIO, _B.BIO_EQUITABLE, signs=(_S.BIO,)),
    _B.BIO_COMPLET: _rule(_B.BIO_COMPLET, signs=(_S.BIO,)),
    _B.BIO_EQUITABLE: _rule(_B.BIO_EQUITABLE, signs=(_S.BIO, _S.COMMERCE_EQUITABLE)),
}


class Weekday(models.TextChoices):
    """Days, by the codes the shipped questionnaires use."""

    MONDAY = "lundi", "lundi"
    TUESDAY = "mardi", "mardi"
    WEDNESDAY = "mercredi", "mercredi"
    THURSDAY = "jeudi", "jeudi"
    FRIDAY = "vendredi", "vendredi"
    SATURDAY = "samedi", "samedi"
    SUNDAY = "dimanche", "dimanche"
