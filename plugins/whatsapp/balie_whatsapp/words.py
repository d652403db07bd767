"""The words around what a customer sent, in Dutch and in English."""

_WORDS = {
    "image": ("Afbeelding", "Image"),
    "video": ("Video", "Video"),
    "sticker": ("Sticker", "Sticker"),
    "document": ("Document", "Document"),
    "audio": ("Geluid", "Audio"),
    "voice": ("Spraakbericht", "Voice message"),
    "location": ("Locatie", "Location"),
    "contact": ("Contact", "Contact"),
    "button": ("Knop", "Button"),
    "list": ("Keuze", "Choice"),
    "form": ("Formulier", "Form"),
    "call_permission": ("Mag gebeld worden", "May be called"),
    "reaction": ("Reactie", "Reaction"),
    "reaction_removed": ("Reactie weggehaald", "Reaction removed"),
    "order": ("Bestelling", "Order"),
    "system": ("Melding van WhatsApp", "Notice from WhatsApp"),
    "unsupported": (
        "Iets dat WhatsApp niet doorgeeft, bekijk het op de telefoon",
        "Something that WhatsApp does not pass on, look on the phone",
    ),
    "edit": ("Bericht aangepast", "Message edited"),
    "revoke": ("Bericht ingetrokken door de klant", "Message deleted by the customer"),
    "request_welcome": ("Klant opende het gesprek", "Customer opened the chat"),
    "empty": ("Leeg bericht", "Empty message"),
    "type": ("type", "type"),
    "forwarded": ("Doorgestuurd", "Forwarded"),
    "frequently_forwarded": ("Vaak doorgestuurd", "Forwarded many times"),
    "ad": ("Kwam via een advertentie", "Came through an ad"),
    "post": ("Kwam via een bericht op een pagina", "Came through a post on a page"),
    "product": ("Over product", "About product"),
    "error": ("WhatsApp meldt", "WhatsApp reports"),
    "group": (
        "Gezegd in een groep. Een antwoord gaat alleen naar deze persoon",
        "Said in a group. An answer goes to this person alone",
    ),
}


def word(locale: str, key: str) -> str:
    """Return the words for ``key``; English for a locale that is not ``nl``."""
    dutch, english = _WORDS[key]
    return dutch if locale == "nl" else english


def labelled(locale: str, key: str, text: str = "", about: str = "") -> str:
    """Return ``[Words: about] text``."""
    label = word(locale, key) + (f": {about}" if about else "")
    return f"[{label}] {text}".rstrip()
