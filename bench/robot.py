"""A respondent without JavaScript: reads the HTML form, fills what it shows, follows redirects."""

import http.client
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import html


class Refused(RuntimeError):
    """The server answered something that a respondent cannot go on from."""


@dataclass
class Robot:
    """One browser: a connection, its cookies, and how long each answer took (seconds)."""

    port: int
    answers: Mapping[str, str]
    cookies: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    posts: int = 0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def walk(self, link: str) -> None:
        """From the personal link to the receipt."""
        page = self.get(link)
        start = page.xpath("//main//a[contains(@href, '/page/')]/@href")
        if not start:
            raise Refused("no way to begin")
        url, page = str(start[0]), self.get(str(start[0]))
        for _ in range(60):
            if url.endswith("/relire/"):
                url, page, status = self.submit(url, page, {})
                if status != 200 or not url.endswith("/envoyee/"):
                    raise Refused(f"not sent: {status} {url}")
                return
            url, page, status = self.submit(url, page, self.answers)
        raise Refused("still answering after sixty pages")

    def submit(self, url: str, page: Any, answers: Mapping[str, str]) -> tuple[str, Any, int]:
        """Fill the page's main form and press its « go on » button; where that leads."""
        form = page.xpath("//main//form[@method='post']")[-1]
        fields = filled(form, answers)
        if form.get("id") == "questions":
            fields.append(("action", "next"))
        action = form.get("action") or url
        return self.request("POST", action, urllib.parse.urlencode(fields))

    def get(self, url: str) -> Any:
        """The page at this address, redirects followed."""
        _, page, status = self.request("GET", url)
        if status != 200:
            raise Refused(f"{status} {url}")
        return page

    def request(self, method: str, url: str, body: str | None = None) -> tuple[str, Any, int]:
        """One exchange, then its redirects: final address, parsed page, status."""
        for _ in range(5):
            headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                self.posts += 1
            began = time.perf_counter()
            self.connection.request(method, url, body=body, headers=headers)
            response = self.connection.getresponse()
            text = response.read()
            self.times.append(time.perf_counter() - began)
            for cookie in response.headers.get_all("Set-Cookie") or ():
                name, _, rest = cookie.partition("=")
                self.cookies[name] = rest.split(";")[0]
            if response.status not in (301, 302, 303):
                if response.status >= 400 and response.status != 422:
                    raise Refused(f"{method} {url}: {response.status}")
                return url, html.fromstring(text), response.status
            url = urllib.parse.urlsplit(response.headers["Location"]).path
            method, body = "GET", None
        raise Refused("too many redirects")


def filled(form: Any, answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """The form's fields as a browser would send them, with these answers typed in."""
    fields: list[tuple[str, str]] = []
    for control in form.xpath(".//input | .//select | .//textarea"):
        name, kind = control.get("name"), control.get("type", "text")
        if not name or kind in ("submit", "file", "button"):
            continue
        wanted = answers.get(name)
        if kind in ("radio", "checkbox"):
            chosen = set((wanted or "").split())
            ticked = (
                control.get("value") in chosen
                if wanted is not None
                else "checked" in control.attrib
            )
            if ticked:
                fields.append((name, control.get("value")))
        elif control.tag == "select":
            current = control.xpath(".//option[@selected]/@value")
            fields.append((name, wanted if wanted is not None else (current or [""])[0]))
        elif control.tag == "textarea":
            fields.append((name, wanted if wanted is not None else control.text or ""))
        else:
            fields.append((name, wanted if wanted is not None else control.get("value") or ""))
    return fields
