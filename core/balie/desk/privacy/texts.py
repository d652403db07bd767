"""What is said of erasing, to admins and agents."""

from balie.desk.texts import pick

_TEXTS = {
    "unable": {
        "nl": "De plugin van {connection} kan niemand wissen; wis deze klant daar met de hand.",
        "en": "The plugin of {connection} can erase nobody; erase this customer there by hand.",
    },
    "among_stays": {
        "nl": "De plugin van {connection} wist niets in tickets die met anderen gedeeld zijn; wis "
        "daar met de hand wat deze persoon zei: {tickets}.",
        "en": "The plugin of {connection} erases nothing in tickets that are shared with others; "
        "erase there by hand what this person said: {tickets}.",
    },
    "in_doubt": {
        "nl": "Of woorden van deze persoon in het ticket van een groep staan is niet bekend: los "
        "eerst dit geparkeerde werk op ({items}) en probeer het dan opnieuw.",
        "en": "Whether words of this person stand in the ticket of a group is not known: first see "
        "to this parked work ({items}), then try again.",
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
