"""Which characters a text file's bytes stand for, without asking its author."""

import codecs
from dataclasses import dataclass

# Letters of French as Mac OS Roman and Windows-1252 write them: é è à ê ç ô É.
_MAC_LETTERS = frozenset(b"\x8e\x8f\x88\x90\x8d\x99\x83")
_WINDOWS_LETTERS = frozenset(b"\xe9\xe8\xe0\xea\xe7\xf4\xc9")
_TWICE_ENCODED = ("Ã©", "Ã¨", "Ãª", "Ã§", "Ã ", "Ã´", "Ã®")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding it was in, and (French) what was mended on the way."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """Decode UTF-8 (with or without BOM), UTF-16, Windows-1252 or Mac Roman.

    Never fails: bytes that mean nothing become « � » and a note says so.
    """
    if data.startswith(codecs.BOM_UTF8):
        return _mended(data[3:].decode("utf-8", "replace"), "utf-8-sig")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _mended(data.decode("utf-16", "replace"), "utf-16")
    if guessed := _utf16_without_mark(data):
        return _mended(data.decode(guessed, "replace"), guessed)
    try:
        return _mended(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        lenient = data.decode("utf-8", "replace")
    lost = lenient.count("\ufffd")
    accented = sum(ord(c) > 127 for c in lenient) - lost
    if accented > 4 * lost:
        return _mended(lenient, "utf-8")
    if _looks_mac(data):
        return _mended(data.decode("mac_roman"), "mac_roman")
    return _mended(data.decode("cp1252", "replace"), "cp1252")


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 text of western letters has a zero every other byte."""
    sample = data[:2000]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > half * 0.7:
        return "utf-16-le"
    if half and sample[0::2].count(0) > half * 0.7:
        return "utf-16-be"
    return ""


def _looks_mac(data: bytes) -> bool:
    mac = sum(byte in _MAC_LETTERS for byte in data)
    windows = sum(byte in _WINDOWS_LETTERS for byte in data)
    return mac > 2 * windows


def _mended(text: str, encoding: str) -> Decoded:
    notes = []
    if any(mark in text for mark in _TWICE_ENCODED):
        try:
            text = text.encode("cp1252").decode("utf-8")
            notes.append("Le fichier avait été mal converti (« Ã© » pour « é ») : c’est corrigé.")
        except UnicodeError:
            notes.append("Des accents semblent abîmés (« Ã© » pour « é ») : relisez l’aperçu.")
    if "\ufffd" in text:
        notes.append("Certains caractères n’ont pas pu être lus (« � ») : relisez l’aperçu.")
    return Decoded(text, encoding, tuple(notes))
