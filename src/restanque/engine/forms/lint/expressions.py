"""Checks on the formulas of a converted form: syntax, circles, references, portability."""

from __future__ import annotations

from collections.abc import Iterator

from restanque.engine.forms.conversion import Conversion
from restanque.engine.forms.errors import Problem
from restanque.engine.forms.lint.answers import Answers
from restanque.engine.forms.lint.patterns import pattern_fault
from restanque.engine.forms.lint.place import Place, short
from restanque.engine.forms.model import Form, Steps, path_text
from restanque.engine.forms.order import RULES, collect_circles, is_within
from restanque.engine.forms.reading import ExpressionFault
from restanque.engine.forms.xpath import Expression, Usage, usages
from restanque.engine.forms.xpath.ast import to_source

# Rules whose value is kept or counted: a bare path is then no condition.
_WHOLE_VALUE = ("calculate", "calculation", "choice_filter", "repeat_count")


def expression_problems(
    conversion: Conversion, form: Form, faults: tuple[ExpressionFault, ...]
) -> Iterator[Problem]:
    place = Place(conversion)
    for fault in faults:
        written = place.written(fault.steps, fault.attribute) or fault.source
        yield place.problem(
            "error",
            fault.steps,
            fault.attribute,
            f"Formule illisible : {fault.message} Formule : {short(written)}",
            "Corrigez la formule.",
            "expression-invalid",
        )
    yield from _circles(place, form)
    for steps, rule, read in form.unknown:
        yield from _unknown_path(place, steps, rule, read)
    answers = Answers(place, form)
    for steps, rule, expression in _expressions(form):
        for usage in usages(expression):
            yield from _usage_problems(place, steps, rule, expression, usage)
            yield from _list_problems(place, steps, rule, usage, form)
        yield from answers.problems(steps, rule, expression)


def _unknown_path(place: Place, steps: Steps, rule: str, read: Steps) -> Iterator[Problem]:
    if "entity" in steps:
        return
    if is_within(read, steps):
        # A bare word is a path to something inside the question itself.
        word = "/".join(read[len(steps) :])
        yield place.problem(
            "warning",
            steps,
            rule,
            f"La formule lit « {word} », qui ne désigne rien.",
            f"Si c’est un texte, mettez-le entre apostrophes : '{word}'.",
            "path-word",
        )
        return
    yield place.problem(
        "error",
        steps,
        rule,
        f"La formule lit « {path_text(read)} », qui n’existe pas.",
        "Corrigez le chemin, ou écrivez ${nom_de_la_question}.",
        "path-unknown",
    )


def _circles(place: Place, form: Form) -> Iterator[Problem]:
    for circle in form.cycles:
        names = " → ".join(f"« {steps[-1]} »" for steps in circle)
        if len(circle) == 2:
            message = f"La question {names.partition(' → ')[0]} dépend d’elle-même."
        else:
            message = f"Ces questions dépendent les unes des autres en cercle : {names}."
        bind = form.rules.get(circle[0])
        rule = "calculate" if bind is not None and bind.calculate is not None else "relevant"
        yield place.problem(
            "error",
            circle[0],
            rule,
            message,
            "Retirez l’une de ces dépendances : aucune ne peut être calculée la première.",
            "cycle",
        )

    told = {steps for circle in form.cycles for steps in circle}
    for circle in collect_circles(form.paths, form.rules):
        if told.isdisjoint(circle):
            names = " → ".join(f"« {steps[-1]} »" for steps in circle)
            yield place.problem(
                "error",
                circle[0],
                "",
                f"ODK Collect refuse ce questionnaire, à cause d’un cercle : {names}.",
                "Une condition (relevant, required, readonly) ou un calcul ne doit pas dépendre "
                "de ce qu’il commande.",
                "cycle-collect",
            )
            told.update(circle)


def _expressions(form: Form) -> Iterator[tuple[Steps, str, Expression]]:
    for steps, bind in form.rules.items():
        for rule in RULES:
            expression = getattr(bind, rule)
            if expression is not None:
                yield steps, rule, expression
    for steps, control in form.by_steps.items():
        if control.itemset is not None:
            yield steps, "choice_filter", control.itemset.nodeset
        if control.count is not None:
            yield steps, "repeat_count", control.count
    for action in form.actions:
        if action.value is not None:
            yield action.target, "calculation", action.value


def _usage_problems(
    place: Place, steps: Steps, rule: str, expression: Expression, usage: Usage
) -> Iterator[Problem]:
    if usage.kind == "condition":
        if rule in _WHOLE_VALUE and usage.name == to_source(expression.ast):
            return
        yield place.problem(
            "warning",
            steps,
            rule,
            f"« {_as_written(usage.name)} » seul sert de condition : selon l’outil, il est vrai "
            "si la question existe ou si elle a une réponse.",
            "Écrivez la comparaison, par exemple ${question} != ''.",
            "condition-bare",
        )
    elif usage.kind == "unportable":
        yield place.problem(
            "warning",
            steps,
            rule,
            f"« {short(usage.name)} » n’est pas lu par ODK Collect.",
            "Écrivez la formule autrement si le questionnaire sert aussi sur téléphone.",
            "expression-unportable",
        )
    elif usage.kind == "date-text":
        yield place.problem(
            "warning",
            steps,
            rule,
            f"« {usage.name} » est un texte, non une date.",
            f"Écrivez date('{usage.name}').",
            "date-text",
        )
    elif usage.kind == "function" and usage.name == "regex" and len(usage.arguments) == 2:
        pattern = usage.arguments[1]
        if isinstance(pattern, str):
            yield from _pattern_problems(place, steps, rule, pattern)


def _list_problems(
    place: Place, steps: Steps, rule: str, usage: Usage, form: Form
) -> Iterator[Problem]:
    """instance('list') of a list that the form does not have."""
    name = usage.arguments[0] if usage.name == "instance" and usage.arguments else None
    if usage.kind == "function" and isinstance(name, str) and name not in form.instances:
        yield place.problem(
            "error",
            steps,
            rule,
            f"La formule lit la liste « {name} », qui n’existe pas.",
            "Corrigez son nom, ou ajoutez-la à la feuille choices.",
            "instance-unknown",
        )


def _pattern_problems(place: Place, steps: Steps, rule: str, pattern: str) -> Iterator[Problem]:
    fault = pattern_fault(pattern)
    if fault == "invalid":
        yield place.problem(
            "error",
            steps,
            rule,
            f"Le motif « {short(pattern)} » n’est pas une expression régulière.",
            "Vérifiez ses parenthèses et ses crochets.",
            "pattern-invalid",
        )
    elif fault == "slow":
        yield place.problem(
            "error",
            steps,
            rule,
            f"Le motif « {short(pattern)} » peut demander un temps sans limite sur certaines "
            "réponses.",
            "Évitez une répétition dans une répétition, comme (a+)+.",
            "pattern-slow",
        )
    elif fault == "open":
        yield place.problem(
            "warning",
            steps,
            rule,
            f"Le motif « {short(pattern)} » n’est pas entre ^ et $ : les outils ne le lisent "
            "pas tous de la même façon.",
            f"Écrivez ^{pattern.removeprefix('^').removesuffix('$')}$.",
            "pattern-open",
        )


def _as_written(path: str) -> str:
    """A path as the author of an XLSForm writes it."""
    last = path.strip().rpartition("/")[2]
    return f"${{{last}}}" if "/" in path and last.isidentifier() else short(path)
