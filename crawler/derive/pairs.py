"""Policy files and their interpretations: by link, by document number, by title, else by likeness."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from checks.facts import Page, PageKind, Pair, PairBasis

Links = Mapping[str, Mapping[str, str]]
FUZZY_LIMIT = 0.75  # rules.md policy-uninterpreted: title >= 0.75
_FORMAL = re.compile(
    r"关于|印发|转发|公布|发布|的通知|的通告|的公告|的决定|的意见|的批复|通知|政策解读|解读|图解|一图读懂|一图看懂|图说|政策问答|问答|"
    r"视频解读|视频|动漫|音频|文字|媒体|专家|部门|负责人|答记者问|新闻发布会|[\s《》〈〉“”\"'‘’（）()〔〕\[\]【】:：,，、。.!！?？;；\-—－·|]+"
)
LINK_LIKENESS = 0.3
_NAMED = re.compile(r"《([^《》]{2,120})》")
_ISSUER = re.compile(r"^[^《》]{2,30}?(?:政府|办公室|委员会|局|厅|部|院|中心)(?=关于)")
_LABEL = re.compile(
    r"^[\s【\[>»·]*(?:相关|查看|点击|阅读|政策|文件|文字|音频|视频|图片|图文|媒体|专家|部门|负责人|一图)*"
    r"(?:解读|原文|文件|全文|读懂|看懂|政策|链接)[\s】\]>»·：:]*$"
)
_DOCNO = re.compile(r"[一-鿿]{2,10}[〔\[（(【]\s*(20\d{2})\s*[〕\]）)】]\s*(\d{1,4})\s*号")


def find_pairs(policies: Iterable[Page], interpretations: Iterable[Page], links: Links) -> Iterator[Pair]:
    """Pairs in order of policy and interpretation URL.

    `links` maps a page to the policy or interpretation pages it links to in its content, with the link's text. An
    interpretation may explain several policies; the strongest basis wins: link, document number in title or text,
    equal stripped titles, likeness. A link alone is not enough: a side bar of recent items links to everything, so
    the titles must be somewhat alike or the link must be a label such as 政策解读 or 查看原文.
    """
    pages = sorted(policies, key=lambda p: p.url)
    readings = sorted(interpretations, key=lambda p: p.url)
    by_docno: dict[str, list[Page]] = defaultdict(list)
    by_core: dict[str, list[Page]] = defaultdict(list)
    grams: dict[str, frozenset[str]] = {}
    inverted: dict[str, set[int]] = defaultdict(set)
    for n, policy in enumerate(pages):
        if policy.docno:
            by_docno[fold_docno(policy.docno.value)].append(policy)
        core = core_title(policy)
        if len(core) >= 6:
            by_core[core].append(policy)
            grams[policy.url] = _grams(core)
            for gram in grams[policy.url]:
                inverted[gram].add(n)
    found: dict[tuple[str, str], Pair] = {}
    for reading in readings:
        for pair in _of_one(reading, pages, by_docno, by_core, grams, inverted, links):
            found.setdefault((pair.policy, pair.interpretation), pair)
    yield from (found[key] for key in sorted(found))


def _of_one(
    reading: Page,
    pages: list[Page],
    by_docno: Mapping[str, list[Page]],
    by_core: Mapping[str, list[Page]],
    grams: Mapping[str, frozenset[str]],
    inverted: Mapping[str, set[int]],
    links: Links,
) -> Iterator[Pair]:
    def pair(policy: Page, basis: PairBasis, quote: str, likeness: float = 1.0) -> Pair:
        return Pair(
            policy.url,
            reading.url,
            basis,
            round(likeness, 3),
            policy_links=reading.url in links.get(policy.url, ()),
            interpretation_links=policy.url in links.get(reading.url, ()),
            quote=quote[:200],
        )

    sure: set[str] = set()
    core = core_title(reading)
    for policy in pages:
        if policy.url == reading.url:
            continue
        if _linked(policy, reading, core, grams, links):
            sure.add(policy.url)
            yield pair(policy, PairBasis.LINK, policy.title.value if policy.title else "")
    head = (reading.title.value if reading.title else "") + "\n" + reading.text[:3000]
    for match in _DOCNO.finditer(unicodedata.normalize("NFKC", head).replace("[", "〔").replace("]", "〕")):
        for policy in by_docno.get(fold_docno(match.group()), ()):
            if policy.url not in sure and policy.url != reading.url:
                sure.add(policy.url)
                yield pair(policy, PairBasis.DOCNO, match.group())
    for policy in by_core.get(core, ()):
        if policy.url not in sure and policy.url != reading.url:
            sure.add(policy.url)
            yield pair(policy, PairBasis.TITLE, core)
    if sure or len(core) < 6:
        return
    own = _grams(core)
    candidates = {n for gram in own for n in inverted.get(gram, ())}
    for n in sorted(candidates):
        policy = pages[n]
        other = grams[policy.url]
        likeness = 2 * len(own & other) / (len(own) + len(other))
        if likeness >= FUZZY_LIMIT and policy.url != reading.url:
            yield pair(policy, PairBasis.FUZZY, core, likeness)


def _linked(policy: Page, reading: Page, core: str, grams: Mapping[str, frozenset[str]], links: Links) -> bool:
    texts = [links.get(a, {}).get(b) for a, b in ((policy.url, reading.url), (reading.url, policy.url))]
    if all(text is None for text in texts):
        return False
    if any(text and _LABEL.match(text) for text in texts):
        return True
    own, other = _grams(core), grams.get(policy.url, frozenset())
    return bool(own and other) and 2 * len(own & other) / (len(own) + len(other)) >= LINK_LIKENESS


def is_interpretation(page: Page, interpretation_columns: frozenset[str]) -> bool:
    return page.kind is PageKind.INTERPRETATION or (
        page.column in interpretation_columns and page.kind in (PageKind.ARTICLE, PageKind.OTHER)
    )


def core_title(page: Page) -> str:
    """What a policy's and its interpretation's titles share: the name of the document without the formal parts."""
    if page.title is None:
        return ""
    title = unicodedata.normalize("NFKC", page.title.value)
    named = max(_NAMED.findall(title), key=len, default="")
    if len(named) >= 6:
        return _FORMAL.sub("", named)
    return _FORMAL.sub("", _ISSUER.sub("", title))


def fold_docno(text: str) -> str:
    """青政发〔2026〕3号, whatever brackets and spaces were used; digits without leading zeros."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    folded = re.sub(r"[\[(【〔]", "〔", folded)
    folded = re.sub(r"[\])】〕]", "〕", folded)
    match = re.search(r"([一-鿿]{2,10})〔(20\d{2})〕第?0*(\d{1,4})号", folded)
    if not match:
        return folded
    series = re.sub(r"^.*?(?:根据|按照|依据|落实|执行|印发|以及|和|与|的)", "", match.group(1))
    return f"{series}〔{match.group(2)}〕{match.group(3)}号"


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
