"""Answers to the short questionnaire, given through the room's own services."""

from restanque.surveys.models import Invitation, Response
from restanque.surveys.services import answers


def fill(invitation: Invitation, **values: str) -> Response:
    """Save a draft: `repas="80"` stands for /data/cantine/repas, and so on."""
    where = {
        "a_cantine": "cantine", "repas": "cantine", "publics": "cantine",
        "kg": "pain", "fin": "pain", "libre": "fin_",
    }  # fmt: skip
    typed = {f"/data/{where[name]}/{name}": text for name, text in values.items()}
    return answers.save_answers(invitation=invitation, values=typed).response


def send(invitation: Invitation, **values: str) -> Response:
    """Save and send a complete answer; a town hall with a canteen unless said otherwise."""
    values.setdefault("a_cantine", "oui")
    if values["a_cantine"] == "oui":
        values = {"repas": "100", "kg": "5"} | values
    response = fill(invitation, **values)
    if values["a_cantine"] == "oui":
        suppliers = [path for path in _turns(response) if path]
        named = {f"{turn}/nom": "Fournil" for turn in suppliers}
        if named:
            answers.save_answers(invitation=invitation, values=named)
    sent = answers.submit(invitation=invitation)
    assert sent.accepted, sent.faults
    return sent.response


def _turns(response: Response) -> list[str]:
    from restanque.surveys.sessions import session_of

    paths = [state.path for state in session_of(response).states() if state.path.endswith("/nom")]
    return [path.rpartition("/")[0] for path in paths]


def plain(text: str) -> str:
    """A text with ordinary spaces: typography is not what these tests are about."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
