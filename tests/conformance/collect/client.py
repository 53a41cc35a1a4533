"""A phone written from the OpenRosa pages alone: it knows nothing of the server but its address.

Every rule of the protocol that ODK Collect relies on is asserted here, where it is read.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from email.utils import formatdate, parsedate_to_datetime
from urllib.parse import urlencode, urlsplit

from lxml import etree

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"


class ProtocolError(AssertionError):
    """The server did what Collect does not accept."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def message(self) -> str:
        """The sentence of an OpenRosaResponse."""
        root = etree.fromstring(self.body)
        return root.findtext(f"{RESPONSE}message") or ""


@dataclass(frozen=True, slots=True)
class Listed:
    form_id: str
    name: str
    version: str
    digest: str
    download: str
    manifest: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class Downloaded:
    xform: bytes
    media: Mapping[str, bytes]


class Phone:
    """One Collect project: an address, a name, a password."""

    def __init__(self, server: str, username: str, password: str) -> None:
        self.server, self.username, self.password = server.rstrip("/"), username, password
        self.device = f"collect:{uuid.uuid4().hex[:16]}"

    @classmethod
    def from_code(cls, code: str, *, server: str | None = None) -> Phone:
        """Set up by the QR code: base64 of compressed JSON."""
        settings = json.loads(zlib.decompress(base64.b64decode(code, validate=True)))
        general = settings["general"]
        assert settings["admin"] == {}
        assert general["form_update_mode"] == "match_exactly"
        return cls(server or general["server_url"], general["username"], general["password"])

    def request(
        self, method: str, url: str, body: bytes | None = None, *, kind: str = ""
    ) -> Answer:
        """A request as Collect makes it: anonymous first, then with Basic when asked."""
        answer = self._send(method, url, None if method == "POST" else body, kind, signed=False)
        if method == "POST" or answer.status == 401:
            if answer.status == 401 and not answer.headers["WWW-Authenticate"].startswith("Basic "):
                raise ProtocolError("401 must ask for Basic")
            answer = self._send(method, url, body, kind, signed=True)
        return answer

    def _send(
        self, method: str, url: str, body: bytes | None, kind: str, *, signed: bool
    ) -> Answer:
        parts = urlsplit(url)
        headers = {
            "X-OpenRosa-Version": "1.0",
            "Date": formatdate(usegmt=True),
            "Accept-Language": "fr",
            "User-Agent": "org.odk.collect.android/v2026.3 Dalvik/2.1.0",
        }
        if kind:
            headers["Content-Type"] = kind
        if signed:
            words = f"{self.username}:{self.password}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(words).decode()
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            line.request(method, f"{parts.path}?{parts.query}", body=body, headers=headers)
            response = line.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            line.close()
        self._check(answer)
        return answer

    @staticmethod
    def _check(answer: Answer) -> None:
        if answer.headers["X-OpenRosa-Version"] != "1.0":
            raise ProtocolError("every answer says X-OpenRosa-Version: 1.0")
        if len(answer.headers.get_all("Date", [])) != 1:
            raise ProtocolError("every answer has one Date")
        parsedate_to_datetime(answer.headers["Date"])
        if 300 <= answer.status < 400:
            raise ProtocolError("a redirection leaves the phone without an answer")

    def form_list(self, **query: str) -> list[Listed]:
        answer = self.request(
            "GET", f"{self.server}/formList?{urlencode({'deviceID': self.device, **query})}"
        )
        if answer.status != 200:
            raise ProtocolError(f"formList: {answer.status}")
        if answer.headers["Content-Type"] != "text/xml; charset=utf-8":
            raise ProtocolError(answer.headers["Content-Type"])
        root = etree.fromstring(answer.body)
        if root.tag != f"{LIST}xforms":
            raise ProtocolError(root.tag)
        return [
            Listed(
                form_id=one.findtext(f"{LIST}formID") or "",
                name=one.findtext(f"{LIST}name") or "",
                version=one.findtext(f"{LIST}version") or "",
                digest=one.findtext(f"{LIST}hash") or "",
                download=one.findtext(f"{LIST}downloadUrl") or "",
                manifest=one.findtext(f"{LIST}manifestUrl"),
                description=one.findtext(f"{LIST}descriptionText"),
            )
            for one in root.findall(f"{LIST}xform")
        ]

    def download(self, form: Listed) -> Downloaded:
        """The form and its files, each compared with its announced fingerprint."""
        xform = self._get_hashed(form.download, form.digest)
        media = {}
        if form.manifest is not None:
            answer = self.request("GET", form.manifest)
            root = etree.fromstring(answer.body)
            if root.tag != f"{MANIFEST}manifest":
                raise ProtocolError(root.tag)
            for file in root.findall(f"{MANIFEST}mediaFile"):
                name = file.findtext(f"{MANIFEST}filename") or ""
                url = file.findtext(f"{MANIFEST}downloadUrl") or ""
                media[name] = self._get_hashed(url, file.findtext(f"{MANIFEST}hash") or "")
        return Downloaded(xform, media)

    def _get_hashed(self, url: str, digest: str) -> bytes:
        if not urlsplit(url).netloc:
            raise ProtocolError(f"addresses are absolute: {url}")
        answer = self.request("GET", url)
        if answer.status != 200:
            raise ProtocolError(f"{url}: {answer.status}")
        if digest != "md5:" + hashlib.md5(answer.body, usedforsecurity=False).hexdigest():
            raise ProtocolError(f"{url}: the fingerprint is not of these bytes")
        return answer.body

    def where_to_send(self) -> tuple[str, int]:
        """HEAD: the address to post to, and the largest post."""
        answer = self.request("HEAD", f"{self.server}/submission?deviceID={self.device}")
        if answer.status != 204:
            raise ProtocolError(f"HEAD must be answered 204, not {answer.status}")
        location = answer.headers["Location"]
        if not urlsplit(location).netloc:
            raise ProtocolError("Location is absolute")
        return location, int(answer.headers["X-OpenRosa-Accept-Content-Length"])

    def post(
        self, url: str, xml: bytes, files: Mapping[str, bytes] | None = None, *, more: bool = False
    ) -> Answer:
        """One post of a submission; `more` when other posts of the same visit follow."""
        kind, body = multipart(xml, files or {}, more=more)
        return self.request("POST", url, body, kind=kind)

    def send(self, xml: bytes, files: Mapping[str, bytes], *, largest: int | None = None) -> None:
        """A whole submission, cut in posts that each hold under the announced size."""
        url, announced = self.where_to_send()
        limit = largest or announced
        batches: list[dict[str, bytes]] = [{}]
        for name, data in files.items():
            weight = len(xml) + sum(map(len, batches[-1].values())) + len(data)
            if batches[-1] and weight > limit:
                batches.append({})
            batches[-1][name] = data
        for rank, batch in enumerate(batches, 1):
            answer = self.post(url, xml, batch, more=rank < len(batches))
            if answer.status not in (201, 202):
                raise ProtocolError(f"{answer.status}: {answer.message}")


def multipart(xml: bytes, files: Mapping[str, bytes], *, more: bool = False) -> tuple[str, bytes]:
    """Content type and body of a post, as OkHttp writes them."""
    boundary = uuid.uuid4().hex
    parts = [("xml_submission_file", "visite.xml", "text/xml; charset=UTF-8", xml)]
    parts += [(name, name, "image/jpeg", data) for name, data in files.items()]
    out = b""
    for name, filename, kind, data in parts:
        head = f'form-data; name="{name}"; filename="{filename}"'
        out += f"--{boundary}\r\nContent-Disposition: {head}\r\n".encode()
        out += f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        out += data + b"\r\n"
    if more:
        out += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes\r\n'
        ).encode()
    return f"multipart/form-data; boundary={boundary}", out + f"--{boundary}--\r\n".encode()
