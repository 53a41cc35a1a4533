"""Writes on candidates lists: by hand, or the ones proposed with the shipped questionnaire."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.surveys.analysis.candidates import Answers
from restanque.surveys.analysis.conditions import Condition, CriteriaError, Operator, as_json
from restanque.surveys.models import Campaign, CandidateList

_IS, _NOT, _LACKS = Operator.IS, Operator.IS_NOT, Operator.CONTAINS_NOT


@dataclass(frozen=True, slots=True)
class ProposedList:
    """A default list; it is made only where the questionnaire has all its questions."""

    code: str
    name: str
    description: str
    conditions: tuple[Condition, ...]


def _wish(fact: str) -> Condition:
    return Condition(f"orientation.{fact}", _IS, ("oui",))


PROPOSED: tuple[ProposedList, ...] = (
    ProposedList(
        "keep_baker",
        "Garder leur boulanger et améliorer la farine",
        "Mairies à mettre en relation, avec leur boulanger, avec un moulin.",
        (_wish("keep_baker"),),
    ),
    ProposedList(
        "local_baker",
        "Passer à un boulanger artisanal proche",
        "Elles souhaitent un artisan proche et n’en ont pas parmi leurs fournisseurs.",
        (_wish("local_baker"), Condition("need.current_supplier_kind", _NOT, ("artisan",))),
    ),
    ProposedList(
        "local_flour",
        "Passer à la farine « Lou Pan d’Ici »",
        "Elles le souhaitent et n’en servent pas encore.",
        (_wish("local_flour"), Condition("/data/pain/lou_pan_dici", _IS, ("non",))),
    ),
    ProposedList(
        "organic",
        "Souhaitent du pain bio et n’en ont pas",
        "Elles ont dit quels signes porte leur pain, et le bio n’en est pas.",
        (_wish("organic"), Condition("need.signs", _LACKS, ("bio",))),
    ),
    ProposedList(
        "wholemeal",
        "Souhaitent du pain complet et n’en servent pas",
        "Elles ont dit quels pains elles servent, et le complet n’en est pas.",
        (_wish("wholemeal"), Condition("need.bread_classes", _LACKS, ("complet",))),
    ),
    ProposedList(
        "joint_purchase",
        "Intéressées par un achat groupé",
        "À inviter aux réunions de préparation d’un groupement de commandes.",
        (_wish("joint_purchase"),),
    ),
    ProposedList(
        "training",
        "Souhaitent former cuisiniers et agents",
        "À inscrire aux sessions de formation.",
        (_wish("training"),),
    ),
    ProposedList(
        "network",
        "Souhaitent rejoindre le réseau",
        "À inviter à la prochaine rencontre du réseau d’échange.",
        (_wish("network"),),
    ),
    ProposedList(
        "charter",
        "Prêtes à signer la charte",
        "À qui proposer la charte d’engagement.",
        (_wish("charter"),),
    ),
    ProposedList(
        "contract_ends",
        "Contrat de pain qui prend fin dans les douze mois",
        "À rencontrer avant que le prochain achat ne soit préparé.",
        (Condition("need.contract_end", Operator.WITHIN_MONTHS, ("12",)),),
    ),
)


@transaction.atomic
def create_list(
    *,
    campaign: Campaign,
    name: str,
    conditions: Iterable[Condition],
    description: str = "",
    by: User | None = None,
) -> CandidateList:
    """A list of a campaign. ValidationError when a condition does not fit the questionnaire."""
    made = CandidateList(campaign=campaign, created_by=by)
    return _save(made, name=name, description=description, conditions=conditions)


@transaction.atomic
def update_list(
    *, candidate_list: CandidateList, name: str, conditions: Iterable[Condition], description: str
) -> CandidateList:
    """Change the name, the words and the conditions."""
    return _save(candidate_list, name=name, description=description, conditions=conditions)


@transaction.atomic
def delete_list(*, candidate_list: CandidateList) -> None:
    """Forget a list; the answers stay."""
    candidate_list.delete()


@transaction.atomic
def install_proposed(*, campaign: Campaign, by: User | None = None) -> Sequence[CandidateList]:
    """The default lists that this questionnaire can answer and the campaign lacks.

    Idempotent; a list of the same name made by hand is left alone.
    """
    there = CandidateList.objects.filter(campaign=campaign)
    taken = {value for pair in there.values_list("name", "shipped_as") for value in pair}
    answers = Answers(campaign, today=timezone.localdate())
    made = []
    for one in PROPOSED:
        if one.code in taken or one.name in taken:
            continue
        try:
            conditions = answers.checked(one.conditions)
        except CriteriaError:
            continue  # the questionnaire does not ask it
        new = CandidateList(campaign=campaign, created_by=by, shipped_as=one.code)
        new.name, new.description = one.name, one.description
        new.conditions = as_json(conditions)
        new.full_clean()
        new.save()
        made.append(new)
    return made


def _save(
    made: CandidateList, *, name: str, description: str, conditions: Iterable[Condition]
) -> CandidateList:
    answers = Answers(made.campaign, today=timezone.localdate())
    try:
        checked = answers.checked(conditions)
    except CriteriaError as error:
        raise ValidationError({"conditions": str(error)}) from error
    made.name, made.description = " ".join(name.split()), description.strip()
    made.conditions = as_json(checked)
    made.full_clean()
    made.save()
    return made
