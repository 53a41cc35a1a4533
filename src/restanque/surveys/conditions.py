"""Conditions of a questionnaire said in words, for its paper version.

The common shapes are read (a choice, a number, « and », « or », « not »); any other gives None,
and the paper says « selon vos réponses précédentes » rather than something wrong.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from restanque.engine.forms.model import Steps

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<operator>!=|<=|>=|=|<|>)|(?P<mark>[(),])"
    r"|(?P<path>(?:\.\./|/)[\w.\-/]+)|(?P<name>[\w\-]+))"
)
_COMPARED = {">": "plus de", ">=": "au moins", "<": "moins de", "<=": "au plus"}
_OPPOSITE = {"=": "!=", "!=": "=", ">": "<=", "<": ">=", ">=": "<", "<=": ">"}


@dataclass(frozen=True, slots=True)
class Named:
    """How the paper names a question (« question 4 ») and one of its choices."""

    question: Callable[[Steps], str | None]
    choice: Callable[[Steps, str], str | None]


@dataclass(frozen=True, slots=True)
class _Said:
    """A condition in words. `word` is what joins it (« et », « ou », or "" for a single one);
    `subject` and `choices` let several choices of one question be said together."""

    words: str
    word: str = ""
    subject: str = ""
    choices: tuple[str, ...] = ()


class _Unsayable(Exception):
    """The expression has a shape that is not read."""


def in_words(expression: str, base: Steps, named: Named) -> str | None:
    """« la réponse à la question 4 est « Oui » et … », or None when it cannot be said.

    `base` is the path of the node that carries the condition: relative paths start from it.
    """
    try:
        reader = _Reader(expression, base, named)
        said = reader.disjunction(negated=False)
        return said.words if reader.is_over else None
    except _Unsayable:
        return None


class _Reader:
    """Recursive descent on the tokens; `negated` is pushed down to the comparisons."""

    def __init__(self, expression: str, base: Steps, named: Named) -> None:
        self.tokens = list(_tokens(expression))
        self.place = 0
        self.base = base
        self.named = named

    @property
    def is_over(self) -> bool:
        return self.place == len(self.tokens)

    def disjunction(self, *, negated: bool) -> _Said:
        parts = [self._conjunction(negated=negated)]
        while self._take("name", "or"):
            parts.append(self._conjunction(negated=negated))
        return _join(parts, "et" if negated else "ou")

    def _conjunction(self, *, negated: bool) -> _Said:
        parts = [self._term(negated=negated)]
        while self._take("name", "and"):
            parts.append(self._term(negated=negated))
        return _join(parts, "ou" if negated else "et")

    def _term(self, *, negated: bool) -> _Said:
        if self._take("mark", "("):
            said = self.disjunction(negated=negated)
            self._need("mark", ")")
            return said
        if self._take("name", "not"):
            self._need("mark", "(")
            said = self.disjunction(negated=not negated)
            self._need("mark", ")")
            return said
        if self._take("name", "selected"):
            return self._selected(negated=negated)
        if self._take("name", "count-selected"):
            return self._counted(negated=negated)
        return self._comparison(negated=negated)

    def _selected(self, *, negated: bool) -> _Said:
        self._need("mark", "(")
        steps = self._path()
        self._need("mark", ",")
        label = self._choice(steps, self._string())
        self._need("mark", ")")
        verb = "ne comporte pas" if negated else "comporte"
        return _choosing(f"la réponse à la {self._question(steps)} {verb}", label)

    def _counted(self, *, negated: bool) -> _Said:
        self._need("mark", "(")
        steps = self._path()
        self._need("mark", ")")
        operator = self._operator(negated)
        number = self._need("number")
        if operator not in _COMPARED:
            raise _Unsayable
        if operator == ">" and number.isdigit():
            operator, number = ">=", str(int(number) + 1)
        if (operator, number) == (">=", "1"):
            return _Said(f"la {self._question(steps)} a une réponse")
        return _Said(
            f"{_COMPARED[operator]} {number} choix sont cochés à la {self._question(steps)}"
        )

    def _comparison(self, *, negated: bool) -> _Said:
        steps = self._path()
        operator = self._operator(negated)
        question = self._question(steps)
        if operator in _COMPARED:
            number = self._need("number").replace(".", ",")
            return _Said(f"la réponse à la {question} est {_COMPARED[operator]} {number}")
        kind, text = self._next()
        if kind == "number":
            verb = "est" if operator == "=" else "n’est pas"
            return _Said(f"la réponse à la {question} {verb} {text.replace('.', ',')}")
        if kind != "string":
            raise _Unsayable
        value = text[1:-1]
        if value == "":
            verb = "n’a pas de réponse" if operator == "=" else "a une réponse"
            return _Said(f"la {question} {verb}")
        verb = "est" if operator == "=" else "n’est pas"
        return _choosing(f"la réponse à la {question} {verb}", self._choice(steps, value))

    def _operator(self, negated: bool) -> str:
        operator = self._need("operator")
        return _OPPOSITE[operator] if negated else operator

    def _path(self) -> Steps:
        text = self._need("path")
        steps = list(self.base) if text.startswith("..") else []
        for part in text.strip("/").split("/"):
            if part == "..":
                if not steps:
                    raise _Unsayable
                steps.pop()
            else:
                steps.append(part)
        return tuple(steps)

    def _string(self) -> str:
        return self._need("string")[1:-1]

    def _question(self, steps: Steps) -> str:
        return self.named.question(steps) or _refuse()

    def _choice(self, steps: Steps, value: str) -> str:
        return self.named.choice(steps, value) or _refuse()

    def _next(self) -> tuple[str, str]:
        if self.is_over:
            raise _Unsayable
        self.place += 1
        return self.tokens[self.place - 1]

    def _take(self, kind: str, text: str) -> bool:
        if self.is_over or self.tokens[self.place] != (kind, text):
            return False
        self.place += 1
        return True

    def _need(self, kind: str, text: str | None = None) -> str:
        found, value = self._next()
        if found != kind or (text is not None and value != text):
            raise _Unsayable
        return value


def _tokens(expression: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place, text = 0, expression.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise _Unsayable
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


def _choosing(subject: str, choice: str) -> _Said:
    return _Said(f"{subject} «\u00a0{choice}\u00a0»", subject=subject, choices=(choice,))


def _join(parts: list[_Said], word: str) -> _Said:
    """Join with one word; choices of one question are gathered, another word gets brackets."""
    gathered: list[_Said] = []
    for part in parts:
        last = gathered[-1] if gathered else None
        if last is not None and part.subject and part.subject == last.subject:
            choices = (*last.choices, *part.choices)
            quoted = [f"«\u00a0{choice}\u00a0»" for choice in choices]
            between = "ni" if word == "et" and part.subject.endswith("pas") else word
            words = f"{part.subject} {', '.join(quoted[:-1])} {between} {quoted[-1]}"
            gathered[-1] = _Said(words, subject=part.subject, choices=choices)
        else:
            gathered.append(part)
    if len(gathered) == 1:
        return gathered[0]
    bracketed = [f"({p.words})" if p.word and p.word != word else p.words for p in gathered]
    return _Said(f" {word} ".join(bracketed), word=word)


def _refuse() -> str:
    raise _Unsayable
