"""Labels, hints and messages in the language of the session, with their references filled in."""

from __future__ import annotations

from lxml import etree

from restanque.engine.forms.evaluator import Evaluator
from restanque.engine.forms.model import Form, Text
from restanque.engine.forms.xpath import Expression

_FILES = ("image", "big-image", "audio", "video")


class Texts:
    def __init__(self, form: Form, evaluator: Evaluator, language: str) -> None:
        self.form = form
        self.evaluator = evaluator
        self.language = language

    def render(self, text: Text | None, node: etree._Element, form: str = "") -> str:
        """`form` picks a variant of a translated text: "guidance", "image"…"""
        if text is None:
            return ""
        identifier = self._identifier(text, node)
        if identifier:
            return self.itext(identifier, node, form)
        if form:
            return ""
        if text.expression is not None:
            return self.evaluator.text(text.expression, node)
        return self._join(text.parts, node)

    def itext(self, identifier: str, node: etree._Element, form: str = "") -> str:
        """The translation, in the session's language or else the form's default one."""
        return self._join(self.form.translation(identifier, self.language, form), node)

    def files(self, text: Text | None, node: etree._Element) -> dict[str, str]:
        """Names of the image, sound or film shown with a translated label."""
        identifier = self._identifier(text, node) if text is not None else ""
        return self.itext_files(identifier, node) if identifier else {}

    def _identifier(self, text: Text, node: etree._Element) -> str:
        if text.itext_of is not None:
            return self.evaluator.text(text.itext_of, node)
        return text.itext

    def itext_files(self, identifier: str, node: etree._Element) -> dict[str, str]:
        found = {}
        for form in _FILES:
            source = self.itext(identifier, node, form)
            if source:
                found[form] = source.rpartition("/")[2]
        return found

    def _join(self, parts: tuple[str | Expression, ...], node: etree._Element) -> str:
        if not parts:
            return ""
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        return "".join(
            part if isinstance(part, str) else self.evaluator.text(part, node, fallback="…")
            for part in parts
        ).strip(" \t\r\n")
