"""Prints the whole calendar of a procedure, without any database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from django.core.management import BaseCommand

from restanque.engine.deadlines import (
    PARIS,
    ClockTick,
    DeadlineError,
    Event,
    Fact,
    Procedure,
    ProcedureKind,
    Timeline,
    UnknownKindError,
    add_months,
    aec_clock,
    evaluate,
    kind_named,
    kinds,
    read_date,
    read_events,
    to_ics,
    to_json,
    to_text,
)
from restanque.engine.law import LawError, shipped

# Exit codes, stable: others test the engine through them.
BAD_CONTENT, NOT_FOUND = 1, 2
FORMATS = ("text", "json", "ics")
ANSWERS = {"oui": True, "non": False}
# The first report, the update and the analysis of a SCoT-AEC all fall within thirteen years.
CLOCK_MONTHS = 13 * 12


class Command(BaseCommand):
    """`restanque timeline --kind KIND --prescription DATE [--events FILE] [--target STEP=DATE]`."""

    help = "Affiche le calendrier légal d’une procédure : étapes, dates, textes, risques."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Everything is read as text, so that every refusal is a French sentence."""
        parser.add_argument("--kind", help="nature de la procédure (voir --list-kinds)")
        parser.add_argument("--prescription", help="date de l’acte de lancement (AAAA-MM-JJ)")
        parser.add_argument("--events", help="faits enregistrés : [{step, date, proof}] en JSON")
        parser.add_argument("--target", action="append", default=[], help="ÉTAPE=DATE visée")
        parser.add_argument("--condition", action="append", default=[], help="NOM=oui|non")
        parser.add_argument("--participation", help="enquete, ppve ou mise-a-disposition")
        parser.add_argument("--today", help="jour du calcul (AAAA-MM-JJ), aujourd’hui par défaut")
        parser.add_argument("--format", default="text", help="text, json ou ics")
        parser.add_argument("--list-kinds", action="store_true", help="liste les procédures")
        parser.add_argument(
            "--list-steps", action="store_true", help="liste les étapes de la procédure"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the calendar, or the list asked for."""
        try:
            self._run(options)
        except UnknownKindError as error:
            self._refuse(f"{error} Voyez restanque timeline --list-kinds.", NOT_FOUND)
        except (DeadlineError, LawError) as error:
            self._refuse(str(error), BAD_CONTENT)

    def _run(self, options: dict[str, Any]) -> None:
        if options["list_kinds"]:
            self.stdout.write("\n".join(f"{kind.id:<30} {kind.label}" for kind in kinds()))
            return
        if not options["kind"]:
            self._refuse("Indiquez --kind. Voyez restanque timeline --list-kinds.", NOT_FOUND)
        kind = kind_named(options["kind"])
        if options["list_steps"]:
            self.stdout.write("\n".join(f"{step.id:<30} {step.label}" for step in kind.steps))
            return
        if options["format"] not in FORMATS:
            self._refuse(
                f"Format « {options['format']} » inconnu. Choix : {', '.join(FORMATS)}.",
                NOT_FOUND,
            )
        if not options["prescription"]:
            self._refuse("Indiquez --prescription AAAA-MM-JJ.", NOT_FOUND)
        self._print(self._timeline(kind, options), options["format"])

    def _timeline(self, kind: ProcedureKind, options: dict[str, Any]) -> Timeline:
        given = options["today"]
        procedure = Procedure(
            kind=kind.id,
            prescription=read_date(options["prescription"], "--prescription"),
            events=self._events(options["events"], kind),
            targets={
                name: read_date(text, f"--target {name}")
                for name, text in _pairs(options["target"], "--target ÉTAPE=DATE")
            },
            conditions=_conditions(options["condition"]),
            branch=options["participation"],
        )
        today = read_date(given, "--today") if given else datetime.now(PARIS).date()
        return evaluate(procedure, today=today, ruleset=shipped())

    def _events(self, file: str | None, kind: ProcedureKind) -> tuple[Event, ...]:
        if not file:
            return ()
        try:
            content = json.loads(Path(file).read_text("utf-8-sig"))
        except OSError as error:
            self._refuse(f"{file} : fichier illisible ({error.strerror}).", NOT_FOUND)
        except (UnicodeDecodeError, ValueError, RecursionError):
            self._refuse(f"{file} : ce fichier n’est pas du JSON lisible.", BAD_CONTENT)
        return read_events(content, kind)

    def _print(self, timeline: Timeline, form: str) -> None:
        ticks = _clocks(timeline)
        if form == "json":
            shown = json.dumps(to_json(timeline, ticks), ensure_ascii=False, indent=2) + "\n"
        else:
            shown = to_ics(timeline) if form == "ics" else to_text(timeline, ticks)
        self.stdout.write(shown, ending="")

    def _refuse(self, sentence: str, code: int) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(code)


def _clocks(timeline: Timeline) -> tuple[ClockTick, ...]:
    """The double clock of a SCoT-AEC, from its approval done or planned."""
    if timeline.kind != "scot-aec-revision":
        return ()
    approval = timeline.step("approbation")
    if approval.day is None:
        return ()
    happened = approval.done is not None
    fact = Fact(approval.step.label, approval.day, approval.proof, happened=happened)
    return aec_clock(shipped(), fact, until=add_months(approval.day, CLOCK_MONTHS))


def _pairs(given: Iterable[str], form: str) -> Iterable[tuple[str, str]]:
    for text in given:
        name, equal, value = text.partition("=")
        if not (name and equal and value):
            raise DeadlineError(f"« {text} » : écrivez {form}.")
        yield name, value


def _conditions(given: Iterable[str]) -> dict[str, bool | None]:
    answers: dict[str, bool | None] = {}
    for name, value in _pairs(given, "--condition NOM=oui"):
        if value not in ANSWERS:
            raise DeadlineError(f"--condition {name} : répondez oui ou non, et non « {value} ».")
        answers[name] = ANSWERS[value]
    return answers
