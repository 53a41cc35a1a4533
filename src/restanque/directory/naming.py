"""How organisations are named after a commune, in correct French. Pure functions."""

from restanque.kit.text import search_key

_CONTRACTED = (("le ", "du "), ("les ", "des "))
_VOWELS = "aeiou"


def of_place(name: str) -> str:
    """« d’Arles », « de Marseille », « du Rove », « des Baux-de-Provence », « de La Ciotat ».

    Names in H are not elided except in Hy- (Hyères), because the sound cannot be told from the
    spelling; Y is elided before a consonant (Yzeure).
    """
    words = name.replace("'", "’")
    for article, contracted in _CONTRACTED:
        if words.lower().startswith(article):
            return contracted + words[len(article) :]
    key = search_key(words)
    mute = key[:1] in _VOWELS or key.startswith("hy")
    mute = mute or (key[:1] == "y" and key[1:2] not in {*_VOWELS, ""})
    if mute and not words.lower().startswith(("l’", "la ")):
        return f"d’{words}"
    return f"de {words}"


def town_hall_name(commune_name: str) -> str:
    """« Mairie d’Arles »."""
    return f"Mairie {of_place(commune_name)}"


def whole_commune_name(commune_name: str) -> str:
    """« Cantines d’Arles (ensemble) »."""
    return f"Cantines {of_place(commune_name)} (ensemble)"
