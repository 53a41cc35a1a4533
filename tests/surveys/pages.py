"""A browser without scripts: follows links, fills fields, presses buttons, as HTML says."""

from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import StrictClient


class Browser:
    """Plays pages on a strict test client, sending what a browser would send."""

    def __init__(self, url: str, client: Client | None = None) -> None:
        self.client = client or StrictClient()
        self.open(url)

    def open(self, url: str) -> None:
        """Go to an address."""
        self._show(self.client.get(url.partition("#")[0], follow=True))

    def follow(self, label: str) -> None:
        """Follow the link with these words."""
        link = next(a for a in self.soup.find_all("a") if label in a.get_text())
        self.open(str(link["href"]))

    def press(self, action: str | None) -> None:
        """Press the button of that action (None: the form's only one)."""
        form = self.form
        data = self.data(form)
        if action is not None:
            buttons = self.soup.find_all("button", {"name": "action", "value": action})
            assert buttons, f"no button {action}"
            data["action"] = [action]
        url = str(form.get("action") or self.url)
        self._show(self.client.post(url, data, follow=True))

    @property
    def form(self) -> Tag:
        """The page's form."""
        form = self.soup.find("form", id="questions") or self.soup.select_one("main form")
        assert isinstance(form, Tag)
        return form

    def data(self, form: Tag) -> dict[str, Any]:
        """What a browser would send of the form, buttons aside."""
        data: dict[str, Any] = {}
        for field in form.find_all(["input", "textarea", "select"]):
            name = field.get("name")
            kind = field.get("type", "")
            if (
                not name
                or kind == "file"
                or (kind in ("radio", "checkbox") and not field.has_attr("checked"))
            ):
                continue
            if field.name == "select":
                chosen = field.find("option", selected=True)
                value = chosen.get("value", "") if chosen else ""
            elif field.name == "textarea":
                value = field.get_text().removeprefix("\n")
            else:
                value = field.get("value", "")
            data.setdefault(name, []).append(value)
        for name, upload in self.uploads.items():
            data[name] = upload
        self.uploads = {}
        return data

    def fill(self, name: str, value: str) -> None:
        """Type in a field."""
        field = self.field(name)
        assert field is not None, f"no field {name}"
        if field.name == "textarea":
            field.string = value
        elif field.name == "select":
            for option in field.find_all("option"):
                option.attrs.pop("selected", None)
            field.find("option", {"value": value})["selected"] = ""  # type: ignore[index]
        else:
            field["value"] = value

    def attach(self, name: str, filename: str, content: bytes) -> None:
        """Choose a file."""
        assert self.field(name) is not None
        self.uploads[name] = SimpleUploadedFile(filename, content)

    def choose(self, name: str, value: str) -> None:
        """Choose a radio button."""
        for radio in self.soup.find_all("input", {"name": name, "type": "radio"}):
            if radio.has_attr("checked"):
                del radio["checked"]
        self.tick(name, value)

    def tick(self, name: str, value: str) -> None:
        """Tick a box."""
        box = self.soup.find("input", {"name": name, "value": value})
        assert isinstance(box, Tag), f"no box {name} {value}"
        box["checked"] = ""

    def field(self, name: str) -> Tag | None:
        """The field of that name, hidden markers aside."""
        found = self.soup.find(["input", "textarea", "select"], {"name": name})
        return found if isinstance(found, Tag) else None

    def value(self, name: str) -> str:
        """What a field holds."""
        field = self.field(name)
        assert field is not None, f"no field {name}"
        return field.get_text() if field.name == "textarea" else str(field.get("value", ""))

    @property
    def title(self) -> str:
        """The page's title."""
        assert self.soup.title is not None
        return self.soup.title.get_text()

    def _show(self, response: Any) -> None:
        self.uploads: dict[str, SimpleUploadedFile] = {}
        self.response = response
        self.status = response.status_code
        self.html = response.content.decode()
        self.soup = BeautifulSoup(self.html, "html.parser")
        self.text = self.soup.get_text(" ")
        chain = getattr(response, "redirect_chain", [])
        self.url = chain[-1][0] if chain else response.request["PATH_INFO"]
