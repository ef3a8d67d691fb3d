"""Names of facts that more than one rule sees, each from its own side: one fact costs once within a standard.

A rule that may meet another one on the same broken thing at the same place names it here, and nowhere else; the
scoring charges the dearest of the findings and says of the others under which they are counted.
"""

from __future__ import annotations


def dead_link(url: str) -> str:
    """A link whose target does not open: as a link, as one to a closed site, as the address of an account."""
    return f"dead-link|{url.split('://', 1)[-1].rstrip('/').lower()}"


def column(column_id: str) -> str:
    """A column that is missing, empty or out of date: as a column, as a list of messages, catalogue or statistics."""
    return f"column|{column_id}"


def other_host(host: str) -> str:
    """A host beside the portal's: as one of a wrong kind, as one that columns were put on."""
    return f"other-host|{host}"


def late_paper(url: str) -> str:
    """A paper put online after its term: by the general term, by that of penalties or of budgets."""
    return f"late-paper|{url}"


def term_of(url: str) -> str:
    """The days between which a call for opinions runs, not stated: as an item it lacks, as a term that is unknown."""
    return f"term-of|{url}"


def result_of(url: str) -> str:
    """The result of a call for opinions, published late or not at all."""
    return f"result-of|{url}"


def site_item(item: str) -> str:
    """A mark every page of the site has to carry, whichever list of marks asks for it."""
    return f"site-item|{item}"
