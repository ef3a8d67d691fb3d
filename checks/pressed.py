"""Entries that only a script opens: seen on the home page, but nobody knows where they lead."""

from __future__ import annotations

from checks.facts import Region
from checks.snapshot import Snapshot
from checks.texts import fold

_LABEL = 12  # characters; what is longer is a headline


def scripted_labels(snapshot: Snapshot) -> tuple[str, ...]:
    """Labels of such entries outside the content of the home page, folded, in document order."""
    home = snapshot.home()
    if home is None:
        return ()
    found = (
        fold(link.text)
        for link in snapshot.links(home.url)
        if link.kind == "script-action" and link.region is not Region.CONTENT and not link.hidden
    )
    return tuple(dict.fromkeys(text for text in found if 0 < len(text) <= _LABEL))
