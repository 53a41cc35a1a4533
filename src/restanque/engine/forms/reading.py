"""Shared by the parsers: compile expressions, collecting the faults instead of stopping."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from restanque.engine.forms.markup import NAMESPACES, local
from restanque.engine.forms.model import Steps, Text
from restanque.engine.forms.xpath import Expression, XPathError, compile_expression

_XML_SPACE = " \t\r\n"
_ITEXT = re.compile(r"\s*jr:itext\(\s*(?:'([^']*)'|\"([^\"]*)\"|(.+?))\s*\)\s*", re.S)


@dataclass(frozen=True, slots=True)
class ExpressionFault:
    """An expression that cannot be read, where it stands (`attribute`: relevant, calculate…)."""

    steps: Steps
    attribute: str
    source: str
    message: str
    position: int | None


@dataclass(slots=True)
class Reader:
    """What the parts of one reading share."""

    root_name: str
    namespaces: dict[str, str] = field(default_factory=lambda: dict(NAMESPACES))
    faults: list[ExpressionFault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def compile(self, source: str | None, steps: Steps, attribute: str) -> Expression | None:
        """The expression; None when absent, or when it cannot be read (then a fault is kept)."""
        if source is None or not source.strip():
            return None
        try:
            return compile_expression(source, namespaces=self.namespaces)
        except XPathError as error:
            self.faults.append(
                ExpressionFault(steps, attribute, source, error.message, error.position)
            )
            return None

    def steps(self, reference: str | None, base: Steps) -> Steps:
        """Definition path of a reference written in the form, predicates and prefixes ignored; an
        attribute is a last step « @name »."""
        if not reference or not reference.strip():
            return base
        text = re.sub(r"\[[^\]]*\]", "", reference.strip())
        text = text.replace("current()/", "")
        out = () if text.startswith("/") else base
        for part in text.split("/"):
            if part in ("", "."):
                continue
            mark = "@" if part.startswith("@") else ""
            name = part.removeprefix("@").rpartition(":")[2]
            out = out[:-1] if part == ".." else (*out, mark + name)
        return out or (self.root_name,)

    def itext_reference(
        self, source: str, steps: Steps, attribute: str
    ) -> tuple[str, Expression | None] | None:
        """jr:itext('id') → ("id", None); jr:itext(expression) → ("", expression); else None."""
        match = _ITEXT.fullmatch(source)
        if match is None:
            return None
        literal = match[1] if match[1] is not None else match[2]
        if literal is not None:
            return literal, None
        return "", self.compile(match[3], steps, attribute)

    def text(self, element: etree._Element | None, steps: Steps, attribute: str) -> Text | None:
        """A `label`, `hint` or message element."""
        if element is None:
            return None
        reference = element.get("ref")
        if reference:
            itext = self.itext_reference(reference, steps, attribute)
            if itext is not None:
                return Text(itext=itext[0], itext_of=itext[1])
            return Text(expression=self.compile(reference, steps, attribute))
        return Text(parts=self.parts(element, steps, attribute))

    def parts(
        self, element: etree._Element, steps: Steps, attribute: str
    ) -> tuple[str | Expression, ...]:
        """Mixed content: text, with the expressions of its `output` elements."""
        parts: list[str | Expression] = [element.text or ""]
        for child in element:
            if local(child) == "output":
                source = child.get("value") or child.get("ref")
                expression = self.compile(source, steps, attribute)
                parts.append(expression if expression is not None else "…")
            else:
                parts.append(str(etree.tostring(child, method="text", encoding="unicode")))
                continue
            parts.append(child.tail or "")
        return _trimmed([part for part in parts if part != ""])

    def message(self, source: str | None, steps: Steps, attribute: str) -> Text | None:
        """A bind's jr:constraintMsg or jr:requiredMsg: translated or written in place."""
        if not source or not source.strip():
            return None
        itext = self.itext_reference(source, steps, attribute)
        if itext is not None:
            return Text(itext=itext[0], itext_of=itext[1])
        return Text(parts=(source.strip(),))


def _trimmed(parts: list[str | Expression]) -> tuple[str | Expression, ...]:
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip(_XML_SPACE)
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip(_XML_SPACE)
    return tuple(parts)
