"""What is there already: templates that can be sent, and groups with their names."""

from collections import Counter

from balie.api import Step
from balie_whatsapp.inbound.groups import remember
from balie_whatsapp.setup.bench import Bench
from balie_whatsapp.templates.catalogue import list_templates
from balie_whatsapp.untrusted import identifier, mapping, mappings, one_line

TEMPLATES = ("Sjablonen", "Templates")
GROUPS = ("Groepen", "Groups")


def count_templates(bench: Bench) -> Step:
    """Tell how many templates there are, by what Meta thinks of them."""
    counted = Counter(template.status for template in list_templates(bench.ctx))
    told = ", ".join(f"{count} {status}" for status, count in sorted(counted.items()))
    if not counted["APPROVED"]:
        return bench.done(
            TEMPLATES,
            f"Geen goedgekeurd sjabloon; na 24 uur kan er dan geen antwoord. {told}".strip(),
            f"No approved template; after 24 hours no answer is possible then. {told}".strip(),
        )
    return bench.done(TEMPLATES, f"{told}.", f"{told}.")


def learn_groups(bench: Bench) -> Step:
    """Keep what groups are called: their messages do not tell."""
    answer = bench.client.read(bench.client.of_number("groups"), limit="100")
    groups = mappings(mapping(answer.get("data")).get("groups"))
    for group in groups:
        if known := identifier(group.get("id")):
            remember(bench.ctx, known, one_line(group.get("subject"), 128))
    return bench.done(GROUPS, f"{len(groups)} gevonden.", f"{len(groups)} found.")
