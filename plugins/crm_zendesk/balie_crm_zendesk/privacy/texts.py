"""What is said of erasing, to the admin, in the tenant's language. Nobody is named."""

from typing import Final

from balie.api import Context

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "redacted": (
        "Ticket {ticket}: {comments} reacties en {files} bestanden onleesbaar gemaakt.",
        "Ticket {ticket}: {comments} comments and {files} files redacted.",
    ),
    "to_redact": (
        "Ticket {ticket}: {comments} reacties en {files} bestanden worden onleesbaar gemaakt.",
        "Ticket {ticket}: {comments} comments and {files} files would be redacted.",
    ),
    "among_redacted": (
        (
            "Ticket {ticket}, met anderen gedeeld: wat deze persoon zei is in {comments} reacties"
            " onleesbaar gemaakt, met {files} bestanden."
        ),
        (
            "Ticket {ticket}, shared with others: what this person said was redacted in {comments}"
            " comments, with {files} files."
        ),
    ),
    "among_to_redact": (
        (
            "Ticket {ticket}, met anderen gedeeld: wat deze persoon zei wordt in {comments}"
            " reacties onleesbaar gemaakt, met {files} bestanden."
        ),
        (
            "Ticket {ticket}, shared with others: what this person said would be redacted in"
            " {comments} comments, with {files} files."
        ),
    ),
    "others_too": (
        (
            "Ticket {ticket}: reactie {comment} is in zijn geheel onleesbaar gemaakt; wat anderen"
            " daarin zeiden was er niet van te scheiden."
        ),
        (
            "Ticket {ticket}: comment {comment} was redacted as a whole; what others said in it"
            " could not be told apart."
        ),
    ),
    "others_would": (
        (
            "Ticket {ticket}: reactie {comment} wordt in zijn geheel onleesbaar gemaakt; wat"
            " anderen daarin zeiden is er niet van te scheiden."
        ),
        (
            "Ticket {ticket}: comment {comment} would be redacted as a whole; what others said in"
            " it cannot be told apart."
        ),
    ),
    "merge_redacted": (
        (
            "Ticket {ticket}: {comments} reacties van een samenvoeging onleesbaar gemaakt, met"
            " {files} gekopieerde bestanden."
        ),
        "Ticket {ticket}: {comments} comments of a merge redacted, with {files} copied files.",
    ),
    "merge_to_redact": (
        (
            "Ticket {ticket}: {comments} reacties van een samenvoeging worden onleesbaar gemaakt,"
            " met {files} gekopieerde bestanden."
        ),
        (
            "Ticket {ticket}: {comments} comments of a merge would be redacted, with {files} copied"
            " files."
        ),
    ),
    "shared_merged": (
        (
            "Ticket {ticket}, met anderen gedeeld, is samengevoegd met een ander ticket. Wat daar"
            " is gekopieerd blijft staan: kijk na of er iets van deze persoon bij is."
        ),
        (
            "Ticket {ticket}, shared with others, was merged into another ticket. What was copied"
            " there stays: see whether anything of this person is among it."
        ),
    ),
    "ticket_gone": ("Ticket {ticket} is er niet meer.", "Ticket {ticket} is gone."),
    "visible": (
        "Ticket {ticket}: reactie {comment} is nog leesbaar ({why}).",
        "Ticket {ticket}: comment {comment} can still be read ({why}).",
    ),
    "file_there": (
        "Ticket {ticket}: een bestand bij reactie {comment} is er nog ({why}).",
        "Ticket {ticket}: a file of comment {comment} is still there ({why}).",
    ),
    "no_reason": ("Zendesk gaf geen reden", "Zendesk gave no reason"),
    "subject": ("[gewist]", "[erased]"),
    "subject_stays": (
        "Ticket {ticket} is gesloten: Zendesk laat onderwerp, velden en tags niet meer wijzigen.",
        "Ticket {ticket} is closed: Zendesk lets nobody change its subject, fields and tags.",
    ),
    "tags_refused": (
        "Ticket {ticket}: tags met naam of nummer konden niet worden weggehaald ({why}).",
        "Ticket {ticket}: tags with name or number could not be taken off ({why}).",
    ),
    "subject_refused": (
        "Ticket {ticket}: het onderwerp kon niet worden gewijzigd ({why}).",
        "Ticket {ticket}: its subject could not be changed ({why}).",
    ),
    "user_stays": (
        "Gebruiker {user} blijft, met naam en nummer (instelling erase=comments).",
        "User {user} stays, with name and number (setting erase=comments).",
    ),
    "user_is_staff": (
        "Gebruiker {user} is een medewerker en blijft.",
        "User {user} is an agent and stays.",
    ),
    "user_to_delete": (
        "Gebruiker {user} wordt definitief verwijderd; tickets van Balie worden eerst gesloten.",
        "User {user} would be deleted for good; Balie's tickets would be closed first.",
    ),
    "user_deleted": (
        "Gebruiker {user} is definitief verwijderd.",
        "User {user} was deleted for good.",
    ),
    "user_busy": (
        (
            "Gebruiker {user} kon niet worden verwijderd: {why} Sluit de andere tickets van deze"
            " gebruiker en probeer het opnieuw."
        ),
        "User {user} could not be deleted: {why} Close this user's other tickets and try again.",
    ),
}


def tell(ctx: Context, what: str, **values: object) -> str:
    """Return a sentence in the tenant's language."""
    dutch, english = _TEXTS[what]
    return (dutch if ctx.tenant.locale == "nl" else english).format(**values)
