"""What WhatsApp holds of a person, which is nothing that a business could read or erase.

Messages rest at Meta for at most thirty days, for their delivery, and the Cloud API has no way to
take one back. https://developers.facebook.com/docs/whatsapp/cloud-api/overview/data-privacy-and-security
"""

from balie.api import Concerned, Context, Erased

_STAYS = {
    "nl": "WhatsApp bewaart berichten ten hoogste dertig dagen om ze te bezorgen en biedt geen weg "
    "om ze te wissen. Op de telefoon van de klant blijven ze staan.",
    "en": "WhatsApp keeps messages for at most thirty days, to deliver them, and offers no way to "
    "erase them. On the customer's phone they stay.",
}


def erase(ctx: Context, who: Concerned) -> Erased:  # noqa: ARG001 -- it is so for everybody
    """Say that there is nothing to be erased."""
    return Erased(kept=(_STAYS.get(ctx.tenant.locale, _STAYS["en"]),))
