"""Pieces of templates, as Meta lists them; after the examples of its pages."""

BODY = {
    "type": "BODY",
    "text": "Thank you, {{1}}! Your order number is {{2}}.",
    "example": {"body_text": [["Pablo", "860198-230332"]]},
}
NAMED = {
    "type": "BODY",
    "text": "Hi {{first_name}}, order {{order_number}} is on its way.",
    "example": {
        "body_text_named_params": [
            {"param_name": "first_name", "example": "Pablo"},
            {"param_name": "order_number", "example": "860198-230332"},
        ]
    },
}
HEADER = {
    "type": "HEADER",
    "format": "TEXT",
    "text": "Our {{1}} is on!",
    "example": {"header_text": ["Summer Sale"]},
}
IMAGE = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW..."]}}
FOOTER = {"type": "FOOTER", "text": "Not interested? Tap Stop."}
BUTTONS = {
    "type": "BUTTONS",
    "buttons": [
        {"type": "QUICK_REPLY", "text": "Unsubscribe"},
        {
            "type": "URL",
            "text": "Track",
            "url": "https://bakker.example/track?code={{1}}",
            "example": ["https://bakker.example/track?code=9"],
        },
        {"type": "URL", "text": "Shop", "url": "https://bakker.example/"},
        {"type": "COPY_CODE", "example": "250FF"},
        {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "31655509999"},
    ],
}


def listed(components, name="order", language="nl", status="APPROVED", **more):
    return {
        "id": "1",
        "name": name,
        "language": language,
        "status": status,
        "category": "UTILITY",
        "components": components,
        **more,
    }
