"""Accessibility faults of what the templates share: one badge in the footer is one fault, not one per template."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checks.facts import AxePage, AxeRule

Hit = tuple[AxePage, AxeRule]
_ADDRESS = re.compile(r"""\b(src|href|action)=(["'])[^"']*?([^/"']*)/?\2""")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Shared:
    """One element that breaks `rule` in several templates. `nodes`: places a page shows the fault in at least."""

    rule: str
    result: str
    element: str
    hits: tuple[Hit, ...]
    templates: int
    nodes: int

    @property
    def id(self) -> str:
        """Short and the same in every round, as long as the element is."""
        return hashlib.sha256(self.element.encode()).hexdigest()[:8]


def element(html: str) -> str:
    """The element's own markup; of an address its last part, since pages in other folders write it otherwise."""
    return _SPACE.sub(" ", _ADDRESS.sub(r"\1=\2\3\2", html)).strip()


def find_shared(templates: Mapping[str, Sequence[AxePage]], tags: Iterable[str], least: int) -> tuple[Shared, ...]:
    """Elements that are the first to break a rule on pages of at least `least` templates, by rule and element."""
    wanted = frozenset(tags)
    seen: dict[tuple[str, str, str], list[tuple[str, Hit]]] = defaultdict(list)
    for template, pages in templates.items():
        for page in pages:
            for found in counted(page, wanted):
                if found.html:
                    seen[found.rule, found.result, element(found.html)].append((template, (page, found)))
    shared = []
    for (rule, result, markup), places in sorted(seen.items()):
        names = {template for template, _ in places}
        if len(names) >= least:
            hits = tuple(sorted((hit for _, hit in places), key=lambda hit: (hit[0].url, hit[0].mode)))
            nodes = min(found.nodes for _, found in hits)
            shared.append(Shared(rule, result, markup, hits, len(names), nodes))
    return tuple(shared)


def counted(page: AxePage, tags: Iterable[str]) -> list[AxeRule]:
    """The page's results that carry one of the tags; results without any tag count."""
    wanted = frozenset(tags)
    return [found for found in page.rules if not found.tags or wanted & set(found.tags)]


def without(found: AxeRule, shared: Iterable[Shared]) -> int:
    """Places of the fault on a page that are not the shared element's."""
    own = next((s.nodes for s in shared if (s.rule, s.result, s.element) == _key(found)), 0)
    return found.nodes - own


def _key(found: AxeRule) -> tuple[str, str, str]:
    return found.rule, found.result, element(found.html)
