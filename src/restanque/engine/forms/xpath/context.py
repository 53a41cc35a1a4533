"""What an evaluation may ask from outside: nothing else reaches an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from random import Random

from restanque.engine.forms.xpath.nodes import Document, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The world around one or many evaluations. The caller gives the clock and the dice.

    primary: the instance being filled in; absolute paths resolve there, from anywhere.
    instances: secondary instances by id, for ``instance('id')`` and ``pulldata()``.
    now: an aware instant; ``today()`` is its date in ``timezone`` (Europe/Paris normally).
    itext: text of a translation id, for ``jr:itext()``.
    choice_label: (context, value, path of the question as written) -> label, for
        ``jr:choice-name()``; without it the value itself is given back.
    random: source for ``random()``, ``uuid()`` and ``randomize()`` without a seed; an expression
        that draws without it is an error, so that no draw ever depends on hidden state.
    regex_timeout: seconds one ``regex()`` may take before it is an error.
    hidden: nodes of the primary instance that are not relevant; as in ODK Collect a path never
        selects them. The caller may keep changing the set it passed.
    data_type: XForm type of a node ("int", "boolean"…), for the truth of a bare path: with
        "int" or "decimal" a node holding 0 is false. None: every node is text.
    properties: answers of ``property('username')`` and the like.
    language: "fr" or "en", for month and day names in ``format-date()``.
    """

    now: datetime
    timezone: tzinfo
    primary: Document | None = None
    instances: Mapping[str, Document] = field(default_factory=dict)
    itext: Callable[[str], str] | None = None
    choice_label: Callable[[Context, str, str], str] | None = None
    random: Random | None = None
    regex_timeout: float = 0.2
    hidden: Set[Node] = frozenset()
    data_type: Callable[[Node], str | None] | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    language: str = "fr"

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("Environment.now must be an aware datetime")


class Context:
    """Where an expression is evaluated: a node, its place in the list it comes from.

    ``current`` is the node that ``current()`` returns: the node the whole expression was
    started from, whatever predicate is being looked at; by default ``node`` itself.
    """

    __slots__ = ("current", "environment", "examined", "node", "origin", "position", "size")

    def __init__(
        self,
        node: Node,
        environment: Environment,
        position: int = 1,
        size: int = 1,
        current: Node | None = None,
    ) -> None:
        self.node = node
        self.environment = environment
        self.position = position
        self.size = size
        self.current = node if current is None else current
        # Predicates are evaluated in contexts of their own, which count against their origin.
        self.origin: Context | None = None
        self.examined = 0
