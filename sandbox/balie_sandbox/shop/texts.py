"""What the shop says, in English and Dutch."""

from typing import Any

TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "name": "De Balie",
        "claim": "For those who cycle on.",
        "about": "Bells, lamps and saddles that last for years, chosen and tried by people who "
        "cycle to work every day. Ordered before nine, at your door tomorrow.",
        "shop": "Shop",
        "service": "Service",
        "basket": "Basket",
        "ask": "Ask us",
        "ask_about": "A question about this?",
        "add": "Put in basket",
        "stock": "In stock. Ordered today, delivered tomorrow.",
        "back": "All products",
        "popular": "Often bought",
        "service_text": "We gladly help. Chat with us, or write to us on WhatsApp: your question "
        "stays one conversation.",
        "promises": [
            ("Free delivery from €40", "To your door, or to a pick-up point around the corner."),
            ("Thirty days to think", "Not what you had in mind? Send it back, we pay."),
            ("Mechanics who answer", "Who has fitted it explains it best."),
        ],
        "foot": "De Balie is a made-up shop. Nothing is sold here.",
        "products": {
            "bell": ("Brass bell", "Rings once, and far. Turned from one piece of brass."),
            "lamp": ("Dynamo lamp", "Forty lux, and it shines on for four minutes at a red light."),
            "saddle": ("Leather saddle", "Takes your shape in two hundred kilometres."),
            "lock": ("Folding lock", "Steel links of six millimetres; fits beside the bottle."),
            "bag": ("Pannier", "Twenty litres, dry in any shower, off in one move."),
            "pump": ("Floor pump", "Eight bar in twenty strokes, with a dial that can be read."),
        },
    },
    "nl": {
        "name": "De Balie",
        "claim": "Voor wie doorfietst.",
        "about": "Bellen, lampen en zadels die jaren meegaan, gekozen en geprobeerd door mensen "
        "die elke dag naar hun werk fietsen. Voor negen uur besteld, morgen in huis.",
        "shop": "Winkel",
        "service": "Service",
        "basket": "Winkelmand",
        "ask": "Vraag het ons",
        "ask_about": "Een vraag hierover?",
        "add": "In winkelmand",
        "stock": "Op voorraad. Vandaag besteld, morgen in huis.",
        "back": "Alle producten",
        "popular": "Vaak gekocht",
        "service_text": "We helpen u graag. Chat met ons, of schrijf ons op WhatsApp: uw vraag "
        "blijft één gesprek.",
        "promises": [
            ("Gratis bezorgd vanaf € 40", "Thuis, of bij een afhaalpunt om de hoek."),
            ("Dertig dagen bedenktijd", "Toch niet wat u zocht? Stuur het terug, wij betalen."),
            ("Monteurs die antwoorden", "Wie het gemonteerd heeft, legt het het beste uit."),
        ],
        "foot": "De Balie is een verzonnen winkel. Er wordt hier niets verkocht.",
        "products": {
            "bell": ("Messing bel", "Klinkt één keer, en ver. Uit één stuk messing gedraaid."),
            "lamp": ("Dynamolamp", "Veertig lux, en brandt bij rood licht vier minuten door."),
            "saddle": ("Leren zadel", "Neemt in tweehonderd kilometer uw vorm aan."),
            "lock": ("Vouwslot", "Stalen schakels van zes millimeter; past naast de bidon."),
            "bag": ("Fietstas", "Twintig liter, droog in elke bui, in één beweging eraf."),
            "pump": ("Vloerpomp", "Acht bar in twintig slagen, met een wijzer die te lezen is."),
        },
    },
}
