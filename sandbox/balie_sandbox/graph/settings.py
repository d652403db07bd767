"""Switches of the Graph side."""

from dataclasses import dataclass


@dataclass(slots=True)
class Settings:
    """POST /control/whatsapp/settings changes them; POST /control/reset brings them back."""

    #: 131056 beyond a burst of 45 and one message per 6 seconds to one customer.
    pair_limit: bool = True
    #: 130429 beyond this many messages in one second on one number.
    throughput_limit: bool = True
    messages_per_second: int = 80
    #: 131048 beyond the tier's customers outside the window in 24 hours.
    tier_limit: bool = True
    #: 80007 beyond this many management calls an hour; 0 stands for Meta's 200 or 5,000.
    management_limit: bool = True
    management_calls_per_hour: int = 0
    #: Refuse outside the 24-hour window in the answer, instead of by a failed status.
    window_error_sync: bool = False
    #: Write webhooks with \\uXXXX and \\/, as Meta often does.
    escape_unicode: bool = True
    #: Retry webhooks that failed.
    retries: bool = True
    #: Put up to this many changes of one number into one webhook, as Meta may under load.
    batch_size: int = 1
    #: Let the first status arrive before the answer to the send, as Meta sometimes does.
    status_before_answer: bool = False
    #: Put ``conversation`` into statuses, as for apps on v23.0 and older.
    conversations: bool = False
    #: Put the 5-minute URL of a file into webhooks, as Meta does since November 2025.
    media_urls: bool = True
    #: How a number that is not shared is written: "omit", "null" or "empty".
    hidden_fields: str = "omit"
    #: The origin of file URLs, such as "http://127.0.0.1:8001"; empty: as the caller came.
    media_origin: str = ""
    #: Fail (131053) on links to hosts that this sandbox does not fetch from.
    strict_links: bool = False
    #: What becomes of a new template, and after how many real seconds.
    review: str = "approve"
    review_seconds: float = 1.0
    #: Only these digits may be written to (131030), as with Meta's test numbers.
    allowed_recipients: str = ""
