"""What the prefect may object to an approved SCoT within two months (L143-25)."""

from __future__ import annotations

from restanque.engine.law.model import Effect, Rule
from restanque.engine.law.tables.evidence import read

_HARM = "Le SCoT n’est exécutoire qu’une fois les modifications approuvées, publiées et transmises."


def _objection(name: str, title: str) -> Rule:
    return Rule(
        f"objection.{name}",
        f"objection.{name}",
        title,
        ("urb-L143-25",),
        Effect.DUTY,
        read("H", "doctrine.fr"),
        _HARM,
    )


RULES = (
    _objection("littoral", "Le SCoT est compatible avec la loi littoral"),
    _objection("montagne", "Le SCoT est compatible avec la loi montagne"),
    _objection("dta", "Le SCoT est compatible avec la directive territoriale d’aménagement"),
    _objection("principes", "Le SCoT ne compromet pas gravement les principes de L101-2"),
    _objection("pig", "Le SCoT n’est pas contraire à un projet d’intérêt général"),
    _objection(
        "consommation",
        "Le SCoT n’autorise pas une consommation excessive de l’espace, notamment faute de "
        "densification près des transports",
    ),
    _objection("continuites", "Le SCoT ne méconnaît pas les continuités écologiques"),
)
