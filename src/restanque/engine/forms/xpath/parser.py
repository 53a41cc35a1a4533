"""From tokens to a syntax tree: XPath 1.0 grammar, by precedence climbing, bounded in depth."""

from __future__ import annotations

from restanque.engine.forms.xpath.ast import (
    ANY_NODE,
    ANYWHERE_BELOW,
    PRECEDENCE,
    Call,
    Filter,
    KindTest,
    Literal,
    NameTest,
    Negation,
    Node,
    Number,
    Operation,
    Path,
    Root,
    Step,
)
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.lexer import Token, tokenize

#: Deepest nesting of parentheses, predicates and calls. Each level takes about four Python
#: frames here and as many when the tree is compiled: the bound keeps clear of the interpreter's.
MAX_DEPTH = 120

AXES = frozenset(
    {
        "ancestor",
        "ancestor-or-self",
        "attribute",
        "child",
        "descendant",
        "descendant-or-self",
        "following",
        "following-sibling",
        "namespace",
        "parent",
        "preceding",
        "preceding-sibling",
        "self",
    }
)
NODE_KINDS = frozenset({"comment", "node", "processing-instruction", "text"})


def parse(source: str) -> Node:
    """The syntax tree of ``source``. Raises XPathError with the place of the fault."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = tokenize(source)
        self._index = 0
        self._depth = 0

    def parse(self) -> Node:
        if len(self._tokens) == 1:
            raise self._error("L’expression est vide.")
        node = self._expression(0)
        if self._token.kind != "end":
            raise self._unexpected()
        return node

    # ------------------------------------------------------------------ tokens
    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    def _advance(self) -> Token:
        token = self._tokens[self._index]
        self._index += 1
        return token

    def _at(self, *operators: str) -> bool:
        token = self._tokens[self._index]
        return token.kind == "operator" and token.text in operators

    def _next_at(self, operator: str) -> bool:
        following = self._tokens[self._index + 1]
        return following.kind == "operator" and following.text == operator

    def _accept(self, operator: str) -> bool:
        if self._at(operator):
            self._index += 1
            return True
        return False

    def _close(self, operator: str, opened: Token) -> None:
        if self._accept(operator):
            return
        if self._token.kind == "end":
            raise self._error(f"« {opened.text} » n’est pas refermé.", opened)
        raise self._unexpected()

    def _error(self, message: str, token: Token | None = None) -> XPathError:
        return XPathError(message, position=(token or self._token).position, source=self._source)

    def _unexpected(self) -> XPathError:
        token = self._token
        if token.kind == "end":
            return self._error("L’expression s’arrête trop tôt : il manque une valeur à la fin.")
        previous = self._tokens[self._index - 1] if self._index else None
        if token.text == "=" and previous is not None and previous.text == "=":
            return self._error("« == » n’existe pas : écrivez un seul signe « = ».")
        if previous is not None and previous.text + token.text in ("<>", "=<", "=>", "||"):
            return self._error(f"« {previous.text}{token.text} » n’est pas un opérateur.")
        if token.text in (")", "]"):
            return self._error(f"« {token.text} » en trop, ou une valeur manque devant.")
        return self._error(f"« {token.text} » n’est pas attendu ici.")

    # ------------------------------------------------------------------ operators
    def _expression(self, level: int) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(
                f"L’expression est trop imbriquée (plus de {MAX_DEPTH} niveaux) : "
                "découpez-la en plusieurs calculs."
            )
        left = self._operand()
        while True:
            found = self._precedence()
            if found < level:
                break
            start = left.position
            rest: list[tuple[str, Node]] = []
            while self._precedence() == found:
                operator = self._advance().text
                rest.append((operator, self._expression(found + 1)))
            left = Operation(left, tuple(rest), start)
        self._depth -= 1
        return left

    def _precedence(self) -> int:
        token = self._tokens[self._index]
        return PRECEDENCE.get(token.text, -1) if token.kind == "operator" else -1

    def _operand(self) -> Node:
        """Unary minus, then a union of paths."""
        first_minus = self._token
        minuses = 0
        while self._accept("-"):
            minuses += 1
        node = self._path()
        if self._at("|"):
            rest: list[tuple[str, Node]] = []
            while self._accept("|"):
                rest.append(("|", self._path()))
            node = Operation(node, tuple(rest), node.position)
        if minuses:
            node = Negation(node, first_minus.position)
            if minuses % 2 == 0:  # an even count still makes a number of its operand
                node = Negation(node, first_minus.position)
        return node

    # ------------------------------------------------------------------ paths
    def _path(self) -> Node:
        token = self._token
        if self._starts_primary(token):
            base = self._primary()
            predicates = self._predicates()
            if predicates:
                base = Filter(base, predicates, token.position)
            if self._at("/", "//"):
                return Path(base, self._steps([]), token.position)
            return base
        if self._at("/"):
            following = self._tokens[self._index + 1]
            if following.kind not in ("name", "star") and following.text not in (".", "..", "@"):
                self._advance()
                return Path(Root(token.position), (), token.position)
            return Path(Root(token.position), self._steps([]), token.position)
        if self._at("//"):
            return Path(Root(token.position), self._steps([]), token.position)
        return Path(None, self._steps([self._step()]), token.position)

    def _starts_primary(self, token: Token) -> bool:
        if token.kind in ("number", "literal"):
            return True
        if token.kind == "name":
            return token.text not in NODE_KINDS and self._next_at("(")
        return token.kind == "operator" and token.text == "("

    def _steps(self, steps: list[Step]) -> tuple[Step, ...]:
        while self._at("/", "//"):
            if self._advance().text == "//":
                steps.append(ANYWHERE_BELOW)
            steps.append(self._step())
        return tuple(steps)

    def _step(self) -> Step:
        token = self._token
        if self._accept("."):
            return Step("self", ANY_NODE, self._predicates(), token.position)
        if self._accept(".."):
            return Step("parent", ANY_NODE, self._predicates(), token.position)
        axis = "child"
        if self._accept("@"):
            axis = "attribute"
        elif token.kind == "name" and self._next_at("::"):
            if token.text not in AXES:
                raise self._error(f"L’axe « {token.text} » n’existe pas.")
            axis = token.text
            self._index += 2
        test = self._node_test()
        return Step(axis, test, self._predicates(), token.position)

    def _node_test(self) -> NameTest | KindTest:
        token = self._token
        if token.kind == "star":
            self._advance()
            return NameTest(None, "*")
        if token.kind != "name":
            raise self._unexpected()
        self._advance()
        if token.text in NODE_KINDS and self._at("("):
            opened = self._advance()
            target = None
            if self._token.kind == "literal" and token.text == "processing-instruction":
                target = self._advance().text[1:-1]
            self._close(")", opened)
            return KindTest(token.text, target)
        prefix, _, local = token.text.rpartition(":")
        return NameTest(prefix or None, local)

    def _predicates(self) -> tuple[Node, ...]:
        predicates: list[Node] = []
        while self._at("["):
            opened = self._advance()
            predicates.append(self._expression(0))
            self._close("]", opened)
        return tuple(predicates)

    # ------------------------------------------------------------------ primaries
    def _primary(self) -> Node:
        token = self._advance()
        if token.kind == "number":
            return Number(float(token.text), token.position)
        if token.kind == "literal":
            return Literal(token.text[1:-1], token.position)
        if token.text == "(":
            node = self._expression(0)
            self._close(")", token)
            return node
        opened = self._advance()
        arguments: list[Node] = []
        if not self._at(")"):
            arguments.append(self._expression(0))
            while self._accept(","):
                arguments.append(self._expression(0))
        self._close(")", opened)
        return Call(token.text, tuple(arguments), token.position)
