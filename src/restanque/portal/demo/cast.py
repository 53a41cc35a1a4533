"""The fictitious people of the demo, and what each may see."""

from dataclasses import dataclass

from restanque.accounts.models import Membership, Role, Workspace
from restanque.accounts.services import add_member
from restanque.territories.models import Territory
from restanque.territories.services import set_coverage


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can be impersonated in the demo. `territories`: None covers them all."""

    name: str
    email: str
    job: str
    role: Role
    territories: tuple[str, ...] | None = None


# example.org is reserved for fiction: no message can reach anybody.
CAST = (
    Person(
        "Camille Administration", "camille@example.org", "Cheffe de projet PAT", Role.ADMINISTRATOR
    ),
    Person("Noé Enquête", "noe@example.org", "Stagiaire, suit l’enquête", Role.AGENT),
    Person(
        "Salomé Planification",
        "salome@example.org",
        "Chargée de mission SCoT",
        Role.AGENT,
        ("SCoT",),
    ),
    Person("Andrée Élue", "andree@example.org", "Élue, lit les tableaux de bord", Role.READER),
    Person("Malik Moulin", "malik@example.org", "Commercial d’un moulin", Role.PARTNER, ("PAT",)),
)


def add_cast(workspace: Workspace, territories: dict[str, Territory]) -> dict[str, Membership]:
    """Give each person an account and a place; by name."""
    members = {}
    for person in CAST:
        member = add_member(
            workspace=workspace,
            email=person.email,
            full_name=person.name,
            job_title=person.job,
            role=person.role,
            all_territories=person.territories is None and person.role != Role.PARTNER,
            fictitious=True,
        )
        if person.territories is not None:
            set_coverage(
                membership=member, territories=[territories[name] for name in person.territories]
            )
        members[person.name] = member
    return members
