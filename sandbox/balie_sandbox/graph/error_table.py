"""Meta's error codes: title, HTTP status and usual details (reference/whatsapp.md 8.7)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """One row of Meta's error table: its title, its HTTP status, and its usual details."""

    title: str
    http: int = 400
    details: str = ""


PAIR_DETAILS = (
    "Message failed to send because there were too many messages sent from this phone number "
    "to the same phone number in a short period of time."
)
WINDOW_DETAILS = (
    "Message failed to send because more than 24 hours have passed since the customer last "
    "replied to this number."
)

KNOWN = {
    0: Known("AuthException", 401),
    1: Known("Invalid request or possible server error"),
    2: Known("Service temporarily unavailable", 503),
    3: Known("Application does not have the capability to make this API call", 500),
    4: Known("Application request limit reached"),
    10: Known("Application does not have permission for this action", 403),
    33: Known("The business phone number has been deleted"),
    100: Known("Invalid parameter"),
    190: Known("Invalid OAuth access token", 401),
    200: Known("Provide valid app ID", 403),
    368: Known("Temporarily blocked for policies violations", 403),
    80007: Known("Rate limit issues", 400, "The account has reached its rate limit."),
    130403: Known("User is blocked", 400, "The business has blocked this user."),
    130429: Known("Rate limit hit", 400, "Cloud API message throughput has been reached."),
    130472: Known("User's number is part of an experiment"),
    130497: Known("Business account is restricted from messaging users in this country", 403),
    131000: Known("Something went wrong", 500, "Message failed to send due to an unknown error."),
    131005: Known("Access denied", 403),
    131008: Known("Required parameter is missing"),
    131009: Known("Parameter value is not valid"),
    131016: Known("Service unavailable", 500, "Service temporarily unavailable."),
    131020: Known("Group is not valid"),
    131021: Known(
        "Recipient cannot be sender",
        400,
        "The recipient's phone number is the same as the sender's phone number.",
    ),
    131026: Known("Message undeliverable", 400, "Message Undeliverable."),
    131030: Known(
        "Recipient phone number not in allowed list",
        400,
        "Add the recipient's phone number to the list of allowed recipients and try again.",
    ),
    131031: Known("Business Account locked", 403, "The account has been restricted or disabled."),
    131037: Known("Display name needs to be approved before sending messages"),
    131041: Known("Group is unknown"),
    131042: Known(
        "Business eligibility payment issue",
        400,
        "Message failed to send because there were one or more errors related to your payment "
        "method.",
    ),
    131044: Known("Payment method is missing for calls"),
    131045: Known("Incorrect certificate", 500, "The phone number is not registered."),
    131047: Known("Re-engagement message", 400, WINDOW_DETAILS),
    131048: Known(
        "Spam rate limit hit",
        400,
        "Message failed to send because there are restrictions on how many messages can be "
        "sent from this phone number.",
    ),
    131049: Known(
        "This message was not delivered to maintain healthy ecosystem engagement.",
        400,
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131050: Known(
        "User has stopped marketing messages",
        400,
        "The recipient has chosen to stop receiving marketing messages from the business.",
    ),
    131051: Known("Unsupported message type", 400, "Message type is currently not supported."),
    131052: Known("Media download error", 400, "The media could not be downloaded."),
    131053: Known("Media upload error", 400, "The media could not be uploaded."),
    131055: Known("Method not allowed"),
    131056: Known("(Business Account, Consumer Account) pair rate limit hit", 400, PAIR_DETAILS),
    131057: Known("Account in maintenance mode", 500),
    131059: Known("Invalid cursor"),
    131060: Known("Message unavailable", 400, "This message is currently unavailable."),
    131062: Known(
        "Message type is not supported for this recipient",
        400,
        "Authentication templates need a phone number as the recipient.",
    ),
    131063: Known("Marketing templates are disabled on Cloud API"),
    131064: Known("Limited because of template classification violations"),
    131207: Known("Group is suspended", 403),
    131211: Known("Too many groups"),
    131212: Known("Not a participant of the group"),
    131213: Known("Join request does not exist"),
    132000: Known("Number of parameters does not match the expected number of params"),
    132001: Known("Template name does not exist in the translation", 404),
    132005: Known("Translated text too long"),
    132007: Known("Template format character policy violated"),
    132012: Known("Parameter format does not match format in the created template"),
    132015: Known("Template is paused", 400, "Template is paused due to low quality."),
    132016: Known("Template is disabled", 400, "Template is disabled due to low quality."),
    132018: Known("Template parameter is not valid"),
    132068: Known("Flow is blocked"),
    132069: Known("Flow is throttled"),
    133000: Known("Incomplete deregistration", 500),
    133004: Known("Server temporarily unavailable", 503),
    133005: Known("Two step verification PIN mismatch"),
    133006: Known("Phone number needs to be verified before registering"),
    133008: Known("Too many two step verification PIN guesses"),
    133009: Known("Two step verification PIN guessed too fast"),
    133010: Known("The account is not registered"),
    133015: Known("Please wait a few minutes before registering this phone number"),
    133016: Known("Account register deregister rate limit exceeded"),
    134100: Known("Only marketing messages are supported"),
    134101: Known("Template is syncing"),
    134102: Known("Template is unavailable", 500),
    135000: Known("Generic user error"),
    136024: Known("Request code error"),
    136025: Known("Verify code error", 400, "The code is not right."),
    137000: Known(
        "Recipient identity key hash mismatch",
        400,
        "The recipient's identity key hash does not match the one that was sent.",
    ),
    138000: Known("Calling is not enabled", 401),
    138001: Known("Receiver cannot be called"),
    138006: Known("No approved call permission from the recipient", 401),
    138009: Known("Call permission request limit reached"),
    138015: Known("Calling cannot be enabled"),
    139100: Known("Failed to block or unblock some users"),
    139103: Known("Block list limit reached"),
    147001: Known("Username is not valid"),
    147002: Known("Username is not available"),
    2494100: Known("Phone number in maintenance"),
    2593107: Known("Synchronization request limit exceeded"),
    2593108: Known("Synchronization request is out of the time window"),
    2593109: Known("History sharing is turned off by the business from the WhatsApp app"),
}
