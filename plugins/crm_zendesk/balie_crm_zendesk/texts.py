"""Sentences for agents, in the tenant's language."""

from typing import Final

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "about": ("In antwoord op: {words}", "In reply to: {words}"),
    "customer": ("klant", "customer"),
    "customer_of": ("Klant via {channel}", "Customer via {channel}"),
    "no_text": ("(geen tekst)", "(no text)"),
    "file_too_large": (
        (
            "[{name} ({size} MB) staat niet in dit ticket: het is te groot voor Zendesk. Met"
            " BALIE_PUBLIC_URL ingesteld komt hier een link te staan.]"
        ),
        (
            "[{name} ({size} MB) is not in this ticket: it is too large for Zendesk. With"
            " BALIE_PUBLIC_URL set, there will be a link here.]"
        ),
    ),
    "file_linked": (
        "[{name} ({size} MB) is te groot voor Zendesk. Op te halen tot {until}: {link} ]",
        "[{name} ({size} MB) is too large for Zendesk. To be fetched until {until}: {link} ]",
    ),
    "file_refused": (
        "[{name} staat niet in dit ticket: Zendesk weigert dit bestand. {reason}]",
        "[{name} is not in this ticket: Zendesk refuses this file. {reason}]",
    ),
    "file_gone": (
        "[{name} staat niet in dit ticket: het bestand is niet meer bewaard.]",
        "[{name} is not in this ticket: the file is no longer kept.]",
    ),
    "infected": (
        "Zendesk vond er een virus in.",
        "Zendesk found malware in it.",
    ),
    "scan_awaited": (
        "Zendesk onderzoekt het nog op virussen.",
        "Zendesk is still scanning it for malware.",
    ),
    "not_scanned": (
        "Zendesk heeft het niet op virussen onderzocht; Balie stuurt het toch.",
        "Zendesk has not scanned it for malware; Balie sends it all the same.",
    ),
    "file_deleted": (
        "Het bestand is in Zendesk gewist.",
        "The file was erased in Zendesk.",
    ),
    "file_elsewhere": (
        "Het bestand staat op een adres dat bij de verbinding niet is toegestaan ({host}).",
        "The file is at an address that the connection does not allow ({host}).",
    ),
    "no_picture": (
        "Op dat adres is geen afbeelding te vinden.",
        "There is no picture to be found at that address.",
    ),
    "picture": ("afbeelding", "picture"),
    "attachment": ("[Bijlage: {name}]", "[Attachment: {name}]"),
    "image": ("[Afbeelding: {name}]", "[Image: {name}]"),
    "continues_full": (
        "(Vervolg van ticket #{ticket}, dat geen berichten meer aanneemt.)",
        "(Continued from ticket #{ticket}, which takes no more messages.)",
    ),
    "not_solved": (
        "Niet gesloten: Zendesk zet dit ticket niet op opgelost. {reason}",
        "Not closed: Zendesk does not solve this ticket. {reason}",
    ),
    "several": (
        "{count} klanten in Zendesk hebben dit nummer. Gekozen is {chosen}; de anderen: {others}.",
        "{count} customers in Zendesk have this number. {chosen} was chosen; the others: {others}.",
    ),
    "number_of_others": (
        (
            "Het nummer dat deze klant deelde, {number}, staat in Zendesk al bij: {others}. Is het"
            " dezelfde persoon, voeg de gebruikers dan samen; Balie doet dat niet vanzelf."
        ),
        (
            "The number that this customer shared, {number}, is in Zendesk with: {others}. If it is"
            " the same person, merge the users; Balie does not by itself."
        ),
    ),
    "suspended": (
        "Deze klant is in Zendesk geblokkeerd.",
        "This customer is suspended in Zendesk.",
    ),
    "blocked": (
        "De klant is in Zendesk geblokkeerd. Hef dat daar op en speel het bericht opnieuw af.",
        "The customer is suspended in Zendesk. Unsuspend them there and replay the message.",
    ),
    "card_organisation": ("Organisatie: {name}", "Organisation: {name}"),
    "card_tags": ("Labels: {tags}", "Tags: {tags}"),
    "card_open": ("Open tickets: {tickets}", "Open tickets: {tickets}"),
    "signed_in": (
        "Balie is aangemeld bij Zendesk. U kunt dit venster sluiten.",
        "Balie is signed in to Zendesk. You can close this page.",
    ),
    "not_signed_in": (
        "Aanmelden bij Zendesk is niet gelukt: {reason}",
        "Signing in to Zendesk failed: {reason}",
    ),
}


def say(locale: str, what: str, **values: object) -> str:
    """Return a sentence in Dutch where ``locale`` is ``nl``, in English otherwise."""
    dutch, english = _TEXTS[what]
    return (dutch if locale == "nl" else english).format(**values)


def in_all(what: str, **values: object) -> list[str]:
    """Return a sentence in every language there is."""
    return [text.format(**values) for text in _TEXTS[what]]
