"""Trying the credentials, without changing anything."""

from balie.api import Context, Health, PluginError
from balie_crm_zendesk.auth import header
from balie_crm_zendesk.client import Client

from .texts import tell

#: https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/
API_TOKENS_END = "2027-04-30"


def check(ctx: Context) -> Health:
    """Ask Zendesk who we are; warn of what will end."""
    try:
        me = Client(ctx).me()
    except PluginError as problem:
        return Health(ok=False, text=str(problem))
    if not me.is_staff:
        return Health(ok=False, text=tell(ctx, "nobody"))
    text = tell(ctx, "signed_in", name=me.name, role=me.role)
    if header.is_legacy(ctx):
        text += " " + tell(ctx, "legacy", end=API_TOKENS_END)
    return Health(ok=True, text=text)
