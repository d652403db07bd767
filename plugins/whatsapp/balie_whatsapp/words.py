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
    "address": ("Adres", "Address"),
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    "until": ("ja, tot", "yes, until"),
    "somebody": ("iemand", "somebody"),
    "media_placeholder": (
        "Bestand van voor de koppeling, niet meegekomen",
        "File from before the connection, which did not come along",
    ),
    "revoke_own": ("Bericht ingetrokken op onze telefoon", "Message deleted on our phone"),
    "user_changed_number": ("De klant heeft een nieuw nummer", "The customer has a new number"),
    "user_changed_user_id": (
        "De klant is bij WhatsApp onder een nieuwe naam bekend",
        "WhatsApp knows the customer by a new id",
    ),
    "identity_changed": (
        (
            "De klant heeft WhatsApp opnieuw geïnstalleerd of een ander toestel; ga na of het nog "
            "dezelfde persoon is voordat u iets vertrouwelijks deelt"
        ),
        (
            "The customer has reinstalled WhatsApp or changed phones; make sure that it is still "
            "the same person before sharing anything confidential"
        ),
    ),
    "number_shared": ("De klant deelde zijn nummer", "The customer shared its number"),
    "call": ("Oproep", "Call"),
    "call_rejected": ("de klant belde via WhatsApp; geweigerd", "called on WhatsApp; rejected"),
    "call_unanswered": (
        "de klant belde via WhatsApp; niet opgenomen",
        "called on WhatsApp; not answered",
    ),
    "call_ended": ("de klant belde via WhatsApp", "called on WhatsApp"),
    "call_lasted": ("Gesprek via WhatsApp", "Talk on WhatsApp"),
    "call_accepted": ("De klant nam onze oproep op", "The customer took our call"),
    "call_declined": ("De klant nam onze oproep niet op", "The customer did not take our call"),
    "marketing_stop": (
        "De klant wil geen reclame meer van dit nummer",
        "The customer wants no more marketing from this number",
    ),
    "marketing_resume": (
        "De klant wil weer reclame van dit nummer",
        "The customer wants marketing from this number again",
    ),
    "marketing_signup": (
        "De klant meldde zich aan voor reclame",
        "The customer signed up for marketing",
    ),
    "preference": ("Voorkeur van de klant", "The customer's preference"),
    "group": ("WhatsApp-groep", "WhatsApp group"),
    "group_create": ("Groep gemaakt", "Group made"),
    "group_delete": ("Groep verwijderd", "Group deleted"),
    "group_added": ("In de groep gekomen", "Joined the group"),
    "group_removed": ("Uit de groep gegaan", "Left the group"),
    "group_asks": ("Wil in de groep", "Wants to join the group"),
    "group_asks_no_more": ("Wil niet meer in de groep", "No longer wants to join the group"),
    "group_settings": ("Groep gewijzigd", "Group changed"),
    "group_suspended": (
        "WhatsApp heeft de groep geschorst; er kan niets naartoe",
        "WhatsApp has suspended the group; nothing can be sent to it",
    ),
    "group_resumed": ("De groep is niet meer geschorst", "The group is no longer suspended"),
}


def say(locale: str, dutch: str, english: str) -> str:
    """Return the one that people in this tenant read."""
    return dutch if locale == "nl" else english


def word(locale: str, key: str) -> str:
    """Return the words for ``key``; English for a locale that is not ``nl``."""
    return say(locale, *_WORDS[key])


def labelled(locale: str, key: str, text: str = "", about: str = "") -> str:
    """Return ``[Words: about] text``."""
    label = word(locale, key) + (f": {about}" if about else "")
    return f"[{label}] {text}".rstrip()
