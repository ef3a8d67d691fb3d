"""What the browser pass sets out to do. The same inputs give the same plan, in the same order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_DIGITS = re.compile(r"\d+")
_HASH = re.compile(r"(?i)(?=[0-9a-f]*\d)[0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4}")
_INDEX = re.compile(r"(?i)(?:index|default|list)(?:_?#)?\.(?:s?html?|jsp|aspx?|php)")

HOME = "首页"
COLUMN = "栏目首页"
SAMPLE = "模板抽样"
COMPARED = 6  # pages that the browser fetches itself, to be held against what the crawler was sent


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A page for the accessibility pass: its template key, and why it was chosen (首页, 栏目首页：id, 模板抽样)."""

    url: str
    template: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """URLs to render, to test, to photograph and to time; each URL once per list. The home page is `axe[0]`."""

    render: tuple[str, ...] = ()
    axe: tuple[PlannedPage, ...] = ()
    screenshots: tuple[str, ...] = ()
    home: str = ""  # elder mode is switched on here; blank = not at all
    timed: tuple[str, ...] = ()  # pages whose load time is measured, over the network
    anew: frozenset[str] = frozenset()  # of `render`: fetched by the browser itself, not shown from the store
    compared: tuple[str, ...] = ()  # fetched once more by the browser: is it sent what the crawler was sent?

    def urls(self) -> tuple[str, ...]:
        """Every URL once: tested pages first, then those only rendered, then those only photographed."""
        return tuple(dict.fromkeys((*(p.url for p in self.axe), *self.render, *self.screenshots)))


def make_plan(
    home: str,
    columns: Iterable[tuple[str, str]],
    needs_render: Iterable[str],
    articles: Iterable[tuple[str, str]],
    finding_pages: Iterable[str],
    sample_articles: int,
    seed: int,
    timed: Iterable[str] = (),
    doubted: Iterable[str] = (),
) -> Plan:
    """Plan the pass: the home page, every column front `(column id, url)`, and a seeded sample of `(url, template)`.

    The sample takes the largest templates first, one page of each before a second of any. Which page of a template
    is taken follows from a hash of seed and URL, so a page more or less on the site leaves the rest of the sample
    as it was. Photographed are home page, column fronts and the pages findings need; `timed` is taken as it is.
    `doubted` are lists that looked empty to the crawler: a site may show browsers another page than machines, so the
    browser fetches them itself.
    """
    planned: dict[str, PlannedPage] = {}
    if home:
        planned[home] = PlannedPage(home, template_of(home), HOME)
    for column_id, url in columns:
        if url:
            planned.setdefault(url, PlannedPage(url, template_of(url), f"{COLUMN}：{column_id}"))
    photographed = dict.fromkeys((*planned, *sorted(set(finding_pages))))
    for url, template in _sample(articles, frozenset(planned), sample_articles, seed):
        planned[url] = PlannedPage(url, template, SAMPLE)
    anew = frozenset(doubted)
    return Plan(
        tuple(sorted({*needs_render, *anew})),
        tuple(planned.values()),
        tuple(photographed),
        home,
        tuple(dict.fromkeys(timed)),
        anew,
        tuple(sorted(planned, key=lambda u: (u != home, _rank(seed, u)))[:COMPARED]),
    )


def _sample(
    articles: Iterable[tuple[str, str]], taken: frozenset[str], size: int, seed: int
) -> list[tuple[str, str]]:
    groups: dict[str, set[str]] = {}
    for url, template in articles:
        if url not in taken:
            groups.setdefault(template or template_of(url), set()).add(url)
    ranked = [
        (template, sorted(urls, key=lambda u: _rank(seed, u)))
        for template, urls in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
    ]
    rounds = range(max((len(urls) for _, urls in ranked), default=0))
    chosen = ((urls[turn], template) for turn in rounds for template, urls in ranked if turn < len(urls))
    return [pair for pair, _ in zip(chosen, range(size), strict=False)]


def _rank(seed: int, url: str) -> str:
    return hashlib.sha256(f"{seed}\n{url}".encode()).hexdigest()


def template_of(url: str) -> str:
    """Key of the layout a page most likely shares: host, first directory, shape of the file name, query names.

    Numbers become `#` and hashes `*`, so `/zwgk/tzgg/202306/t20230605_12.html` gives `host/zwgk/…/t#_#.html`.
    Deeper directories are columns, not layouts, and fold into `…`.
    """
    parts = urlsplit(url)
    segments = [_shape(s) for s in parts.path.split("/")]
    file = "" if _INDEX.fullmatch(segments[-1]) else segments[-1]
    folders = [s for s in segments[:-1] if s]
    path = "/".join((*folders[:1], *(("…",) if len(folders) > 1 else ()), file))
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{(parts.hostname or '').lower()}/{path}" + (f"?{'&'.join(names)}" if names else "")


def _shape(segment: str) -> str:
    return _DIGITS.sub("#", _HASH.sub(lambda m: "#" if m[0].isdigit() else "*", segment))
