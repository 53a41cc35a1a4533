"""The little Markdown that XLSForm allows in labels, hints and notes, made safe for pages.

Bold, italics, links, titles, lists and line breaks, as ODK Collect shows them. Everything is
escaped first; tags of HTML are left out, their text stays.
"""

import re
from html import unescape

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_INLINE = re.compile(
    r"\[(?P<words>[^\[\]]{1,300})\]\((?P<url>(?:https?://|mailto:)[^\s()<>]{1,500})\)"
    r"|\*\*(?P<bold>[^\s*](?:[^*]{0,2000}?[^\s*])?)\*\*"
    r"|(?<![\w_])__(?P<strong>[^\s_](?:[^_]{0,2000}?[^\s_])?)__(?![\w_])"
    r"|(?<![\w*])\*(?P<em>[^\s*](?:[^*]{0,2000}?[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<slant>[^\s_](?:[^_]{0,2000}?[^\s_])?)_(?![\w_])"
)
_TITLE = re.compile(r"#{1,6}\s+(.+?)\s*#*")
_ITEM = re.compile(r"[-*]\s+(.+)")
_STEP = re.compile(r"\d{1,3}[.)]\s+(.+)")


def inline(text: str) -> SafeString:
    """A label on one line or several: bold, italics, links and line breaks."""
    rows = []
    for row in _clean(text).split("\n"):
        title = _TITLE.fullmatch(row.strip())
        rows.append(f"**{title[1]}**" if title else row.strip())
    return format_html_join(_BREAK, "{}", ((_spans(row),) for row in rows))


def block(text: str) -> SafeString:
    """A note: paragraphs, titles and lists around the same."""
    out: list[SafeString] = []
    for chunk in re.split(r"\n\s*\n", _clean(text).strip()):
        rows = [row.strip() for row in chunk.split("\n") if row.strip()]
        out.extend(_blocks(rows))
    return format_html_join("", "{}", ((one,) for one in out))


def plain(text: str) -> str:
    """The same text without any mark, for lists, documents and figures."""
    rows = []
    for row in _clean(text).split("\n"):
        bare = _TITLE.fullmatch(row.strip())
        rows.append(_INLINE.sub(_words, bare[1] if bare else row))
    return "\n".join(rows).strip()


_BREAK = mark_safe("<br>")


def _clean(text: str) -> str:
    return unescape(_TAG.sub("", text)).replace("\r", "")


def _blocks(rows: list[str]) -> list[SafeString]:
    out: list[SafeString] = []
    paragraph: list[SafeString] = []
    items: list[SafeString] = []
    kind = ""

    def flush() -> None:
        if paragraph:
            inner = format_html_join(_BREAK, "{}", ((row,) for row in paragraph))
            out.append(format_html("<p>{}</p>", inner))
            paragraph.clear()
        if items:
            inner = format_html_join("", "<li>{}</li>", ((item,) for item in items))
            out.append(format_html("<ol>{}</ol>" if kind == "ol" else "<ul>{}</ul>", inner))
            items.clear()

    for row in rows:
        title, item, step = _TITLE.fullmatch(row), _ITEM.fullmatch(row), _STEP.fullmatch(row)
        now = "ul" if item else "ol" if step else ""
        if title or now != kind or (now and paragraph):
            flush()
        kind = now
        if title:
            # No heading element: the page's own outline must not depend on a label.
            out.append(format_html('<p class="rq-note-titre">{}</p>', _spans(title[1])))
        elif item or step:
            items.append(_spans((item or step)[1]))  # type: ignore[index]
        else:
            paragraph.append(_spans(row))
    flush()
    return out


def _spans(text: str) -> SafeString:
    parts: list[SafeString] = []
    last = 0
    for match in _INLINE.finditer(text):
        parts.append(conditional_escape(text[last : match.start()]))
        parts.append(_span(match))
        last = match.end()
    parts.append(conditional_escape(text[last:]))
    return format_html_join("", "{}", ((part,) for part in parts))


def _span(match: re.Match[str]) -> SafeString:
    if match["url"]:
        return format_html(
            '<a href="{}" rel="noopener noreferrer" target="_blank">{}'
            '<span class="visually-hidden"> (nouvelle fenêtre)</span></a>',
            match["url"],
            _spans(match["words"]),
        )
    bold = match["bold"] or match["strong"]
    if bold:
        return format_html("<strong>{}</strong>", _spans(bold))
    return format_html("<em>{}</em>", _spans(match["em"] or match["slant"]))


def _words(match: re.Match[str]) -> str:
    inner = next(match[name] for name in ("words", "bold", "strong", "em", "slant") if match[name])
    return _INLINE.sub(_words, inner)
