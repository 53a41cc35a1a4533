"""Checks or tries a questionnaire file, without any database."""

import json
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import BaseCommand

from restanque.engine.forms import (
    Conversion,
    FormError,
    convert_xlsform,
    evaluate_answers,
    lint,
    parse_form,
)

# Exit codes, stable: others test the engine through them.
REFUSED, NOT_A_FORM = 1, 2


class Command(BaseCommand):
    """`restanque form check FILE`, `restanque form eval FILE ANSWERS.json`."""

    help = "Vérifie un questionnaire (check) ou l’essaie sur des réponses (eval)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two actions: check, eval."""
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="dit ce qui est à corriger")
        check.add_argument("file", type=Path)
        evaluate = actions.add_parser("eval", help="calcule l’état de chaque question")
        evaluate.add_argument("file", type=Path)
        evaluate.add_argument("answers", type=Path)
        evaluate.add_argument("--now", type=datetime.fromisoformat, help="instant (ISO) à utiliser")

    def handle(self, *args: Any, action: str, file: Path, **options: Any) -> None:
        """Print the report, or the state of every node as JSON."""
        conversion = self._read(file)
        problems = lint(conversion)
        errors = [problem for problem in problems if problem.severity == "error"]
        if action == "check":
            for problem in problems:
                self.stdout.write(str(problem))
            count = f"{len(errors)} erreur(s), {len(problems) - len(errors)} avertissement(s)"
            self.stdout.write(f"{file.name} : {count}")
            sys.exit(REFUSED if errors else 0)
        if errors or conversion.xform is None:
            for problem in errors:
                self.stderr.write(str(problem))
            sys.exit(REFUSED)
        self._evaluate(conversion.xform, options["answers"], options["now"])

    def _read(self, file: Path) -> Conversion:
        try:
            conversion = convert_xlsform(file.read_bytes(), filename=file.name)
        except OSError as error:
            self.stderr.write(f"{file} : fichier illisible ({error.strerror}).")
            sys.exit(NOT_A_FORM)
        if not conversion.readable:
            for problem in conversion.problems:
                self.stderr.write(str(problem))
            sys.exit(NOT_A_FORM)
        return conversion

    def _evaluate(self, xform: str, answers: Path, now: datetime | None) -> None:
        paris = ZoneInfo("Europe/Paris")
        moment = now or datetime.now(paris)
        try:
            given = json.loads(answers.read_text("utf-8"))
            form = parse_form(xform)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=paris)
            states = evaluate_answers(form, given, now=moment)
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            self.stderr.write(f"{answers} : ce fichier n’est pas du JSON lisible ({error}).")
            sys.exit(REFUSED)
        except (FormError, TypeError, ValueError) as error:
            self.stderr.write(str(error))
            sys.exit(REFUSED)
        self.stdout.write(json.dumps(states, ensure_ascii=False, indent=2))
