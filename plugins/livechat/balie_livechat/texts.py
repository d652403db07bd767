"""Sentences for visitors. Dutch in both tones, English in one."""

import math
import string
from collections.abc import Mapping
from typing import Any

from balie_livechat.config.looks import NL, json_object

_SECONDS_TOLD = 90
_SECONDS = {"nl": ("seconde", "seconden"), "en": ("second", "seconds")}
_MINUTES = {"nl": ("minuut", "minuten"), "en": ("minute", "minutes")}
_SENTENCES: dict[str, dict[str, str]] = {
    "origin": {
        "u": "Deze chat mag op deze website niet worden getoond.",
        "je": "Deze chat mag op deze website niet worden getoond.",
        "en": "This chat may not be shown on this website.",
    },
    "consent": {
        "u": "Ga eerst akkoord met de voorwaarden van deze chat.",
        "je": "Ga eerst akkoord met de voorwaarden van deze chat.",
        "en": "Please agree to this chat's terms first.",
    },
    "identity": {
        "u": "Log eerst in op deze website; daarna kunt u chatten.",
        "je": "Log eerst in op deze website; daarna kun je chatten.",
        "en": "Please sign in on this website first; then you can chat.",
    },
    "token": {
        "u": "De chat moet opnieuw worden geopend.",
        "je": "De chat moet opnieuw worden geopend.",
        "en": "The chat has to be opened again.",
    },
    "signed_out": {
        "u": "U bent uitgelogd uit deze chat.",
        "je": "Je bent uitgelogd uit deze chat.",
        "en": "You are signed out of this chat.",
    },
    "invalid": {
        "u": "Dit kan zo niet worden verstuurd. Kijk het na en probeer het opnieuw.",
        "je": "Dit kan zo niet worden verstuurd. Kijk het na en probeer het opnieuw.",
        "en": "This cannot be sent as it is. Please check it and try again.",
    },
    "unknown": {
        "u": "Dit is niet gevonden.",
        "je": "Dit is niet gevonden.",
        "en": "This was not found.",
    },
    "slow_visitor": {
        "u": "U stuurt veel berichten achter elkaar. Wacht {wait} en stuur het opnieuw.",
        "je": "Je stuurt veel berichten achter elkaar. Wacht {wait} en stuur het opnieuw.",
        "en": "You are sending many messages at once. Wait {wait} and send it again.",
    },
    "slow_address": {
        "u": "Er beginnen nu veel gesprekken vanaf uw internetverbinding. Wacht {wait} en stuur "
        "het opnieuw.",
        "je": "Er beginnen nu veel gesprekken vanaf je internetverbinding. Wacht {wait} en stuur "
        "het opnieuw.",
        "en": "Many talks are beginning from your internet connection right now. Wait {wait} and "
        "send it again.",
    },
    "slow_browser": {
        "u": "Er beginnen nu veel gesprekken vanaf uw internetverbinding. Wacht {wait} en stuur "
        "het opnieuw.",
        "je": "Er beginnen nu veel gesprekken vanaf je internetverbinding. Wacht {wait} en stuur "
        "het opnieuw.",
        "en": "Many talks are beginning from your internet connection right now. Wait {wait} and "
        "send it again.",
    },
    "slow_sessions": {
        "u": "Er beginnen nu veel gesprekken vanaf uw internetverbinding. Wacht {wait} en stuur "
        "het opnieuw.",
        "je": "Er beginnen nu veel gesprekken vanaf je internetverbinding. Wacht {wait} en stuur "
        "het opnieuw.",
        "en": "Many talks are beginning from your internet connection right now. Wait {wait} and "
        "send it again.",
    },
    "slow_files": {
        "u": "Er worden nu veel bestanden verstuurd vanaf uw internetverbinding. Wacht {wait} en "
        "stuur het opnieuw.",
        "je": "Er worden nu veel bestanden verstuurd vanaf je internetverbinding. Wacht {wait} en "
        "stuur het opnieuw.",
        "en": "Many files are being sent from your internet connection right now. Wait {wait} and "
        "send it again.",
    },
    "slow_asking": {
        "u": "U vraagt dit vaak achter elkaar. Probeer het over {wait} opnieuw.",
        "je": "Je vraagt dit vaak achter elkaar. Probeer het over {wait} opnieuw.",
        "en": "You are asking for this very often. Try again in {wait}.",
    },
    "slow_connection": {
        "u": "Het is nu erg druk in deze chat. Wacht {wait} en stuur het opnieuw.",
        "je": "Het is nu erg druk in deze chat. Wacht {wait} en stuur het opnieuw.",
        "en": "This chat is very busy now. Wait {wait} and send it again.",
    },
    "streams_full": {
        "u": "Nieuwe berichten komen met een kleine vertraging binnen.",
        "je": "Nieuwe berichten komen met een kleine vertraging binnen.",
        "en": "New messages arrive with a short delay.",
    },
    "file_type": {
        "u": "Dit soort bestand kan hier niet worden verstuurd.",
        "je": "Dit soort bestand kan hier niet worden verstuurd.",
        "en": "This kind of file cannot be sent here.",
    },
    "file_too_large": {
        "u": "Dit bestand is te groot: er passen {megabytes} MB in.",
        "je": "Dit bestand is te groot: er passen {megabytes} MB in.",
        "en": "This file is too large: {megabytes} MB fit.",
    },
    "file_too_slow": {
        "u": "Het versturen van dit bestand duurde te lang. Probeer het opnieuw met een betere "
        "verbinding, of stuur een kleiner bestand.",
        "je": "Het versturen van dit bestand duurde te lang. Probeer het opnieuw met een betere "
        "verbinding, of stuur een kleiner bestand.",
        "en": "Sending this file took too long. Try again on a better connection, or send a "
        "smaller file.",
    },
    "image_too_wide": {
        "u": "Deze afbeelding is te groot om te tonen. Maak hem kleiner en stuur hem opnieuw.",
        "je": "Deze afbeelding is te groot om te tonen. Maak hem kleiner en stuur hem opnieuw.",
        "en": "This picture is too large to be shown. Make it smaller and send it again.",
    },
    "file_empty": {
        "u": "Dit bestand is leeg.",
        "je": "Dit bestand is leeg.",
        "en": "This file is empty.",
    },
    "bad_field": {
        "u": "Vul dit in of kijk het na.",
        "je": "Vul dit in of kijk het na.",
        "en": "Please fill this in or check it.",
    },
    "bad_number": {
        "u": "Dit is geen telefoonnummer dat wij kennen. Schrijf het als 06 12345678.",
        "je": "Dit is geen telefoonnummer dat we kennen. Schrijf het als 06 12345678.",
        "en": "This is no telephone number that we know. Write it as +31 6 12345678.",
    },
    "bad_text": {
        "u": "Dit bericht is leeg of te lang.",
        "je": "Dit bericht is leeg of te lang.",
        "en": "This message is empty or too long.",
    },
    "hop_text": {
        "u": "Hallo! Ik ga graag hier verder. Mijn code is {code}",
        "je": "Hoi! Ik ga graag hier verder. Mijn code is {code}",
        "en": "Hello! I would like to go on here. My code is {code}",
    },
    "you": {"u": "U", "je": "Jij", "en": "You"},
    "us": {"u": "Medewerker", "je": "Medewerker", "en": "Agent"},
    "transcript": {
        "u": "Gesprek met {name}, begonnen op {date}",
        "je": "Gesprek met {name}, begonnen op {date}",
        "en": "Talk with {name}, begun on {date}",
    },
    "file": {"u": "Bestand", "je": "Bestand", "en": "File"},
    "topic": {"u": "Onderwerp", "je": "Onderwerp", "en": "Topic"},
}


def say(config: Mapping[str, Any], name: str, locale: str, /, **values: object) -> str:
    """Return a sentence in a language, in the tenant's tone, or in the tenant's own words."""
    forms = _SENTENCES[name]
    words = forms["en"] if locale != NL else forms[config["tone"]]
    return (own_words(config, name, locale) or words).format(**values)


def waiting_time(seconds: int, locale: str) -> str:
    """Return how long to wait, in words: what is more than a minute or two, in whole minutes."""
    one, more = _MINUTES[locale] if seconds > _SECONDS_TOLD else _SECONDS[locale]
    count = math.ceil(seconds / 60) if seconds > _SECONDS_TOLD else seconds
    return f"{count} {one if count == 1 else more}"


def own_words(config: Mapping[str, Any], name: str, locale: str) -> str:
    """Return the tenant's own words under this name, or '' where there are none.

    Words with other blanks than Balie's own would fail to be filled in, so they are not used.
    """
    found = json_object(config["texts"], "texts").get(name, "")
    words = found.get(locale, "") if isinstance(found, dict) else found
    blanks = _SENTENCES.get(name, {}).get("en", "")
    return words if _blanks(words) <= _blanks(blanks) else ""


def language(config: Mapping[str, Any], wanted: str) -> str:
    """Return the language to speak: the visitor's where it is one of ours."""
    short = wanted[:2].lower()
    return short if short in (NL, "en") else str(config["locale"])


def _blanks(words: str) -> set[str]:
    try:
        return {name or "" for _, name, _, _ in string.Formatter().parse(words) if name is not None}
    except ValueError:
        return {"", "broken"}
