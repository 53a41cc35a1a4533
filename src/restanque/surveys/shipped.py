"""Files shipped with the room: questionnaires, visit forms, empty template, short example."""

from dataclasses import dataclass
from importlib.resources import files

_FOLDER = "questionnaires"
EMPTY_TEMPLATE = "modele-vide.xlsx"
SHORT_EXAMPLE = "exemple-court.xlsx"
# Name of a shipped questionnaire → file, title, description.
_SHIPPED = {
    "pain": (
        "pain-restauration-collective.xlsx",
        "Le pain dans la restauration collective",
        "Qui achète le pain des cantines, combien, à qui, à quel prix, et ce que la commune "
        "voudrait changer. Quinze minutes au plus.",
    ),
    "visite-boulangerie": (
        "visite-boulangerie.xlsx",
        "Visite de boulangerie",
        "Équipement, capacité, farine, certifications, livraison, intérêt : dix minutes sur "
        "place, sur un téléphone.",
    ),
    "visite-cantine": (
        "visite-cantine.xlsx",
        "Visite de cantine",
        "Repas, pain acheté, pain jeté, conservation, satisfaction : dix minutes sur place, sur "
        "un téléphone.",
    ),
}
# Those that are filled on the spot (see surveys.visits).
VISITS = ("visite-boulangerie", "visite-cantine")


@dataclass(frozen=True, slots=True)
class ShippedQuestionnaire:
    """A questionnaire file of the package, with what the list says of it."""

    name: str
    filename: str
    title: str
    description: str
    data: bytes


def names() -> tuple[str, ...]:
    """Short names of the shipped questionnaires."""
    return tuple(_SHIPPED)


def load(name: str) -> ShippedQuestionnaire:
    """A shipped questionnaire; KeyError for a name that does not exist."""
    filename, title, description = _SHIPPED[name]
    return ShippedQuestionnaire(name, filename, title, description, read(filename))


def read(filename: str) -> bytes:
    """The bytes of a shipped file."""
    return (files("restanque.surveys") / _FOLDER / filename).read_bytes()
