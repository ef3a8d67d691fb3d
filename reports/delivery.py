"""What makes the files of a round a pack: a start page that works from a file share, a README, one ZIP per unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.scores import Rank, Score
from config.district import Unit
from reports.archive import archive
from reports.card import grades
from reports.issues import Docket
from reports.page import PUBLIC_NOTICE, render
from reports.text import moment, round_name, span
from reports.view import RoundView, Visibility

ZIP_LIMIT = 10_000_000  # bytes (outputs.md §8)

# name → (what it is, for whom); folders end with a slash
FILES: Mapping[str, tuple[str, Visibility]] = {
    "overview.html": ("总览：总体情况、本轮局限、按指标、主要问题、各规则结果", Visibility.INTERNAL),
    "overview.xlsx": ("总览各表和图表", Visibility.INTERNAL),
    "findings.xlsx": ("问题清单（一行一处）、待人工核查、得分、覆盖情况", Visibility.INTERNAL),
    "findings.csv": ("问题清单，CSV（UTF-8）", Visibility.INTERNAL),
    "scores.csv": ("得分，CSV（UTF-8）", Visibility.INTERNAL),
    "通报稿.html": ("通报稿，须人工审签", Visibility.INTERNAL),
    "通报稿.docx": ("通报稿，可编辑", Visibility.INTERNAL),
    "通报附件.html": ("通报的附件1至3：得分及排名表、问题清单、整改反馈表，供打印", Visibility.INTERNAL),
    "通报附件.xlsx": ("通报的附件1至3，可编辑", Visibility.INTERNAL),
    "整改台账.xlsx": ("整改台账，36列", Visibility.INTERNAL),
    "整改台账.csv": ("整改台账，CSV（UTF-8）", Visibility.INTERNAL),
    "任务分解台账.xlsx": ("要点任务分解台账，按单位展开", Visibility.INTERNAL),
    "年报素材.docx": ("政府信息公开工作年度报告的检查评估素材，可编辑", Visibility.INTERNAL),
    "人工核查表.xlsx": ("机器不能判定的事项，每行一问", Visibility.INTERNAL),
    "manual.html": ("人工核查表，供打印", Visibility.INTERNAL),
    "cards/": ("各单位检查结果", Visibility.UNIT),
    "单位整改表/": ("各单位整改表，只填第20至24列", Visibility.UNIT),
    "单位包/": ("每单位一个压缩包：检查结果和整改表", Visibility.UNIT),
    "yuetan/": ("约谈材料，只有办公室指定的单位", Visibility.INTERNAL),
    "交办督办/": ("下发的交办单、催办单、督办通知单", Visibility.UNIT),
    "复查/": ("整改复查单", Visibility.UNIT),
    "单位文书/": ("每单位一个压缩包：下发的各类单据和复查单", Visibility.UNIT),
    "evidence/": ("证据：按问题编号，网页原文、截图、请求记录", Visibility.INTERNAL),
    "api/": ("静态 JSON，供办公系统读取", Visibility.INTERNAL),
    "verdicts.jsonl": ("全部判定，一行一条", Visibility.INTERNAL),
    "findings.json": ("问题和待判断事项", Visibility.INTERNAL),
    "scores.json": ("得分", Visibility.INTERNAL),
}


NO_YUETAN = "约谈材料不随本轮自动生成，由办公室指定单位后用 govaudit notice 生成。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the start page. `link` is relative; blank for a folder."""

    name: str
    link: str
    what: str
    audience: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    unit: Unit
    score: Score | None
    rank: Rank | None
    grade: str
    open: int
    pending: int
    files: tuple[str, ...]


def entries(view: RoundView, names: Sequence[str]) -> tuple[Entry, ...]:
    """The files of a pack in the order of FILES, folders once."""
    found = []
    for name, (what, audience) in FILES.items():
        if any(n == name or (name.endswith("/") and n.startswith(name)) for n in names):
            shown = view.visibility if view.visibility is Visibility.PUBLIC else audience
            found.append(Entry(name, "" if name.endswith("/") else name, what, str(shown)))
    return tuple(found)


def index(view: RoundView, items: Docket, names: Sequence[str]) -> bytes:
    """The start page."""
    known = set(names)
    ranks = {r.unit: r for r in view.ranks}
    rows = []
    for unit in view.units:
        score = view.score(unit.unit_id)
        own = (f"cards/{unit.unit_id}.html", f"单位整改表/{unit.unit_id}.xlsx", f"单位包/{unit.unit_id}.zip")
        rows.append(
            UnitRow(
                unit, score, ranks.get(unit.unit_id), grades(score) if score and score.rated else "不计分",
                sum(len(i.faults) for i in items.open(unit.unit_id)),
                sum(len(i.faults) for i in items.pending(unit.unit_id)), tuple(n for n in own if n in known),
            )
        )  # fmt: skip
    return render("index.html.j2", view, "材料目录", entries=entries(view, names), rows=rows)


def readme(view: RoundView, names: Sequence[str]) -> bytes:
    """README.txt: what lies here, for whom, how to check it. CRLF and BOM, as Windows' editor expects."""
    width, public = 22, view.visibility is Visibility.PUBLIC
    lines = [
        f"{view.district.name} {round_name(view.round_id)}政府网站与政务公开检查材料",
        "",
        "打开 index.html 查看目录；整个文件夹可以放在共享盘上使用，不需要联网，不需要安装软件。",
        "",
        "文件",
        *(f"  {e.name}{' ' * max(1, width - _wide(e.name))}{e.what}（{e.audience}）" for e in entries(view, names)),
        "",
        "本件可以公开，不含排名、姓名、电话和截图；尚待人工核实的事项只计数量，不公开内容。"
        if public
        else "密级标识：内部——办公室使用；送单位——可发给该单位；可公开——不含排名、姓名、电话和截图。",
    ]
    if view.provisional:
        lines += ["", PUBLIC_NOTICE if public else "本轮结果为机器初判，未经人工确认，不作为通报、约谈或问责的依据。"]
    elif view.stage:
        lines += ["", f"本轮结果为{view.stage}（草稿），尚未冻结，以冻结后的正式结果为准。"]
    lines += [
        "",
        "核对：manifest.json、manifest.sha256 列出每个文件的 SHA-256；运行 sha256sum -c manifest.sha256 "
        "或 govaudit verify 本文件夹，可确认文件未被改动。",
        *(() if public or _has(names, "yuetan/") else (NO_YUETAN,)),
        "",
        f"检查轮次　{view.round_id}",
        f"数据截止　{moment(view.as_of)}（北京时间）",
        f"规则　　　{'；'.join(f'{s.title}（{s.edition}）' for s in view.standards)}",
        f"工具　　　govaudit {view.tool_version}，快照 {view.snapshot_id}",
        f"证据清单　SHA-256 {view.manifest_sha256 or '（未封存）'}",
    ]
    return b"\xef\xbb\xbf" + "\r\n".join([*lines, ""]).encode()


def _has(names: Sequence[str], folder: str) -> bool:
    return any(n.startswith(folder) for n in names)


def unit_zip(view: RoundView, unit: Unit, files: Sequence[tuple[str, bytes]]) -> bytes:
    """Card and sheet of one unit. Files that would make it larger than ZIP_LIMIT are left out and named inside."""
    taken: list[tuple[str, bytes]] = []
    size, left = 0, []
    for name, content in files:
        if size + len(content) > ZIP_LIMIT - 20_000:
            left.append(name)
            continue
        size += len(content)
        taken.append((name, content))
    score = view.score(unit.unit_id)
    lines = [
        f"{unit.name}　{round_name(view.round_id)}检查材料（送单位）",
        f"得分　{span(score.lower, score.upper)}" if score and score.rated else "得分　不计分",
        "检查结果.html 用浏览器打开；整改表.xlsx 只填第20至24列，填好后交回办公室，不需要截图。",
        *(f"{name} 过大，未放入，请向办公室索取。" for name in left),
        "",
    ]
    note = b"\xef\xbb\xbf" + "\r\n".join(lines).encode()
    return archive([*taken, ("说明.txt", note)])


def _wide(text: str) -> int:
    return sum(1 if c.isascii() else 2 for c in text)
