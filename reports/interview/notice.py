"""The notice (约谈通知) and the page that is read aloud, as texts. Figures are the pack's, blanks the office's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.gongwen import LINES, Paper, Paragraph, body, heading, height
from reports.interview.facts import Pack, Problem
from reports.issues import Level
from reports.mended import mended_words
from reports.text import clean, figure, round_name, short

ACT = "《中华人民共和国政府信息公开条例》第四十六条、第四十七条"
SPOKEN = 640  # characters that are read in three minutes at an even pace
SPOKEN_PROBLEMS = 4
FEWEST = 3
_TITLE_LINES = 2
_ADDRESS = re.compile(r"https?://[!-~]+")  # nobody reads an address aloud
_REASON = 60  # characters of the reason when spoken
_SENTENCE = 56  # characters of one measured fact when spoken
ATTACHMENTS = ("约谈报告", "问题清单", "整改反馈表")


def notice(pack: Pack) -> Paper:
    """The draft notice: number, places, people, dates and seal are left to the office."""
    office = pack.view.district.office
    name = pack.unit.name
    return Paper(
        issuer=office,
        number=f"〔填：机关代字〕〔{pack.view.as_of.year}〕〔填：序号〕号",
        title=f"关于对{pack.unit.name_short}进行政务公开工作约谈的通知",
        addressee=f"{name}：",
        body=tuple(_notice(pack)),
        attachments=ATTACHMENTS,
        mark=pack.mark,
        class_mark=str(pack.view.visibility),
    )


def _notice(pack: Pack) -> Iterator[Paragraph]:
    yield body(f"{findings_sentence(pack)}{history_sentence(pack)}{ground_sentence(pack)}")
    yield body(f"依据{basis(pack)}，现就约谈事项通知如下：")
    yield body("一、时间、地点：〔填：月日时分〕，〔填：地点〕。")
    yield body(f"二、约谈人：〔填：职务〕。参加人：{pack.unit.name_short}分管负责人及具体经办人员。")
    yield body("三、程序：通报检查情况；单位说明情况；提出整改要求和时限；单位表态并签署承诺书。")
    yield body("四、携带材料：问题原因说明、整改措施和完成时间；对问题有异议的，携带证明网址。")
    yield body(
        f"五、整改时限：单项否决问题{_days(Level.VETO)}，其他问题{_days(Level.DEDUCT)}；〔填：月日〕前报送书面整改报告。"
    )
    yield body("六、联系人：〔填：姓名〕，电话：〔填：号码〕。")


def _days(level: Level) -> str:
    return {Level.VETO: "1至3日内改正", Level.DEDUCT: "5个工作日内改正（涉及平台或流程的10个工作日）"}[level]


def findings_sentence(pack: Pack) -> str:
    """Score, grade, place and counts of this round."""
    score = _score(pack)
    rank = pack.rank
    place = f"，在{rank.group}{rank.of}家中列第{rank.place}" if rank and rank.place is not None else ""
    veto = f"，其中单项否决{pack.vetoes}项" if pack.vetoes else "，无单项否决"
    items, places = pack.found
    return (
        f"{round_name(pack.view.round_id)}政府网站与政务公开检查中，你单位{score}{place}；"
        f"发现问题{items}项、{places}处{_left_out(pack)}{veto}。"
    )


def _score(pack: Pack) -> str:
    """Score and grade; a score that a veto set is told with what set it."""
    if pack.score is None or not pack.score.rated:
        return "不计分"
    if pack.score.veto:
        lost = f"扣分合计{figure(pack.score.deducted)}分"
        return f"因存在单项否决事项，等次为{pack.grade}，按规则记为{pack.shown_score}（{lost}）"
    return f"得{pack.shown_score}，等次为{pack.grade}"


def _left_out(pack: Pack) -> str:
    """Why the papers list fewer problems than the round found; blank when they list all."""
    why = [f"{pack.withheld}项申诉中" if pack.withheld else "", f"{pack.closed}处已复查销号" if pack.closed else ""]
    if not any(why):
        return ""
    return f"（{'、'.join(w for w in why if w)}，不列入），列入本件{len(pack.issues)}项、{pack.fault_count}处"


def history_sentence(pack: Pack) -> str:
    """What became of the last round's problems; blank in a first round."""
    if pack.change is None:
        return ""
    again = f"连续或再次出现的问题{len(pack.repeated)}项。" if pack.repeated else ""
    return f"{pack.change.words}{again}{mended_sentence(pack)}"


def mended_sentence(pack: Pack) -> str:
    """What the unit reported of the last round and what the re-checks found; blank where nothing was sent out."""
    known = pack.mended_last
    if known is None:
        return ""
    return f"上一轮{mended_words(known)}。"


def ground_sentence(pack: Pack) -> str:
    """The office's reason and who approved the interview; what is not recorded is a field to fill."""
    signed = pack.approval
    if not pack.ground and signed is None:
        return "〔填：约谈事由、批准人和批准日期〕。"
    reason = f"{clean(pack.ground, 200).rstrip('。')}。" if pack.ground else "〔填：约谈事由〕。"
    if signed is None or signed.day is None:
        return f"{reason}批准：〔填：批准人、批准文号和日期〕。"
    day = f"{signed.day.year}年{signed.day.month}月{signed.day.day}日"
    return f"{reason}批准：{clean(signed.who, 40)}，{clean(signed.said, 80).rstrip('。')}（{day}登记）。"


def basis(pack: Pack) -> str:
    return f"{ACT}" + (f"和{pack.interview_clause}" if pack.interview_clause else "")


def spoken(pack: Pack) -> tuple[Paragraph, ...]:
    """The page read aloud: one sheet, at most SPOKEN characters, no addresses, no hashes.

    Problems come first: what would push them off the sheet (comparison, repairs in figures) is left to the report.
    """
    tellings = [(n, brief) for brief in (False, True) for n in range(SPOKEN_PROBLEMS, 0, -1) if brief or n > 2]
    if len(pack.problems) < FEWEST:
        tellings.insert(0, (len(pack.problems), False))
    for count, brief in tellings:
        text = tuple(_spoken(pack, pack.problems[:count], brief=brief))
        if sum(len(p.text) for p in text) <= SPOKEN and height(text) <= LINES - _TITLE_LINES:
            return text
    return tuple(_spoken(pack, (), brief=True))


def _spoken(pack: Pack, problems: tuple[Problem, ...], *, brief: bool) -> Iterator[Paragraph]:
    yield heading("一、检查结果")
    reason = f"{short(pack.ground.rstrip('。'), _REASON)}。" if pack.ground else ""
    more = "" if brief else comparison_sentence(pack) + waiting_sentence(pack)
    yield body(f"{findings_sentence(pack)}{reason}{more}")
    yield heading("二、主要问题")
    if not problems:
        yield body(f"问题共{len(pack.issues)}项，逐项见问题清单。")
    for at, problem in enumerate(problems, 1):
        yield body(f"{at}.{spoken_problem(pack, problem)}")
    if len(pack.issues) > len(problems) > 0:
        yield body(f"其余{len(pack.issues) - len(problems)}项见问题清单。")
    yield heading("三、以往整改")
    past = mended_sentence(pack) or (pack.change.words if pack.change else "")
    known = pack.mended_words + (past if brief else history_sentence(pack))
    yield body(known or "本系统首轮检查，没有以往记录。")
    yield heading("四、整改要求")
    more = "" if brief else "改正后填报整改反馈表，由检查系统按同一规则复查。"
    yield body(
        f"单项否决问题{_days(Level.VETO)}，其他问题{_days(Level.DEDUCT)}。{more}有异议的可以书面申诉，申诉期间该问题不作为约谈依据。"
    )


def spoken_problem(pack: Pack, problem: Problem) -> str:
    issue = problem.issue
    many = f"（{len(issue.faults)}处）" if len(issue.faults) > 1 else ""
    level = "单项否决，" if issue.level is Level.VETO else ""
    again = f"{round_name(problem.rounds[0])}起已出现，" if problem.rounds else ""
    said = short(_ADDRESS.sub("", issue.lead.message), _SENTENCE)
    return f"{issue.rule.title}{many}：{level}{again}{said}。"


def comparison_sentence(pack: Pack) -> str:
    """Mean and median of the group, nobody named; blank for a unit outside any ranking."""
    peers, distance = pack.peers, pack.distance
    if peers is None or distance is None or peers.count < 2:
        return ""
    side = "高于" if distance > 0 else "低于" if distance < 0 else "等于"
    gap = f"{side}平均{figure(abs(distance))}分" if distance else "与平均相同"
    return f"同组已定分的{peers.count}家单位平均{figure(peers.mean)}分、中位数{figure(peers.median)}分，你单位{gap}。"


def waiting_sentence(pack: Pack) -> str:
    if not pack.pending:
        return ""
    return f"另有{pack.pending}项尚不能判定，不计入问题，也不扣分。"
