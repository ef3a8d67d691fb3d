"""敏感信息: wrong wording, and names and titles of leaders, by the lists of the office itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ahocorasick_rs import AhoCorasick
from pydantic import field_validator

from checks.facts import Page
from checks.items import shown_day, title_of
from checks.rule import Example, Params, rule, words
from checks.scanning import scan
from checks.snapshot import Snapshot
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article
from checks.verdicts import Verdict, inapplicable

_LAW = ("国办秘函〔2019〕19号 单项否决“严重表述错误”", "国办发〔2017〕47号《政府网站发展指引》：信息审核")


class Wording(Params):
    pairs: tuple[str, ...] = words("错误→正确|允许的语境（用|隔开，可省），由办公室提供", ())
    protected: tuple[str, ...] = words("不得错写的固定表述（不少于四字），由办公室提供", ())

    @field_validator("pairs")
    @classmethod
    def arrows(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        bad = [v for v in value if not re.fullmatch(r"[^→|]+→[^→|]+(\|[^→]+)?", v)]
        if bad:
            raise ValueError(f"应写成“错误→正确|允许的语境”，不符合的有{bad[:3]}")
        return value


@dataclass(frozen=True)
class _Phrases:
    """Wrong phrases with their corrections and allowed contexts, and the automaton that finds them."""

    wrong: tuple[str, ...]
    right: tuple[str, ...]
    allowed: tuple[tuple[str, ...], ...]
    protected: tuple[str, ...]
    automaton: AhoCorasick
    halves: tuple[str, ...]
    half_automaton: AhoCorasick

    @classmethod
    def of(cls, params: Wording) -> _Phrases:
        split = [p.split("|") for p in params.pairs]
        wrong = tuple(p[0].split("→")[0] for p in split)
        right = tuple(p[0].split("→")[1] for p in split)
        protected = tuple(p for p in params.protected if len(p) >= 4)
        halves = tuple(h for p in protected for h in (p[: len(p) // 2], p[len(p) // 2 :]))
        return cls(
            wrong,
            right,
            tuple(tuple(p[1:]) for p in split),
            protected,
            AhoCorasick(wrong),
            halves,
            AhoCorasick(halves),
        )

    def find(self, page: Page) -> list[str]:
        text = f"{title_of(page)} {page.text}"
        return [*self._pairs(text), *self._near(text)]

    def _pairs(self, text: str) -> Iterator[str]:
        for index, start, end in self.automaton.find_matches_as_indexes(text):
            around = text[max(0, start - 10) : end + 10]
            if self.right[index] not in around and not any(a in around for a in self.allowed[index]):
                yield f"“…{text[max(0, start - 8) : end + 8]}…”应为“{self.right[index]}”"

    def _near(self, text: str) -> Iterator[str]:
        """Places where all but one character of a protected phrase stand, found by its unchanged half."""
        for index, start, _ in self.half_automaton.find_matches_as_indexes(text, overlapping=True):
            phrase = self.protected[index // 2]
            begin = start if index % 2 == 0 else start - len(phrase) // 2
            seen = text[begin : begin + len(phrase)] if begin >= 0 else ""
            differing = [(a, b) for a, b in zip(phrase, seen, strict=False) if a != b]
            if len(seen) == len(phrase) and len(differing) == 1 and "一" <= differing[0][1] <= "龥":
                yield f"“{seen}”疑似应为“{phrase}”"


def _page(text: str) -> TinySnapshot:
    return tiny(pages=(article("xw/1.html", "工作简讯", "2026-08-01", text, owner="zfb"),))


_PAIRS = {"pairs": ["区人民攻府→区人民政府"], "protected": ["实事求是"]}


@rule(
    "wording-error",
    version=1,
    title="疑似表述错误",
    topic="sensitive",
    logic="U",
    guard="unit",
    params=Wording,
    manual=True,
    legal=_LAW,
    messages={
        "passed": "{unit_name}已扫描{count}页，未命中办公室提供的错误表述表。",
        "cannot-tell.needs-judgement": "“{title}”疑似表述错误：{hits}，请人工核对。",
        "grouped": "该栏目有{count}页疑似表述错误，如“{title}”：{hits}，请人工核对。",
        "gap": "{unit_name}已扫描{count}页未命中，但该单位页面未查全（{gap}）。",
        "inapplicable": "办公室没有提供错误表述表，本项不检查。",
    },
    why="严重表述错误是单项否决指标，但是否严重必须由人判断。",
    fix="1. 打开“{title}”，对照原文核对标出的词语。\n2. 确属错误的，立即更正并重新发布。"
    "\n3. 属于引文或专有名称的，报政务公开办加入允许语境。",
    recheck="页面不再出现所标词语，或办公室认定为允许语境",
    question="标出的词语是否确属表述错误？",
    examples=(
        Example(
            "没有命中",
            _page("坚持实事求是。"),
            "passed",
            "区政府办已扫描1页，未命中办公室提供的错误表述表。",
            params=_PAIRS,
            subject="zfb",
        ),
        Example(
            "错别字",
            _page("示例区人民攻府召开座谈。"),
            "cannot-tell",
            "“工作简讯”疑似表述错误：“…工作简讯 示例区人民攻府召开座谈。…”应为“区人民政府”，请人工核对。",
            params=_PAIRS,
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "同一栏目多页",
            tiny(
                pages=tuple(
                    article(f"xw/{n}.html", "简讯", "2026-08-01", "坚持实事求事。", owner="zfb", column="xw")
                    for n in range(6)
                )
            ),
            "cannot-tell",
            "该栏目有6页疑似表述错误，如“简讯”：“实事求事”疑似应为“实事求是”，请人工核对。",
            params=_PAIRS,
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "页面未查全",
            tiny(coverage=BLOCKED),
            "cannot-tell",
            "区政府办已扫描0页未命中，但该单位页面未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截））。",
            params=_PAIRS,
            reason="blocked",
        ),
        Example("没有提供词表", _page("任意文字"), "inapplicable", "办公室没有提供错误表述表，本项不检查。"),
    ),
)
def wording_error(snapshot: Snapshot, params: Wording) -> Iterator[Verdict]:
    if not params.pairs and not params.protected:
        yield inapplicable(snapshot.district.site.main_host)
        return
    yield from scan(snapshot, _Phrases.of(params).find)


class Leaders(Params):
    leaders: tuple[str, ...] = words(
        "姓名|职务|任职日期|离任日期（日期写2026-01-01，在任的离任日期留空），由办公室提供", ()
    )

    @field_validator("leaders")
    @classmethod
    def rows(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            parts = entry.split("|")
            if len(parts) != 4 or not parts[0] or not parts[1]:
                raise ValueError(f"应写成“姓名|职务|任职日期|离任日期”：{entry}")
            for day in parts[2:]:
                if day:
                    date.fromisoformat(day)
        return value


@dataclass(frozen=True, slots=True)
class _Leader:
    name: str
    title: str
    start: date
    end: date


def _leader(entry: str) -> _Leader:
    name, title, start, end = entry.split("|")
    return _Leader(
        name, title, date.fromisoformat(start) if start else date.min, date.fromisoformat(end) if end else date.max
    )


def _misnamed(page: Page, leaders: tuple[_Leader, ...]) -> list[str]:
    text, day, found = f"{title_of(page)} {page.text}", shown_day(page), []
    names = {x.name for x in leaders}
    for title in sorted({x.title for x in leaders}, key=lambda t: (-len(t), t)):
        holders = [x for x in leaders if x.title == title]
        for match in re.finditer(rf"(?<!副){re.escape(title)}([一-龥]{{2,4}})", text):
            after = match[1]
            said = next((n for n in sorted(names, key=len, reverse=True) if after.startswith(n)), "")
            if said:
                own = [x for x in holders if x.name == said]
                if day and not any(x.start <= day <= x.end for x in own):
                    found.append(f"“{title}{said}”在{day}不在任期内或职务不符")
                continue
            near = next((x.name for x in holders if _one_off(x.name, after[: len(x.name)])), "")
            if near:
                found.append(f"“{title}{after[: len(near)]}”与名单中的姓名只差一字")
    return list(dict.fromkeys(found))


def _one_off(name: str, seen: str) -> bool:
    """Same surname, at least three characters, exactly one of them different."""
    return (
        len(name) >= 3
        and len(seen) == len(name)
        and name[0] == seen[0]
        and sum(a != b for a, b in zip(name, seen, strict=True)) == 1
    )


_LIST = {"leaders": ["甲乙丙|区长|2025-01-01|", "丁戊己|区长|2020-01-01|2024-12-31"]}


@rule(
    "name-or-title-wrong",
    version=1,
    title="领导人姓名职务疑误",
    topic="sensitive",
    logic="U",
    guard="unit",
    params=Leaders,
    manual=True,
    legal=_LAW,
    messages={
        "passed": "{unit_name}已扫描{count}页，领导姓名职务与办公室名单相符或未出现。",
        "cannot-tell.needs-judgement": "“{title}”{hits}，请人工核对。",
        "grouped": "该栏目有{count}页领导姓名职务疑误，如“{title}”{hits}，请人工核对。",
        "gap": "{unit_name}已扫描{count}页未见疑误，但该单位页面未查全（{gap}）。",
        "inapplicable": "办公室没有提供领导名单，本项不检查。",
    },
    why="领导姓名职务写错属于严重差错，但同名、调任必须由人核对。",
    fix="1. 打开“{title}”，对照最新领导名单核对姓名、职务和排序。\n2. 写错的立即更正并重新发布。"
    "\n3. 名单有变化的，报政务公开办更新名单。",
    recheck="页面上的姓名职务与名单一致，或办公室认定无误",
    question="标出的姓名或职务是否确有错误？",
    examples=(
        Example(
            "姓名职务正确",
            _page("区长甲乙丙到会讲话。"),
            "passed",
            "区政府办已扫描1页，领导姓名职务与办公室名单相符或未出现。",
            params=_LIST,
            subject="zfb",
        ),
        Example(
            "姓名差一字",
            _page("区长甲乙饼到会讲话。"),
            "cannot-tell",
            "“工作简讯”“区长甲乙饼”与名单中的姓名只差一字，请人工核对。",
            params=_LIST,
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "同一栏目多页都用前任",
            tiny(
                pages=tuple(
                    article(f"xw/{n}.html", "简讯", "2026-08-01", "区长丁戊己讲话。", owner="zfb", column="xw")
                    for n in range(6)
                )
            ),
            "cannot-tell",
            "该栏目有6页领导姓名职务疑误，如“简讯”“区长丁戊己”在2026-08-01不在任期内或职务不符，请人工核对。",
            params=_LIST,
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "页面未查全",
            tiny(coverage=BLOCKED),
            "cannot-tell",
            "区政府办已扫描0页未见疑误，但该单位页面未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截））。",
            params=_LIST,
            reason="blocked",
        ),
        Example("没有提供名单", _page("任意文字"), "inapplicable", "办公室没有提供领导名单，本项不检查。"),
    ),
)
def name_or_title_wrong(snapshot: Snapshot, params: Leaders) -> Iterator[Verdict]:
    if not params.leaders:
        yield inapplicable(snapshot.district.site.main_host)
        return
    leaders = tuple(map(_leader, params.leaders))
    yield from scan(snapshot, lambda page: _misnamed(page, leaders))
