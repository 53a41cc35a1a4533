"""Private files: names, sizes, kinds, and how they are given back."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from restanque.core import files
from restanque.core.models import Job

PDF = b"%PDF-1.7 facture"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("facture.pdf", "facture.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Mes documents\\Épeigné, l’état.xlsx", "Épeigné, l’état.xlsx"),
        ("a\0b.csv", "ab.csv"),
        ("...", "fichier"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(given: str, kept: str) -> None:
    assert files.safe_name(given) == kept


def test_a_stored_name_says_nothing() -> None:
    path = files.private_path(Job(), "Mairie d’Arles.PDF")

    assert path.startswith("core/job/")
    assert path.endswith(".pdf")
    assert "Arles" not in path
    assert path != files.private_path(Job(), "Mairie d’Arles.PDF")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("facture.pdf", b"", "est vide"),
        ("facture.pdf", PDF * 100, "la limite est de"),
        ("facture.html", b"<script>", "n’est pas d’un type accepté"),
        ("facture.pdf", b"<html>", "ne correspond pas à un fichier .pdf"),
        ("photo.png", PDF, "ne correspond pas à un fichier .png"),
    ],
)
def test_a_wrong_upload_is_refused_in_french(name: str, content: bytes, said: str) -> None:
    upload = SimpleUploadedFile(name, content)

    with pytest.raises(ValidationError, match=said):
        files.check_upload(upload, extensions=files.PROOFS, max_bytes=1000)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("facture.PDF", PDF),
        ("a.csv", "Adresse;é\n".encode("utf-16")),
        ("a.csv", "Adresse;é\n".encode("cp1252")),
    ],
)
def test_a_good_upload_is_read_from_its_beginning_afterwards(name: str, content: bytes) -> None:
    upload = SimpleUploadedFile(name, content)

    assert files.check_upload(upload, extensions=(*files.PROOFS, *files.TABULAR)) == name
    assert upload.read() == content


def test_a_file_is_always_given_as_a_download(db: None) -> None:
    response = files.serve(ContentFile(b"<script>", name="x"), name="../page.html")

    assert response["Content-Disposition"] == 'attachment; filename="page.html"'
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]
    response.close()
