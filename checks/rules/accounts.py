"""政务新媒体: accounts post and can be verified. Reads, followers and likes never count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from checks.facts import AccountFacts
from checks.ledger import ledger, newest_post, no_ledger, post_day
from checks.outcomes import Reason
from checks.rule import Example, NoParams, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import unit
from checks.verdicts import Verdict, cannot_tell, failed, inapplicable, passed
from config.district import Account, AccountState, Post, PostExport

NO_LEDGER = "没有导入政务新媒体台账，账号检查无法进行；请向主管单位索取台账CSV后重新研判。"
LAW_123 = "国办发〔2018〕123号《关于推进政务新媒体健康有序发展的意见》"
LAW_19 = "国办秘函〔2019〕19号 政务新媒体检查指标"
UNIT = unit("wlj", "示例区文旅局", aliases=("区文旅局",))


def account(account_id: str = "wx-wlj", **more: Any) -> tuple[Account, AccountFacts]:
    """A ledger row of the example's culture bureau and what was seen of it (`facts`)."""
    facts = more.pop("facts", None) or AccountFacts(account_id)
    values = {
        "platform": "微信",
        "name": "示例文旅",
        "unit": "区文旅局",
        "unit_id": "wlj",
        "certified_as": "示例区文旅局",
    }
    return Account(account_id=account_id, **{**values, **more}), facts


def export(*posts: tuple[str, str], day: str = "2026-09-30", account_id: str = "wx-wlj") -> PostExport:
    """An export of `day` with posts (day, title)."""
    rows = tuple(
        Post(platform="微信", account_id=account_id, published=f"{d}T09:00:00+08:00", title=t) for d, t in posts
    )
    return PostExport(
        account_id=account_id, file="示例文旅.csv", sha256="ef" * 32, exported_on=day, attested_by="", posts=rows
    )


def snap(*rows: tuple[Account, AccountFacts], exports: tuple[PostExport, ...] = (), **more: Any) -> TinySnapshot:
    return tiny(units=(UNIT,), accounts=rows or (account(),), exports=exports, **more)


class AccountStale(Params):
    days: int = number("不更新期限", unit="天", default=14, stricter="lower", ge=1)
    amber_days: int = number("提醒线", unit="天", default=10, stricter="lower", ge=1)
    hint_days: int = number("提示线", unit="天", default=7, stricter="lower", ge=1)
    fresh_days: int = number("发布清单应导出至检查时点前", unit="天", default=1, stricter="lower", ge=0)


@rule(
    "account-stale",
    version=1,
    title="账号不更新",
    topic="accounts",
    logic="M",
    guard="reg",
    params=AccountStale,
    absence=True,
    legal=(f"{LAW_19}：单项否决“检查时点前2周内无更新”", LAW_123),
    messages={
        "passed": "{account}最近一次发布为{newest}，距检查时点{age}天，不超过{limit}天。",
        "amber": "{account}最近一次发布为{newest}，距检查时点已{age}天，达到提醒线{amber}天，{limit}天即否决，"
        "请尽快更新。",
        "failed": "{account}最近一次发布为{newest}，距检查时点{age}天，超过{limit}天（发布清单导出于{exported}）。",
        "empty": "{account}的发布清单（导出于{exported}）没有任何发布记录，{limit}天内无更新。",
        "old-export": "{account}的发布清单只到{exported}，不能证明检查时点前{limit}天有无更新，请重新导出。",
        "no-export": "{account}没有发布清单，无法判定是否更新。",
        "cannot-tell.register-missing": NO_LEDGER,
        "inapplicable": "{account}台账状态为“{state}”，不检查更新。",
    },
    why="两周不更新是国家检查的单项否决指标。",
    fix="1. 请立即登录{account}后台发布本期信息。\n2. 无力维护的，按“申请—公告—注销—更新台账”的程序关停。\n"
    "3. 发布后重新导出发布清单报送。",
    recheck="新导出的发布清单中有检查时点前{limit}天内的发布记录",
    examples=(
        Example(
            "一周内有发布",
            snap(exports=(export(("2026-09-25", "秋游指南")),)),
            "passed",
            "微信“示例文旅”最近一次发布为2026-09-25，距检查时点5天，不超过14天。",
        ),
        Example(
            "到了提醒线",
            snap(exports=(export(("2026-09-19", "秋游指南")),)),
            "passed",
            "微信“示例文旅”最近一次发布为2026-09-19，距检查时点已11天，达到提醒线10天，14天即否决，请尽快更新。",
        ),
        Example(
            "三个多星期没有发布",
            snap(exports=(export(("2026-09-05", "秋游指南")),)),
            "failed",
            "微信“示例文旅”最近一次发布为2026-09-05，距检查时点25天，超过14天（发布清单导出于2026-09-30）。",
        ),
        Example(
            "发布清单是空的",
            snap(exports=(export(),)),
            "failed",
            "微信“示例文旅”的发布清单（导出于2026-09-30）没有任何发布记录，14天内无更新。",
        ),
        Example(
            "发布清单太旧",
            snap(exports=(export(("2026-09-05", "秋游指南"), day="2026-09-10"),)),
            "cannot-tell",
            "微信“示例文旅”的发布清单只到2026-09-10，不能证明检查时点前14天有无更新，请重新导出。",
            reason="register-missing",
        ),
        Example(
            "没有发布清单",
            snap(),
            "cannot-tell",
            "微信“示例文旅”没有发布清单，无法判定是否更新。",
            reason="register-missing",
        ),
        Example(
            "没有台账",
            tiny(),
            "cannot-tell",
            "没有导入政务新媒体台账，账号检查无法进行；请向主管单位索取台账CSV后重新研判。",
            reason="register-missing",
        ),
        Example(
            "账号已注销",
            snap(account(state=AccountState.CLOSED)),
            "inapplicable",
            "微信“示例文旅”台账状态为“已注销”，不检查更新。",
        ),
    ),
)
def account_stale(snapshot: Snapshot, params: AccountStale) -> Iterator[Verdict]:
    yield from no_ledger(snapshot)
    for row in ledger(snapshot):
        data: dict[str, Any] = {"account": row.words, "limit": params.days, "state": str(row.account.state)}
        at: dict[str, Any] = {"unit": row.account.unit_id, "url": row.account.url, "evidence": row.evidence()}
        subject = row.account.account_id
        if not row.active:
            yield inapplicable(subject, data=data, **at)
            continue
        if row.export is None:
            yield cannot_tell(subject, Reason.REGISTER_MISSING, data=data, variant="no-export", **at)
            continue
        data["exported"] = str(row.export.exported_on)
        found = newest_post(row.export, snapshot.today)
        age = (snapshot.today - found[0]).days if found else None
        if found and age is not None:
            hint = "提醒" if age >= params.amber_days else "提示" if age >= params.hint_days else ""
            data |= {"newest": str(found[0]), "age": age, "amber": params.amber_days, "hint": hint}
        fresh = row.export.exported_on >= snapshot.today - timedelta(days=params.fresh_days)
        if age is not None and age <= params.days:
            yield passed(subject, data=data, variant="amber" if age >= params.amber_days else "", **at)
        elif not fresh:
            yield cannot_tell(subject, Reason.REGISTER_MISSING, data=data, variant="old-export", **at)
        else:
            yield failed(subject, data=data, variant="" if found else "empty", **at)


@rule(
    "account-unverifiable",
    version=1,
    title="账号无法核查",
    topic="accounts",
    logic="M",
    params=NoParams,
    absence=True,
    legal=(f"{LAW_123}：主管单位建立台账、加强日常监管",),
    messages={
        "passed": "{account}已登记在台账，发布清单导出于{exported}。",
        "failed": "{account}在台账中，但至{today}没有报送发布清单，更新情况无法核查。",
        "cannot-tell.register-missing": NO_LEDGER,
        "inapplicable": "{account}台账状态为“{state}”，不要求发布清单。",
    },
    why="没有清单就核不了账号，这是报送问题，不等于账号不更新。",
    fix="1. 登录{account}后台，导出近三个月发布清单。"
    "\n2. 按《账号发布清单.csv》格式填写并由责任人确认导出日期。\n3. 报政务公开办导入。",
    recheck="district文件夹中有该账号在检查日期前导出的发布清单",
    examples=(
        Example(
            "有清单", snap(exports=(export(),)), "passed", "微信“示例文旅”已登记在台账，发布清单导出于2026-09-30。"
        ),
        Example(
            "没有清单", snap(), "failed", "微信“示例文旅”在台账中，但至2026-09-30没有报送发布清单，更新情况无法核查。"
        ),
        Example(
            "没有台账",
            tiny(),
            "cannot-tell",
            "没有导入政务新媒体台账，账号检查无法进行；请向主管单位索取台账CSV后重新研判。",
            reason="register-missing",
        ),
        Example(
            "停更公示的账号",
            snap(account(state=AccountState.SUSPENDED)),
            "inapplicable",
            "微信“示例文旅”台账状态为“停更公示”，不要求发布清单。",
        ),
    ),
)
def account_unverifiable(snapshot: Snapshot, params: NoParams) -> Iterator[Verdict]:
    yield from no_ledger(snapshot)
    for row in ledger(snapshot):
        data: dict[str, Any] = {
            "account": row.words, "state": str(row.account.state), "today": str(snapshot.today)
        }  # fmt: skip
        at: dict[str, Any] = {"unit": row.account.unit_id, "url": row.account.url, "evidence": row.evidence()}
        if not row.active:
            yield inapplicable(row.account.account_id, data=data, **at)
        elif row.export is None:
            yield failed(row.account.account_id, data=data, **at)
        else:
            yield passed(row.account.account_id, data={**data, "exported": str(row.export.exported_on)}, **at)


@rule(
    "account-noninteractive",
    version=1,
    title="账号无互动功能",
    topic="accounts",
    logic="E",
    params=NoParams,
    manual=True,
    legal=(f"{LAW_19}：单项否决“没有提供有效互动功能”",),
    messages={
        "cannot-tell.needs-judgement": "请用手机打开{account}核对：有无留言、评论或菜单互动，菜单是否有效，"
        "应用能否下载使用，有无政务公开入口"
        "（台账登记功能：{functions}）。",
        "cannot-tell.register-missing": NO_LEDGER,
        "inapplicable": "{account}台账状态为“{state}”，不检查互动功能。",
    },
    why="没有互动功能的账号是单项否决，平台不允许机器代查，须人工核对。",
    fix="1. 登录{account}后台，开通留言或评论功能。\n2. 设置菜单，其中包括政务公开入口，并逐个点开核对。"
    "\n3. 明确专人回复留言。",
    recheck="人工核对表中该账号“有互动功能”一栏为是",
    question="用手机打开该账号，是否有可用的留言、评论、私信或菜单互动？",
    examples=(
        Example(
            "在用账号一律人工核对",
            snap(account(functions=("发布",))),
            "cannot-tell",
            "请用手机打开微信“示例文旅”核对：有无留言、评论或菜单互动，菜单是否有效，应用能否下载使用，"
            "有无政务公开入口（台账登记功能：发布）。",
            review=True,
        ),
        Example(
            "没有台账",
            tiny(),
            "cannot-tell",
            "没有导入政务新媒体台账，账号检查无法进行；请向主管单位索取台账CSV后重新研判。",
            reason="register-missing",
        ),
        Example(
            "已注销",
            snap(account(state=AccountState.CLOSED)),
            "inapplicable",
            "微信“示例文旅”台账状态为“已注销”，不检查互动功能。",
        ),
    ),
)
def account_noninteractive(snapshot: Snapshot, params: NoParams) -> Iterator[Verdict]:
    yield from no_ledger(snapshot)
    for row in ledger(snapshot):
        data: dict[str, Any] = {
            "account": row.words, "state": str(row.account.state), "qr": row.facts.qr_url or row.account.url,
            "functions": list(row.account.functions) or ["未填"],
        }  # fmt: skip
        at: dict[str, Any] = {"unit": row.account.unit_id, "url": row.account.url, "evidence": row.evidence()}
        if row.active:
            yield cannot_tell(row.account.account_id, Reason.NEEDS_JUDGEMENT, review=True, data=data, **at)
        else:
            yield inapplicable(row.account.account_id, data=data, **at)


class AccountImproper(Params):
    phrases: tuple[str, ...] = words(
        "标题含这些词时提请人工核查（办公室可增补）",
        ("集赞", "点赞抽奖", "转发抽奖", "拉票", "砍价", "优惠券", "招商加盟", "代购", "限时秒杀", "扫码领红包"),
    )
    window_days: int = number("检查发布清单最近", unit="天", default=92, stricter="higher", ge=1)


@rule(
    "account-improper",
    version=1,
    title="账号内容违规",
    topic="accounts",
    logic="U",
    params=AccountImproper,
    manual=True,
    legal=(f"{LAW_123}：不得刊登商业广告，严禁强制点赞、转发", LAW_19),
    messages={
        "passed": "{account}最近{window}天{count}条标题未命中提示词（只核标题，内容抽查由人工进行）。",
        "cannot-tell.needs-judgement": "{account}{day}发布的“{title}”含“{word}”，共{hits}条类似标题，"
        "请人工判断是否违规。",
        "no-export": "{account}没有发布清单，无法核对标题。",
        "cannot-tell.register-missing": NO_LEDGER,
        "inapplicable": "{account}台账状态为“{state}”，不检查内容。",
    },
    why="商业广告、诱导点赞转发会损害政府公信力，在通报中多次出现。",
    fix="1. 登录{account}后台打开该条信息。\n2. 确属广告或诱导转发的，删除并说明。\n3. 落实先审后发，"
    "今后由分管负责人签发。",
    recheck="人工核查认定该条内容合规，或已在平台删除",
    question="该条内容是否属于商业广告、与职能无关或诱导点赞转发？",
    examples=(
        Example(
            "标题没有命中",
            snap(exports=(export(("2026-09-25", "秋游指南")),)),
            "passed",
            "微信“示例文旅”最近92天1条标题未命中提示词（只核标题，内容抽查由人工进行）。",
        ),
        Example(
            "标题含集赞",
            snap(exports=(export(("2026-09-25", "集赞三十个送门票")),)),
            "cannot-tell",
            "微信“示例文旅”2026-09-25发布的“集赞三十个送门票”含“集赞”，共1条类似标题，请人工判断是否违规。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "没有发布清单",
            snap(),
            "cannot-tell",
            "微信“示例文旅”没有发布清单，无法核对标题。",
            reason="register-missing",
        ),
        Example(
            "已注销",
            snap(account(state=AccountState.CLOSED)),
            "inapplicable",
            "微信“示例文旅”台账状态为“已注销”，不检查内容。",
        ),
    ),
)
def account_improper(snapshot: Snapshot, params: AccountImproper) -> Iterator[Verdict]:
    yield from no_ledger(snapshot)
    since = snapshot.today - timedelta(days=params.window_days)
    for row in ledger(snapshot):
        subject = row.account.account_id
        data: dict[str, Any] = {"account": row.words, "state": str(row.account.state), "window": params.window_days}
        at: dict[str, Any] = {"unit": row.account.unit_id, "url": row.account.url, "evidence": row.evidence()}
        if not row.active:
            yield inapplicable(subject, data=data, **at)
            continue
        if row.export is None:
            yield cannot_tell(subject, Reason.REGISTER_MISSING, data=data, variant="no-export", **at)
            continue
        recent = [p for p in row.export.posts if not p.deleted and since <= (post_day(p) or since) <= snapshot.today]
        hits = [(p, w) for p in recent for w in params.phrases if w in p.title]
        if not hits:
            yield passed(subject, data={**data, "count": len(recent)}, **at)
            continue
        post, word = hits[0]
        data |= {"title": post.title, "word": word, "day": str(post_day(post)), "hits": len(hits)}
        data["posts"] = [f"{p.published} {p.title}" for p, _ in hits[:20]]
        yield cannot_tell(subject, Reason.NEEDS_JUDGEMENT, review=True, data=data, **at)
