"""The draft of the round's notice (通报稿): at most 4,000 characters, every figure that of the overview."""

from __future__ import annotations

from collections.abc import Iterator

from config.district import UnitGroup
from reports.annexes import NAMES
from reports.gongwen import Kind, Paper, Paragraph, body, draft_mark, heading
from reports.issues import Docket, Level
from reports.mended import mended_words
from reports.overview import Overview
from reports.page import render_paper
from reports.tables import ProblemRow
from reports.text import figure, percent, round_name, short
from reports.view import RoundView
from reports.word import write_docx

LONGEST = 4000  # 《整治形式主义为基层减负若干规定》
MARK = "草稿，须人工审签"
NAMED = 8  # units named per class of problems
CLASSES = 8
_EXAMPLE = 70


def bulletin(view: RoundView, items: Docket) -> Paper:
    """The text with its figures; shortened by whole classes of problems until it fits."""
    over = Overview(view, items)
    for classes in range(CLASSES, 0, -1):
        paper = _paper(view, over, over.problems[:classes])
        if len(paper.words) <= LONGEST:
            return paper
    return _paper(view, over, ())


def bulletin_files(view: RoundView, items: Docket) -> Iterator[tuple[str, bytes]]:
    paper = bulletin(view, items)
    yield "通报稿.html", render_paper("notice.html.j2", view, "通报稿", paper.mark, paper=paper)
    yield "通报稿.docx", write_docx(view, paper)


def _paper(view: RoundView, over: Overview, problems: tuple[ProblemRow, ...]) -> Paper:
    mark = f"{MARK}·{draft_mark(view).removeprefix('草稿·')}" if draft_mark(view) else MARK
    return Paper(
        issuer=view.district.office,
        number=f"〔填：机关代字〕〔{view.as_of.year}〕〔填：序号〕号",
        title=f"关于{round_name(view.round_id)}政府网站与政务公开检查情况的通报",
        addressee=_addressee(view),
        body=(*_general(view, over), *_problems(view, over, problems), *_last(over), *_next()),
        attachments=NAMES,
        mark=mark,
        class_mark=str(view.visibility),
    )


def _addressee(view: RoundView) -> str:
    towns = any(u.group is UnitGroup.TOWN for u in view.units)
    return "各镇人民政府、街道办事处，各有关部门单位：" if towns else "各有关部门单位："


def _general(view: RoundView, over: Overview) -> Iterator[Paragraph]:
    site = view.coverage.site
    facts = {h.label: h for h in over.headline}
    yield body(
        f"按照政务公开工作安排，对全区政府网站与政务公开情况进行了检查，数据截止{view.as_of.year}年"
        f"{view.as_of.month}月{view.as_of.day}日。{view.two_dates}现将有关情况通报如下。"
    )
    yield heading("一、总体情况")
    yield body(
        f"检查单位{len(over.scores)}家、应设栏目{len(view.district.columns)}个；已知网址{site.known}个，"
        f"取回{site.fetched}个，占{percent(site.fetched, site.known)}。"
        f"单位合格率{facts['单位合格率'].value}（{facts['单位合格率'].unit}），"
        f"栏目合格率{facts['栏目合格率'].value}（{facts['栏目合格率'].unit}）。"
        f"发现问题{facts['发现问题'].value}处，其中单项否决{facts['单项否决'].value}项；"
        f"另有{facts['尚不能判定'].value}处尚不能判定（其中{over.unseen}处因网页未取回），不计入问题。"
    )
    for group in over.groups:
        spread = group.spread
        if spread and spread.count == 1:
            yield body(f"{group.name}：参与排名且得分已定的1家，{figure(spread.mean)}分。")
        elif spread:
            yield body(
                f"{group.name}：参与排名且得分已定的{spread.count}家，平均{figure(spread.mean)}分，中位数{figure(spread.median)}分，"
                f"最高{figure(spread.highest)}分，最低{figure(spread.lowest)}分。"
            )
    if over.praise:
        yield body(f"得分不低于90分且没有单项否决的单位：{'、'.join(over.praise)}。")


def _problems(view: RoundView, over: Overview, problems: tuple[ProblemRow, ...]) -> Iterator[Paragraph]:
    yield heading("二、存在的主要问题")
    if not over.problems:
        yield body("本轮没有发现问题。")
    for at, row in enumerate(problems):
        yield Paragraph(Kind.SUBHEADING, f"（{_NUMBERS[at]}）{row.rule.title}")
        veto = "，属单项否决事项" if row.level is Level.VETO else ""
        lead = row.examples[0].lead
        column = view.district.column(lead.column)
        where = f"“{column.label}”栏目，" if column and column.label not in lead.message else ""
        example = where + short(lead.message, _EXAMPLE)
        yield body(
            f"共{row.count}处，占全部问题的{figure(row.share)}%{veto}，涉及{_names(view, row.units)}。"
            f"如{view.unit_name(row.examples[0].unit)}：{example}。"
        )
    rest = len({i.rule.id for i in over.items.open()}) - len(problems)
    if problems and rest > 0:
        yield body(f"其余{rest}类问题见附件2。")
    if over.systemic:
        told = (
            f"{row.rule.title}（适用的{row.units_checked}个单位中{row.units_failed}个存在）"
            for row in over.systemic[:CLASSES]
        )
        yield body(f"适用单位中三分之一以上存在的问题有：{'、'.join(told)}。")
    if over.template_faults:
        titles = "、".join(row.rule.title for row in over.template_faults[:CLASSES])
        yield body(f"其中{titles}出自页面模板或平台，由平台运维方统一处理，其余由各单位自行整改。")


def _last(over: Overview) -> Iterator[Paragraph]:
    yield heading("三、上季度整改情况")
    if not over.view.history:
        yield body("本系统首轮检查，没有上季度数据。")
        return
    if over.change is not None:
        yield body(over.change.words)
    if over.mended is not None:
        yield body(f"上一轮{mended_words(over.mended)}，整改率{over.mended.rate}。")
    if over.silent:
        yield body(f"尚未反馈整改情况的单位：{_names(over.view, over.silent)}。")
    if over.repeated:
        units = tuple(dict.fromkeys(i.unit for i in over.repeated))
        yield body(f"连续两轮出现同一问题的单位：{_names(over.view, units)}。")


def _next() -> Iterator[Paragraph]:
    yield heading("四、下一步工作要求")
    yield body(
        "各单位对照附件2逐项整改：单项否决问题自下发之日起1至3日内改正，其他问题5个工作日内改正，"
        "涉及平台或流程的10个工作日内改正。"
    )
    yield body(
        "请于〔填：月日〕前反馈附件3，只填整改措施、完成日期和整改后网址，不需要截图。"
        "对结果有异议的，于5个工作日内书面提出。〔填：月日〕按同一规则复查。"
    )
    yield body("联系人：〔填：姓名〕，电话：〔填：号码〕。")


def _names(view: RoundView, units: tuple[str, ...]) -> str:
    names = "、".join(view.unit_name(u) for u in units[:NAMED])
    return f"{names}等{len(units)}家单位" if len(units) > NAMED else names


_NUMBERS = "一二三四五六七八九十"
