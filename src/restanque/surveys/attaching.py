"""Which files a question takes: a picture, a sound, a film, or a document."""

from dataclasses import dataclass

from restanque.engine.forms import Control


@dataclass(frozen=True, slots=True)
class Accepted:
    """Extensions, and how to say them. 10 MB at most, each checked by its first bytes."""

    extensions: tuple[str, ...]
    words: str

    @property
    def accept(self) -> str:
        """Value of the attribute `accept`."""
        return ",".join(f".{extension}" for extension in self.extensions)


DOCUMENTS = Accepted(
    ("pdf", "jpg", "jpeg", "png", "docx", "xlsx"),
    "PDF, photo (JPG, PNG), Word ou Excel, 10 Mo au plus.",
)
PICTURES = Accepted(("jpg", "jpeg", "png", "webp"), "Une photo (JPG, PNG), 10 Mo au plus.")
SOUNDS = Accepted(("mp3", "m4a", "ogg", "wav"), "Un son (MP3, M4A, OGG, WAV), 10 Mo au plus.")
FILMS = Accepted(("mp4", "mov", "webm"), "Un film court (MP4, MOV, WebM), 10 Mo au plus.")


def accepted_files(control: Control) -> Accepted:
    """What a question of the form takes."""
    family = control.media_type.partition("/")[0]
    return {"image": PICTURES, "audio": SOUNDS, "video": FILMS}.get(family, DOCUMENTS)
