"""Faults that only show when the files of a district are seen together."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from config.district import District, NotApplicable, Unit, Waiver
from config.errors import LIMIT_PER_FILE, Problems, nearest
from config.files import Places
from config.tables import Row, parse_date
from config.validate import Path, show

UNITS, COLUMNS, DISTRICT, WAIVERS = "units.csv", "columns.csv", "district.toml", "waivers.toml"
RULE_SHAPE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)+$")
_SITE_CODE = re.compile(r"^(bm\d{8}|\d{10})$")
_CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")


class Origins(Protocol):
    """Where the things of a district stand in its files (rows run parallel to units and columns)."""

    @property
    def units(self) -> Sequence[Row]: ...
    @property
    def columns(self) -> Sequence[Row]: ...
    @property
    def unit_ids(self) -> Collection[str]:
        """Ids of all rows of units.csv, also of rows with faults of their own."""

    @property
    def column_ids(self) -> Collection[str]: ...
    @property
    def district(self) -> Places: ...
    @property
    def waivers(self) -> Places: ...


def check_district(district: District, origins: Origins, problems: Problems, *, as_of: date | None = None) -> None:
    """Adds every fault between the parts of a district."""
    ids = origins.unit_ids
    _site(district, origins.district, problems)
    _resolve(district, origins.district, problems)
    _units(district.units, origins.units, ids, problems)
    _columns(district, origins, problems)
    _ownership(district, origins, problems)
    place, owner = origins.district.where(("portal_owner",)), district.portal_owner
    _refer(DISTRICT, place, UNITS, owner, ids, problems)
    for name, own in district.standard_units.items():
        for number, unit in enumerate(own):
            where = origins.district.where(("standard_units", name, number))
            _refer(DISTRICT, where, UNITS, unit, ids, problems)
    _waivers(district, origins, problems, as_of)


def _site(district: District, places: Places, problems: Problems) -> None:
    site, crawl = district.site, district.crawl

    def bad(path: Path, expected: str, got: object, known: Iterable[str] = ()) -> None:
        problems.add(DISTRICT, places.where(path), expected, show(got), known)

    home = _split(site.home)
    hosts = sorted(district.own_hosts())
    if home is None or home.scheme not in ("http", "https") or not home.hostname:
        bad(("site", "home"), "首页网址（http:// 或 https:// 开头）", site.home)
    elif home.hostname not in hosts:
        bad(("site", "home"), "主机在 site.hosts 中的首页网址", site.home, hosts)
    if site.hosts and site.main_host not in site.hosts:
        bad(("site", "main_host"), "site.hosts 中的一个主机", site.main_host, nearest(site.main_host, site.hosts))
    if site.site_code and not _SITE_CODE.match(site.site_code):
        bad(("site", "site_code"), "10 位数字或 bm 加 8 位数字，不清楚的留空", site.site_code)
    if district.region_code and not re.fullmatch(r"\d{6}|\d{9}|\d{12}", district.region_code):
        bad(("region_code",), "6、9 或 12 位行政区划代码", district.region_code)
    if district.phone_area_code and not re.fullmatch(r"0\d{2,3}", district.phone_area_code):
        bad(("phone_area_code",), "电话区号（如 0632）", district.phone_area_code)
    for number, pattern in enumerate(site.exclude):
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            bad(("site", "exclude", number), f"正则表达式（{error}）", pattern)
    for clock in crawl.window or ():
        if not _CLOCK.match(clock):
            bad(("crawl", "window"), '两个时刻（["20:00", "06:00"]）', clock)
    if not district.standards:
        bad(("standards",), "至少一个标准编号", "")
    for number, standard in enumerate(district.standards):
        if standard in district.standards[:number]:
            bad(("standards",), "不重复的标准编号", standard)
    as_of = district.demo.as_of
    if as_of and (not parse_date(as_of[:10]) or "T" not in as_of):
        bad(("demo", "as_of"), "时刻（2026-09-30T18:00:00+08:00）", as_of)
    twice = set(district.calendar.holidays) & set(district.calendar.workdays)
    for day in sorted(twice):
        bad(("calendar", "workdays"), "同一天只能是放假或上班之一", day)


def _resolve(district: District, places: Places, problems: Problems) -> None:
    for host, target in district.resolve.items():
        if not is_address(target):
            problems.add(DISTRICT, places.where(("resolve", host)), "IP:端口（如 127.0.0.1:8080）", show(target))


def is_address(text: str) -> bool:
    """ "127.0.0.1:8080" or "[::1]:8080"."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        return False
    try:
        if host.startswith("[") and host.endswith("]"):
            ipaddress.IPv6Address(host[1:-1])
        else:
            ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _units(units: Sequence[Unit], rows: Sequence[Row], ids: Collection[str], problems: Problems) -> None:
    _unique(UNITS, "unit_id", [u.unit_id for u in units], rows, problems)
    for unit, row in zip(units, rows, strict=True):
        if unit.valid_from and unit.valid_to and unit.valid_from > unit.valid_to:
            expected = f"不早于起始日期 {unit.valid_from} 的日期"
            problems.add(UNITS, row.where("valid_to"), expected, show(unit.valid_to))
        if unit.successor_id:
            _refer(UNITS, row.where("successor_id"), UNITS, unit.successor_id, ids, problems)
    circles = _circles({u.unit_id: u.successor_id for u in units if u.successor_id})
    for unit, row in zip(units, rows, strict=True):
        if unit.unit_id in circles:
            problems.add(UNITS, row.where("successor_id"), "不绕回自身的继任关系", show(unit.successor_id))


def _columns(district: District, origins: Origins, problems: Problems) -> None:
    columns, rows = district.columns, origins.columns
    ids, units = origins.column_ids, origins.unit_ids
    _unique(COLUMNS, "column_id", [c.column_id for c in columns], rows, problems)
    circles = _circles({c.column_id: c.parent for c in columns if c.parent})
    for column, row in zip(columns, rows, strict=True):
        if column.parent:
            _refer(COLUMNS, row.where("parent"), COLUMNS, column.parent, ids, problems)
        if column.unit_id:
            _refer(COLUMNS, row.where("unit_id"), UNITS, column.unit_id, units, problems)
        if column.path and not usable_path(column.path):
            expected = "以 / 开头的站内路径，或 http(s):// 开头的完整网址；不清楚的留空"
            problems.add(COLUMNS, row.where("path"), expected, show(column.path))
        if column.column_id in circles:
            problems.add(COLUMNS, row.where("parent"), "不绕回自身的上级栏目", show(column.parent))


def _refer(file: str, where: str, table: str, name: str, ids: Collection[str], problems: Problems) -> None:
    """A reference must exist, unless the table it points into could not be read whole."""
    if table not in problems.unreadable and name not in ids:
        what = "单位" if table == UNITS else "栏目"
        expected = f"{'本表' if file == table else table} 中的{what}编号".replace("本表 ", "本表")
        full = problems.count(file) > LIMIT_PER_FILE  # nobody will see it: spare the comparison
        problems.add(file, where, expected, show(name), () if full else nearest(name, ids))


def usable_path(path: str) -> bool:
    if re.search(r"[\s\x00-\x1f]", path) or "/../" in f"{path}/":
        return False
    if path.startswith("/"):
        return not path.startswith("//")
    parts = _split(path)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)


def _unique(file: str, field: str, ids: Sequence[str], rows: Sequence[Row], problems: Problems) -> None:
    first: dict[str, Row] = {}
    for name, row in zip(ids, rows, strict=True):
        if name in first:
            problems.add(file, row.where(field), "不重复的编号", f"{name} 已在第 {first[name].line} 行")
        first.setdefault(name, row)


def _circles(following: Mapping[str, str]) -> set[str]:
    """Names from which following leads back to themselves. Each name is walked once."""
    done: set[str] = set()
    found: set[str] = set()
    for start in following:
        path: dict[str, int] = {}
        at = start
        while at and at not in done and at not in path:
            path[at] = len(path)
            at = following.get(at, "")
        if at in path:
            found.update(name for name, place in path.items() if place >= path[at])
        done.update(path)
    return found


def _ownership(district: District, origins: Origins, problems: Problems) -> None:
    """One path and one name belong to one unit at a time; otherwise findings fall on the wrong one."""
    home = district.site.home
    paths: dict[str, list[tuple[str, str, Unit | None]]] = {}
    for column, row in zip(district.columns, origins.columns, strict=True):
        if column.path and usable_path(column.path):
            owner = district.owner_of(column)
            claim = (owner, f"{COLUMNS} 第 {row.line} 行", district.unit(owner))
            _claim(paths, path_key(column.path, home), claim, COLUMNS, row.where("path"), column.path, problems)
    for unit, row in zip(district.units, origins.units, strict=True):
        for path in unit.column_urls:
            if not usable_path(path):
                expected = "以 / 开头的站内路径，或 http(s):// 开头的完整网址"
                problems.add(UNITS, row.where("column_urls"), expected, show(path))
                continue
            claim = (unit.unit_id, f"{UNITS} 第 {row.line} 行", unit)
            _claim(paths, path_key(path, home), claim, UNITS, row.where("column_urls"), path, problems)
    names: dict[str, list[tuple[str, str, Unit | None]]] = {}
    for unit, row in zip(district.units, origins.units, strict=True):
        for name in unit.names():
            claim = (unit.unit_id, f"{UNITS} 第 {row.line} 行", unit)
            field = _name_field(unit, name)
            _claim(names, name, claim, UNITS, row.where(field), name, problems)


def _claim(
    claims: dict[str, list[tuple[str, str, Unit | None]]],
    key: str,
    claim: tuple[str, str, Unit | None],
    file: str,
    where: str,
    written: str,
    problems: Problems,
) -> None:
    owner, _, unit = claim
    for other, place, before in claims.setdefault(key, []):
        if other != owner and overlap(unit, before):
            got = f"{show(written)} 已属于 {other}（{place}），这里又属于 {owner}"
            problems.add(file, where, "只属于一个单位", got)
            break
    claims[key].append(claim)


def overlap(one: Unit | None, other: Unit | None) -> bool:
    """Whether both units exist on some day; a successor may carry the name of a unit that has ended."""
    if one is None or other is None:
        return True
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    ends = min(one.valid_to or date.max, other.valid_to or date.max)
    return starts <= ends


def _name_field(unit: Unit, name: str) -> str:
    if name == unit.name_full:
        return "name_full"
    return "name_short" if name == unit.name_short else "aliases"


def path_key(path: str, home: str) -> str:
    """One form of a column's address: index pages, a trailing slash and the site's own host make no difference."""
    parts, own = _split(path), _split(home)
    if parts is None:
        return path
    same = not parts.hostname or (own is not None and parts.hostname == own.hostname)
    text = re.sub(r"(?:index|default)(?:\.s?html?|\.jsp|\.php)$", "", parts.path).rstrip("/") + "/"
    query = f"?{parts.query}" if parts.query else ""
    return ("" if same else f"{parts.hostname}") + text + query


def _waivers(district: District, origins: Origins, problems: Problems, as_of: date | None) -> None:
    places, units, columns = origins.waivers, origins.unit_ids, origins.column_ids
    tables: tuple[tuple[str, Sequence[Waiver | NotApplicable]], ...] = (
        ("waiver", district.waivers),
        ("not_applicable", district.not_applicable),
    )
    for table, entries in tables:
        for number, entry in enumerate(entries):
            place = _place(places, table, number)
            if entry.unit:
                _refer(WAIVERS, place("unit"), UNITS, entry.unit, units, problems)
            if entry.column:
                _refer(WAIVERS, place("column"), COLUMNS, entry.column, columns, problems)
            if entry.rule and not RULE_SHAPE.match(entry.rule):
                problems.add(WAIVERS, place("rule"), "规则编号（如 column-stale）", show(entry.rule))
            if as_of is not None and entry.valid_to < as_of:
                problems.add(WAIVERS, place("valid_to"), f"检查时点 {as_of} 仍有效的日期", f"{entry.valid_to} 已到期")
            for key in ("reason", "approver"):
                if not getattr(entry, key):
                    problems.add(WAIVERS, place(key), f"必填的 {key}", "空白")
    for number, waiver in enumerate(district.waivers):
        place = _place(places, "waiver", number)
        if not waiver.rule:
            problems.add(WAIVERS, place("rule"), "规则编号（如 column-stale）", "空白")
        if not waiver.legal_basis:
            problems.add(WAIVERS, place("legal_basis"), "必填的 legal_basis", "空白")
        if waiver.valid_from > waiver.valid_to:
            expected = f"不早于 valid_from {waiver.valid_from} 的日期"
            problems.add(WAIVERS, place("valid_to"), expected, show(waiver.valid_to))
        if not (waiver.unit or waiver.column or waiver.subject):
            problems.add(WAIVERS, place("rule"), "unit、column、subject 至少填一项", "整条规则对全部单位豁免")
    for number, item in enumerate(district.not_applicable):
        if not (item.rule or item.indicator or item.column):
            where = _place(places, "not_applicable", number)("rule")
            problems.add(WAIVERS, where, "rule、indicator、column 至少填一项", "都是空白")


def _place(places: Places, table: str, number: int) -> Callable[[str], str]:
    return lambda key: places.where((table, number, key))
