"""Public contracts and their money: how long to pay, how far an amendment may go, which VAT.

Nobody opened these texts for the reference file: all of it is to be verified.
"""

from __future__ import annotations

from datetime import date

from restanque.engine.law.model import Article, Code, Evidence, Parameter
from restanque.engine.law.tables.evidence import UNSTATED_CONSEQUENCE, recalled

_PUBLISHED = "https://www.legifrance.gouv.fr/codes/texte_lc/"
_CCP = f"{_PUBLISHED}LEGITEXT000037701019/"
_CGI = f"{_PUBLISHED}LEGITEXT000006069577/"
_CGCT = f"{_PUBLISHED}LEGITEXT000006070633/"
#: Entry into force of the code de la commande publique.
_CODE = date(2019, 4, 1)


def _contracts(number: str, wording: str, evidence: Evidence) -> Article:
    return Article(f"ccp-{number}", Code.COMMANDE, number, wording, evidence, _CCP, _CODE)


ARTICLES = (
    _contracts(
        "R2192-10",
        "Une collectivité ou un groupement paie ses factures de marché en trente jours.",
        recalled("H"),
    ),
    _contracts(
        "R2192-12",
        "Le délai part en général de la réception de la facture.",
        recalled("M"),
    ),
    _contracts(
        "L2192-13",
        "Passé le délai, des intérêts et une indemnité de recouvrement sont dus de plein droit.",
        recalled("H"),
    ),
    _contracts("D2192-35", "L’indemnité de recouvrement est fixée à 40 €.", recalled("H")),
    _contracts(
        "R2194-8",
        "Une modification de faible montant est permise en dessous de 10 % du montant initial "
        "pour des services ou des fournitures, 15 % pour des travaux, sous les seuils européens ; "
        "plusieurs modifications s’additionnent.",
        recalled("H"),
    ),
    Article(
        "cgct-L1414-4",
        Code.CGCT,
        "L1414-4",
        "Un avenant qui augmente de plus de 5 % un marché attribué par la commission d’appel "
        "d’offres lui est soumis pour avis.",
        recalled("M"),
        _CGCT,
    ),
    Article(
        "cgi-278",
        Code.CGI,
        "278",
        "Le taux normal de la TVA est de 20 %.",
        recalled("H"),
        _CGI,
        date(2014, 1, 1),
    ),
)


def _limit(name: str, what: str, value: int, article: str, consequence: str) -> Parameter:
    return Parameter(
        f"marche.avenants-{name}",
        f"Part du montant initial à partir de laquelle on examine les avenants cumulés ({what})",
        value,
        "%",
        (article,),
        recalled("H"),
        consequence,
        valid_from=_CODE,
    )


_BEYOND = (
    "Dès cette part, l’avenant doit reposer sur un autre cas prévu par le code, sinon un "
    "nouveau marché est nécessaire."
)

PARAMETERS = (
    Parameter(
        "marche.delai-paiement",
        "Temps laissé pour payer une facture, à compter de sa réception",
        30,
        "jours",
        ("ccp-R2192-10", "ccp-R2192-12", "ccp-L2192-13", "ccp-D2192-35"),
        recalled("H"),
        "Passé ce délai, des intérêts et une indemnité de recouvrement sont dus au prestataire "
        "sans qu’il les demande.",
        valid_from=_CODE,
        note="Le délai peut être suspendu si la facture est incomplète : à vérifier.",
    ),
    _limit("services", "services", 10, "ccp-R2194-8", _BEYOND),
    _limit("fournitures", "fournitures", 10, "ccp-R2194-8", _BEYOND),
    _limit("travaux", "travaux", 15, "ccp-R2194-8", _BEYOND),
    Parameter(
        "marche.avenants-commission",
        "Part du montant initial au-delà de laquelle la commission d’appel d’offres est consultée",
        5,
        "%",
        ("cgct-L1414-4",),
        recalled("M"),
        "Si le marché a été attribué par la commission d’appel d’offres, l’avenant lui est soumis.",
        valid_from=_CODE,
    ),
    Parameter(
        "tva.taux-normal",
        "Taux normal de la TVA",
        20,
        "%",
        ("cgi-278",),
        recalled("H"),
        UNSTATED_CONSEQUENCE,
        valid_from=date(2014, 1, 1),
    ),
)
