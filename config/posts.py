"""Exports of accounts' posts: posts/清单.toml says whose they are, when they were made and who attests them."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from config.district import Account, Post, PostExport, Strict
from config.errors import Problems, nearest
from config.files import Places, decode, parse_toml, read_bytes, read_text
from config.headers import POST_KINDS, POST_ORIGINS, POSTS
from config.sheets import sheet_text
from config.tables import Row, read_table
from config.validate import show, validate

FOLDER = "posts"
INDEX = "清单.toml"
KINDS = (".csv", ".xlsx")
SHANGHAI = timezone(timedelta(hours=8))  # China has had one offset and no summer time since 1992
_MOMENT = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$"
)


class Listed(Strict):
    """One [[export]] of posts/清单.toml."""

    file: str
    account: str
    exported_on: date
    attested_by: str = ""


class Index(Strict):
    export: tuple[Listed, ...] = ()


def load_exports(folder: Path, accounts: tuple[Account, ...] | None, problems: Problems) -> tuple[PostExport, ...]:
    """Every export that the index lists; a file that it does not list is a fault, as it speaks for nobody."""
    posts = folder / FOLDER
    if not posts.is_dir():
        return ()
    name = f"{FOLDER}/{INDEX}"
    files = sorted(p.name for p in posts.glob("*.*") if p.suffix in KINDS and not p.name.startswith((".", "~")))
    text = read_text(posts / INDEX, folder, problems, name=name) if files or (posts / INDEX).exists() else None
    data = parse_toml(text, name, problems) if text is not None else None
    if text is None or data is None:
        return ()
    places = Places(text)
    index = validate(Index, data, name, problems, places.where)
    if index is None:
        return ()
    exports = []
    for number, listed in enumerate(index.export):
        place = places.where(("export", number, "file"))
        if _listed(listed, number, place, index, files, accounts, places, problems):
            exports.append(_export(folder, listed, problems))
    for file in sorted(set(files) - {e.file for e in index.export}):
        problems.add(f"{FOLDER}/{file}", "", f"在 {name} 中登记（账号、导出日期、导出人）", "没有登记")
    return tuple(e for e in exports if e is not None)


def _listed(
    listed: Listed,
    number: int,
    place: str,
    index: Index,
    files: list[str],
    accounts: tuple[Account, ...] | None,
    places: Places,
    problems: Problems,
) -> bool:
    name = f"{FOLDER}/{INDEX}"
    ids = [a.account_id for a in accounts or ()]
    if listed.account not in ids:
        expected = "台账中的账号编号" if accounts is not None else "先提供新媒体台账（accounts.csv）"
        where = places.where(("export", number, "account"))
        problems.add(name, where, expected, show(listed.account), nearest(listed.account, ids))
    if Path(listed.file).name != listed.file or "\\" in listed.file:
        problems.add(name, place, f"{FOLDER} 文件夹内的文件名，不带路径", show(listed.file), files)
        return False
    if listed.file not in files:
        problems.add(
            name, place, f"{FOLDER} 文件夹内的 CSV 或 XLSX 文件", f"没有 {listed.file}", nearest(listed.file, files)
        )
        return False
    if any(e.file == listed.file for e in index.export[:number]):
        problems.add(name, place, "每个文件只登记一次", f"{listed.file} 重复登记")
        return False
    return True


def _export(folder: Path, listed: Listed, problems: Problems) -> PostExport | None:
    name = f"{FOLDER}/{listed.file}"
    data = read_bytes(folder / FOLDER / listed.file, folder, problems, name=name)
    if data is None:
        return None
    text = sheet_text(data, name, problems) if name.endswith(".xlsx") else decode(data, name, problems)
    if text is None:
        return None
    posts = []
    for row in read_table(text, POSTS, name, problems):
        post = _post(row, listed, name, problems)
        if post is not None:
            posts.append(post)
    return PostExport(
        account_id=listed.account,
        file=name,
        sha256=hashlib.sha256(data).hexdigest(),
        exported_on=listed.exported_on,
        attested_by=listed.attested_by,
        posts=tuple(posts),
    )


def _post(row: Row, listed: Listed, name: str, problems: Problems) -> Post | None:
    values = dict(row.values)
    before = problems.count(name)
    written = str(values.get("published", ""))
    moment = parse_moment(written)
    if moment is None and written:
        expected = "发布时间（2026-06-03T09:12:00+08:00 或 2026-06-03 09:12）"
        problems.add(name, row.where("published"), expected, show(written))
    elif moment is not None and moment.astimezone(SHANGHAI).date() > listed.exported_on:
        expected = f"不晚于导出日期 {listed.exported_on} 的时间"
        problems.add(name, row.where("published"), expected, show(written))
    account = values.get("account_id", listed.account)
    if account != listed.account:
        expected = f"清单登记的账号 {listed.account}（每个文件只含一个账号）"
        problems.add(name, row.where("account_id"), expected, show(account))
    for field, known in (("kind", POST_KINDS), ("origin", POST_ORIGINS)):
        value = values.get(field)
        if value is not None and value not in known:
            problems.add(name, row.where(field), "下列取值之一", show(value), nearest(str(value), known))
    if problems.count(name) > before or moment is None or "title" not in values or "platform" not in values:
        return None
    values["published"] = moment.isoformat()
    return validate(Post, values, name, problems, lambda path: row.where(str(path[0]) if path else ""))


def parse_moment(text: str) -> datetime | None:
    """An aware time. Without an offset it is read as Beijing time; without a clock time as midnight."""
    found = _MOMENT.match(text.strip())
    if not found:
        return None
    year, month, day = (int(found[n]) for n in (1, 2, 3))
    hour, minute, second = (int(found[n] or 0) for n in (4, 5, 6))
    zone = SHANGHAI
    if found[7] == "Z":
        zone = UTC
    elif found[7]:
        sign = -1 if found[7][0] == "-" else 1
        digits = found[7][1:].replace(":", "")
        zone = timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
