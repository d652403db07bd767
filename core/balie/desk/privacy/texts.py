"""What is said of erasing, to admins and agents."""

from balie.desk.texts import pick

_TEXTS = {
    "unable": {
        "nl": "De plugin van {connection} kan niemand wissen; wis deze klant daar met de hand.",
        "en": "The plugin of {connection} can erase nobody; erase this customer there by hand.",
    },
    "expired": {"nl": "[niet meer bewaard]", "en": "[no longer kept]"},
    "erased_here_too": {
        "nl": "De klant heeft zijn gegevens in de chat gewist. Balie heeft de berichten "
        "verwijderd en wist ze ook in dit ticket.",
        "en": "The customer erased their data in the chat. Balie has removed the messages and "
        "erases them in this ticket too.",
    },
}


def say(name: str, locale: str, /, **values: str) -> str:
    """Return a text, filled in. Dutch for ``nl``, English for anything else."""
    return pick(_TEXTS[name], locale, **values)
