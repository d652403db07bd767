"""The account as it is after a reset. All values are fictional, and fixed for demos' sake."""

from typing import Final

ACCOUNT_ID: Final = 22000001
SUBDOMAIN: Final = "balie-demo"

CLIENT_ID: Final = "balie"
CLIENT_SECRET: Final = "sandbox-only-not-a-secret"  # noqa: S105 - published on purpose
API_TOKEN: Final = "sandbox-only-not-a-token"  # noqa: S105 - published on purpose

GROUP_ID: Final = 8_400_000_000_001
GROUP_NAME: Final = "Support"
BRAND_ID: Final = 8_400_000_000_002
BRAND_NAME: Final = "Balie demo"
TICKET_FORM_ID: Final = 8_400_000_000_003
#: The default custom statuses, in the order of their categories.
FIRST_CUSTOM_STATUS_ID: Final = 8_400_000_010_102
TRIGGER_CATEGORY_ID: Final = "8400000000004"

ADMIN_ID: Final = 8_400_000_000_101
ADMIN_NAME: Final = "Balie bridge"
ADMIN_EMAIL: Final = "bridge@example.com"

#: The agents at the desk: id, name, alias (what customers see), e-mail.
AGENTS: Final = (
    (8_400_000_000_102, "Noor", "Noor (Support)", "noor@example.com"),
    (8_400_000_000_103, "Daan", "Daan (Support)", "daan@example.com"),
)

BRIDGE_TAG: Final = "balie"
