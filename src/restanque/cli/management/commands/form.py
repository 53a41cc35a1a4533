"""Checks or tries a questionnaire file, without any database."""

import io
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
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A terminal that lacks a sign of French shows another, rather than failing.
                stream.reconfigure(errors="replace")
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
        media = {
            name: (file.parent / name).read_bytes()
            for name in conversion.media
            if (file.parent / name).is_file()
        }
        self._evaluate(conversion.xform, media, options["answers"], options["now"])

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

    def _evaluate(
        self, xform: str, media: dict[str, bytes], answers: Path, now: datetime | None
    ) -> None:
        paris = ZoneInfo("Europe/Paris")
        moment = now or datetime.now(paris)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=paris)
        try:
            given = read_answers(answers)
            states = evaluate_answers(parse_form(xform, media=media), given, now=moment)
        except FormError as error:
            self.stderr.write(str(error))
            sys.exit(REFUSED)
        self.stdout.write(json.dumps(states, ensure_ascii=False, indent=2))


class _Pairs(list[tuple[str, Any]]):
    """A JSON object, in order: a path may come twice."""


def read_answers(file: Path) -> list[tuple[str, str]]:
    """(path, text) of an ANSWERS.json, in its order. FormError, in French, for anything else."""
    try:
        given = json.loads(file.read_text("utf-8-sig"), object_pairs_hook=_Pairs)
    except OSError as error:
        raise FormError(f"{file} : fichier illisible ({error.strerror}).") from error
    except json.JSONDecodeError as error:
        where = f"ligne {error.lineno}, colonne {error.colno}"
        raise FormError(f"{file} : ce n’est pas du JSON ({where}).") from error
    except (ValueError, RecursionError) as error:
        raise FormError(f"{file} : ce n’est pas du JSON lisible, en UTF-8.") from error
    if not isinstance(given, _Pairs):
        raise FormError(f'{file} : un objet est attendu, {{"/data/question": "réponse"}}.')
    for path, text in given:
        if not isinstance(text, str):
            raise FormError(
                f"{file} : la réponse à « {path} » doit être un texte entre guillemets, "
                f"non {json.dumps(text)[:60]}."
            )
    return given
