"""Signs a delivery as Zendesk does (developer docs, webhooks/verifying)."""

import base64
import hashlib
import hmac

#: Signs test deliveries of webhooks that do not exist yet. Public, the same for every account.
TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105 - published by Zendesk


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """base64(HMAC-SHA256(secret, timestamp + body)); the secret as text, not base64-decoded."""
    digest = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
