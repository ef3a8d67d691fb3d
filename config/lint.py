"""What a loaded district and its standards still lack or mean differently than written.

Faults that make a folder unusable are found on loading; here stand those that need the standards or the day of
judgement, and the list of what only the office can fill in. Whether rules and their parameters exist is
checked by `checks.standards`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from config.crosscheck import WAIVERS, overlap, path_key
from config.district import AccountState, District
from config.errors import Level, Problem, nearest
from config.headers import ACCOUNT_KINDS
from config.standard import Confidence, IndicatorKind, Standard, State
from config.tables import parse_date
from config.validate import show
from config.vocabulary import REQUIRED_LISTS, ROLES

DISTRICT, UNITS, COLUMNS, ACCOUNTS = "district.toml", "units.csv", "columns.csv", "accounts.csv"
_EXAMPLE = "示例"
_LONGEST = 365  # days: the longest limit of any freshness class; a column's own limit may only be shorter
_FUNCTIONS = ("发布", "互动", "办事")


def lint(district: District, standards: Sequence[Standard], as_of: date) -> list[Problem]:
    """Problems in the order errors, warnings, hints; within a level by file.

    The demonstration district is always judged on its own day, whatever `as_of` says.
    """
    fixed = parse_date(district.demo.as_of[:10])
    as_of = fixed or as_of
    found = [
        *_ownership(district),
        *_waivers(district, standards, as_of),
        *_adoptions(district, standards, as_of),
        *_standards(district, standards, as_of),
        *_columns(district),
        *_accounts(district),
        *_examples(district),
        *_calendar(district, as_of),
        *_blank(district),
    ]
    order = list(Level)
    return sorted(found, key=lambda p: order.index(p.level))


def _ownership(district: District) -> Iterator[Problem]:
    """Loading refuses these; a district built in memory or changed since is checked here."""
    names: dict[str, str] = {}
    units = {u.unit_id: u for u in district.units}
    for unit in district.units:
        for name in unit.names():
            other = names.setdefault(name, unit.unit_id)
            if other != unit.unit_id and overlap(unit, units[other]):
                yield _error(UNITS, unit.unit_id, "只属于一个单位的名称", f"{show(name)} 也属于 {other}")
    paths: dict[str, str] = {}
    claims = [(c.path, district.owner_of(c), COLUMNS, c.column_id) for c in district.columns if c.path]
    claims += [(path, u.unit_id, UNITS, u.unit_id) for u in district.units for path in u.column_urls]
    for path, owner, file, where in claims:
        other = paths.setdefault(path_key(path, district.site.home), owner)
        if other != owner and overlap(units.get(owner), units.get(other)):
            yield _error(file, where, "只属于一个单位的路径", f"{show(path)} 也属于 {other}")


def _waivers(district: District, standards: Sequence[Standard], as_of: date) -> Iterator[Problem]:
    used = {b.rule for s in standards for i in s.indicators if i.state is not State.OFF for b in i.rules}
    indicators = {name for s in standards for i in s.indicators for name in (i.id, f"{s.id}/{i.id}")}
    for number, waiver in enumerate(district.waivers, 1):
        where = f"waiver[{number}]"
        if waiver.valid_to < as_of:
            yield _error(WAIVERS, f"{where}.valid_to", f"检查时点 {as_of} 仍有效的日期", f"{waiver.valid_to} 已到期")
        if waiver.rule not in used:
            known = nearest(waiver.rule, sorted(used))
            expected = "所用标准中正在检查的规则"
            yield _warning(WAIVERS, f"{where}.rule", expected, f"没有检查 {show(waiver.rule)}", known)
    for number, entry in enumerate(district.not_applicable, 1):
        where = f"not_applicable[{number}]"
        if entry.valid_to < as_of:
            yield _error(WAIVERS, f"{where}.valid_to", f"检查时点 {as_of} 仍有效的日期", f"{entry.valid_to} 已到期")
        if entry.rule and entry.rule not in used:
            known = nearest(entry.rule, sorted(used))
            expected = "所用标准中正在检查的规则"
            yield _warning(WAIVERS, f"{where}.rule", expected, f"没有检查 {show(entry.rule)}", known)
        if entry.indicator and entry.indicator not in indicators:
            known = nearest(entry.indicator, sorted(indicators))
            yield _error(WAIVERS, f"{where}.indicator", "所用标准中的指标编号", show(entry.indicator), known)
        if entry.valid_to.year > as_of.year:
            got = f"{entry.valid_to}，晚于本年年底"
            yield _warning(WAIVERS, f"{where}.valid_to", "不适用登记以当年年底为限", got)


def _adoptions(district: District, standards: Sequence[Standard], as_of: date) -> Iterator[Problem]:
    known = {s.id: s for s in standards}
    for number, adoption in enumerate(district.adoptions, 1):
        where = f"adoptions[{number}]"
        standard = known.get(adoption.standard)
        if standard is None:
            expected = "所用的标准编号"
            got = f"未知的标准 {show(adoption.standard)}"
            yield _error(DISTRICT, f"{where}.standard", expected, got, nearest(adoption.standard, known))
            continue
        ids = [i.id for i in standard.indicators]
        for indicator in adoption.indicators:
            if indicator != "*" and indicator not in ids:
                got = f"未知的指标 {show(indicator)}"
                yield _error(
                    DISTRICT, f"{where}.indicators", f"{standard.id} 的指标编号", got, nearest(indicator, ids)
                )
            found = standard.indicator(indicator)
            if found is not None and found.state is State.OFF:
                got = f"{indicator} 未启用（state = off），采纳后也不检查"
                yield _warning(DISTRICT, f"{where}.indicators", "已启用的指标", got)
        if not adoption.document.strip():
            yield _error(DISTRICT, f"{where}.document", "采纳文件的名称和文号", "空白")
        if adoption.decided_on > as_of:
            got = f"{adoption.decided_on}，检查时点 {as_of} 尚未生效"
            yield _warning(DISTRICT, f"{where}.decided_on", "不晚于检查时点的日期", got)


def _standards(district: District, standards: Sequence[Standard], as_of: date) -> Iterator[Problem]:
    loaded = {s.id for s in standards}
    for name in district.standards:
        if name not in loaded:
            yield _error(DISTRICT, "standards", "已有的标准编号", f"未知的标准 {show(name)}", nearest(name, loaded))
    rules = {b.rule for s in standards for i in s.indicators for b in i.rules}
    for rule in district.overrides:
        if rule in loaded or rule.partition("/")[0] in loaded:
            expected = "规则编号（[overrides.column-stale]）；分值和权重请改标准文件"
            yield _error(DISTRICT, f"overrides.{rule}", expected, f"标准编号 {show(rule)}")
        elif rule not in rules:
            got = f"所用标准都没有用到 {show(rule)}"
            yield _warning(DISTRICT, f"overrides.{rule}", "所用标准中的规则编号", got, nearest(rule, sorted(rules)))
    units = {u.unit_id for u in district.units}
    groups = {str(u.group) for u in district.units}
    for standard in standards:
        file = standard.source or f"standards/{standard.id}.toml"
        if standard.effective_from > as_of or (standard.effective_to and standard.effective_to < as_of):
            span = f"{standard.effective_from} 至 {standard.effective_to or '今'}"
            yield _warning(file, "effective_from", f"检查时点 {as_of} 有效的标准", f"有效期为 {span}")
        for indicator in standard.indicators:
            where = f"indicators[{indicator.id}]"
            known = {*units, *groups, *district.standard_units}
            unknown = [u for u in indicator.units if u not in known]
            if unknown and len(unknown) == len(indicator.units):
                got = f"{'、'.join(unknown)} 都不是本区单位，本指标不检查任何单位"
                yield _warning(file, f"{where}.units", "units.csv 中的单位编号", got, _close(unknown[0], units))
            elif unknown:
                got = f"没有单位 {'、'.join(unknown)}"
                yield _warning(file, f"{where}.units", "units.csv 中的单位编号", got, _close(unknown[0], units))
            for group in indicator.unit_groups:
                if group not in groups:
                    yield _warning(
                        file, f"{where}.unit_groups", "units.csv 中的分组", show(group), nearest(group, groups)
                    )
            yield from _unsure(file, where, standard, indicator.id)


def _unsure(file: str, where: str, standard: Standard, indicator_id: str) -> Iterator[Problem]:
    """An unverified veto must not fail anybody."""
    indicator = standard.indicator(indicator_id)
    if indicator is None or indicator.kind is not IndicatorKind.VETO or indicator.state is not State.ON:
        return
    if indicator.confidence in (Confidence.C, Confidence.OWN) and not standard.own_default:
        yield _warning(
            file, f"{where}.confidence", "A 或 B（单项否决须有正式文本）", f"{indicator.confidence}，不生效"
        )


def _columns(district: District) -> Iterator[Problem]:
    for column in district.columns:
        if column.role and column.role not in ROLES:
            got = f"未知的用途 {show(column.role)}，没有规则会用到"
            yield _warning(COLUMNS, f"{column.column_id} role", "用途编号", got, nearest(column.role, ROLES))
        for name in column.required_by:
            if name not in REQUIRED_LISTS:
                got = f"自定清单 {show(name)}"
                known = nearest(name, REQUIRED_LISTS)
                yield _warning(COLUMNS, f"{column.column_id} required_by", "已知的清单编号", got, known)
        if column.confirmed and not column.path:
            yield _warning(COLUMNS, f"{column.column_id} confirmed", "有路径的栏目才能已确认", "路径空白")
        if column.freshness_days is not None and column.freshness_days > _LONGEST:
            got = f"{column.freshness_days} 天，不起作用"
            expected = f"不超过 {_LONGEST} 天（只能比标准更严）"
            yield _warning(COLUMNS, f"{column.column_id} freshness_days", expected, got)
    roles = {c.role for c in district.columns}
    for role in ("guide", "annual-report", "interpretation", "policy-library", "messages"):
        if role not in roles:
            yield _warning(COLUMNS, "role", f"有一个栏目的用途是 {role}（{ROLES[role]}）", "没有")


def _accounts(district: District) -> Iterator[Problem]:
    names = [n for u in district.units for n in u.names()]
    for account in district.accounts or ():
        where = f"账号 {account.account_id}"
        if account.unit and not account.unit_id:
            close = _close(account.unit, names)
            yield _warning(ACCOUNTS, f"{where} 主办单位", "units.csv 中的单位名称或别名", show(account.unit), close)
        elif not account.unit:
            yield _hint(ACCOUNTS, f"{where} 主办单位", "主办单位名称")
        if account.kind and account.kind not in ACCOUNT_KINDS:
            known = nearest(account.kind, ACCOUNT_KINDS)
            yield _warning(ACCOUNTS, f"{where} 账号类型", "下列取值之一", show(account.kind), known)
        for function in account.functions:
            if function not in _FUNCTIONS:
                yield _warning(ACCOUNTS, f"{where} 功能", "下列取值，用分号隔开", show(function), _FUNCTIONS)
        if account.state is AccountState.CLOSED and account.changed is None:
            yield _hint(ACCOUNTS, f"{where} 变更日期", "注销日期")
    have = {e.account_id for e in district.exports}
    active = [a for a in district.accounts or () if a.state is AccountState.ACTIVE]
    without = [a.account_id for a in active if a.account_id not in have]
    if without:
        shown = "、".join(without[:10])
        yield _hint("posts/清单.toml", "export", f"各账号近三个月的发布清单（缺 {len(without)} 个：{shown}）")
    for export in district.exports:
        if not export.attested_by:
            yield _warning("posts/清单.toml", export.file, "导出人（签认人）", "空白，清单不能作为不更新的依据")


def _examples(district: District) -> Iterator[Problem]:
    """Rows of the template that were left in."""
    if _EXAMPLE in district.name:
        yield _warning(DISTRICT, "name", "本地区的名称", f"{show(district.name)} 是模板中的示例")
    for unit in district.units:
        if _EXAMPLE in unit.name_short:
            yield _warning(
                UNITS, unit.unit_id, "本地区的单位", f"{show(unit.name_short)} 是模板中的示例行，请改写或删除"
            )
    for account in district.accounts or ():
        if _EXAMPLE in account.name:
            got = f"{show(account.name)} 是模板中的示例行，请改写或删除"
            yield _warning(ACCOUNTS, account.account_id, "本地区的账号", got)


def _calendar(district: District, as_of: date) -> Iterator[Problem]:
    for day in (*district.calendar.holidays, *district.calendar.workdays):
        if day.year not in district.calendar.years:
            got = f"{day} 所在年度不在 calendar.years 中，不会使用"
            yield _warning(DISTRICT, "calendar", "列入 calendar.years 的年度", got)
    if district.plan_published and district.plan_published > as_of:
        yield _warning(DISTRICT, "plan_published", "不晚于检查时点的日期", show(district.plan_published))


def _blank(district: District) -> Iterator[Problem]:
    """What nobody but the office knows."""
    site, crawl = district.site, district.crawl
    for key, value, what in (
        ("site.site_code", site.site_code, "网站标识码（按备案系统填写；空白时不与网页比对）"),
        ("site.closed_domains", site.closed_domains, "已关停的域名"),
        ("crawl.authorisation", crawl.authorisation, "同意采集的文件（空白时遵守 robots.txt）"),
        ("crawl.contact", crawl.contact, "采集程序标识中的联系方式"),
        ("plan_year", district.plan_year, "工作要点的年度（空白时限期事项无法计算）"),
        ("plan_published", district.plan_published, "工作要点的网上发布日期"),
        ("public_document_series", district.public_document_series, "发文字号（如 ×政发、×政办发）"),
    ):
        if not value:
            yield _hint(DISTRICT, key, what)
    if district.accounts is None:
        yield _hint(ACCOUNTS, "", "政务新媒体台账（没有台账时账号一律“无法核查”）")
    units = district.units
    gaps = (
        ("name_full", "单位全称", [u.unit_id for u in units if not u.name_full]),
        ("scored", "是否计分", [u.unit_id for u in units if u.scored is None]),
        ("has_public_service", "是否有公共服务职能", [u.unit_id for u in units if u.has_public_service is None]),
        ("confirmed", "核实单位是否存在、名称是否正确", [u.unit_id for u in units if u.confirmed in ("", "no")]),
    )
    for name, what, ids in gaps:
        yield from _listed(UNITS, name, what, ids)
    unknown = [c.column_id for c in district.columns if not c.path]
    yield from _listed(COLUMNS, "path", "栏目路径（空白时按名称在导航中查找）", unknown)
    unsure = [c.column_id for c in district.columns if c.path and not c.confirmed]
    yield from _listed(COLUMNS, "confirmed", "核实栏目路径", unsure)


def _close(got: str, known: Iterable[str]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(got, list(known), n=3, cutoff=0.6))


def _listed(file: str, where: str, what: str, ids: Sequence[str]) -> Iterator[Problem]:
    if ids:
        more = f" 等 {len(ids)} 项" if len(ids) > 8 else f"，共 {len(ids)} 项"
        yield _hint(file, where, f"{what}：{'、'.join(ids[:8])}{more}")


def _error(file: str, where: str, expected: str, got: str, known: Iterable[str] = ()) -> Problem:
    return Problem(file, where, expected, got, tuple(known), Level.ERROR)


def _warning(file: str, where: str, expected: str, got: str, known: Iterable[str] = ()) -> Problem:
    return Problem(file, where, expected, got, tuple(known), Level.WARNING)


def _hint(file: str, where: str, expected: str) -> Problem:
    return Problem(file, where, expected, "空白，待办公室填写", (), Level.HINT)
