"""Loading a district folder or a built-in district into `config.district.District`, with every fault at once.

A folder holds district.toml, units.csv and columns.csv; optional are accounts.csv (or 政务新媒体台账.csv), posts/
with exports of accounts, waivers.toml and standards/. Standards are loaded by `config.editions`, re-exported here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from config.canonical import canonical_hash, plain_numbers
from config.crosscheck import check_district
from config.district import Account, Column, District, NotApplicable, Strict, Unit, Waiver
from config.editions import builtin_standards, load_standard, load_standards_for
from config.errors import ConfigError, Problem, Problems, nearest
from config.files import Places, parse_toml, read_text
from config.headers import ACCOUNTS, COLUMNS, UNITS, Table
from config.posts import load_exports
from config.tables import Row, read_table
from config.validate import Path as KeyPath
from config.validate import validate

__all__ = [
    "builtin_districts",
    "builtin_standards",
    "canonical_hash",
    "load_district",
    "load_standard",
    "load_standards_for",
]

BUILTIN = Path(__file__).parent / "districts"
LEDGERS = ("accounts.csv", "政务新媒体台账.csv")
KNOWN_FILES = ("district.toml", "units.csv", "columns.csv", *LEDGERS, "waivers.toml", "workflow.toml")
_TABLES = ("units", "columns", "accounts", "exports", "waivers", "not_applicable", "source", "config_hash")

M = TypeVar("M", bound=BaseModel)


class Waivers(Strict):
    """The tables of waivers.toml."""

    waiver: tuple[Waiver, ...] = ()
    not_applicable: tuple[NotApplicable, ...] = ()


@dataclass(frozen=True, slots=True)
class Origins:
    """Where each loaded thing stands, so that cross-checks can name file and row."""

    units: tuple[Row, ...] = ()
    columns: tuple[Row, ...] = ()
    unit_ids: Collection[str] = ()
    column_ids: Collection[str] = ()
    district: Places = field(default_factory=lambda: Places(""))
    waivers: Places = field(default_factory=lambda: Places(""))


def builtin_districts() -> tuple[str, ...]:
    """Ids of the districts that ship with the package."""
    if not BUILTIN.is_dir():
        return ()
    return tuple(sorted(p.name for p in BUILTIN.iterdir() if (p / "district.toml").is_file()))


def load_district(ref: str | Path, *, as_of: date | None = None) -> District:
    """The district of a folder or of a built-in id.

    With `as_of`, waivers that have expired by that day are faults, too. Raises ConfigError with all problems.
    """
    folder, source = find_district(ref)
    problems = Problems()
    _check_names(folder, problems)
    head, places = _head(folder, problems)
    units, unit_rows, unit_ids = _table(folder, "units.csv", UNITS, Unit, problems)
    columns, column_rows, column_ids = _table(folder, "columns.csv", COLUMNS, Column, problems)
    accounts = _accounts(folder, units, problems)
    exports = load_exports(folder, accounts, problems)
    waivers, waiver_places = _waivers(folder, problems)
    if head is None:
        raise ConfigError(problems.all())
    content: dict[str, object] = {
        "units": units,
        "columns": columns,
        "accounts": accounts,
        "exports": exports,
        "waivers": waivers.waiver,
        "not_applicable": waivers.not_applicable,
        "source": source,
    }
    district = head.model_copy(update=content)
    origins = Origins(unit_rows, column_rows, unit_ids, column_ids, places, waiver_places)
    check_district(district, origins, problems, as_of=as_of)
    problems.raise_if_any()
    return district.model_copy(update={"config_hash": canonical_hash(district)})


def find_district(ref: str | Path) -> tuple[Path, str]:
    """Folder and source name of a reference. Raises ConfigError if there is no such district."""
    builtin = builtin_districts()
    text = str(ref)
    if isinstance(ref, str) and ref in builtin:
        return BUILTIN / ref, ref
    try:
        folder = Path(ref).expanduser()
        if text.strip() and folder.is_dir():
            return folder, str(folder.resolve())
        missing = "不是文件夹" if folder.exists() else "没有这个文件夹，也不是内置地区"
    except (OSError, ValueError, RuntimeError):
        missing = "不是可用的路径"
    raise ConfigError([Problem(text or "（空白）", "", "内置地区编号或配置文件夹", missing, nearest(text, builtin))])


def _check_names(folder: Path, problems: Problems) -> None:
    """A table under a wrong name would be ignored in silence; that is how waivers get lost."""
    try:
        names = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in (".csv", ".toml"))
    except OSError as error:
        problems.add(str(folder), "", "可以读取的文件夹", str(error))
        return
    for name in names:
        if name not in KNOWN_FILES and not name.startswith((".", "~")):
            problems.add(name, "", "配置文件夹中已知的文件名", f"未知的文件 {name}", nearest(name, KNOWN_FILES))
    if all(name in names for name in LEDGERS):
        problems.add(LEDGERS[1], "", "只保留一份新媒体台账", f"同时存在 {LEDGERS[0]}")


def _head(folder: Path, problems: Problems) -> tuple[District | None, Places]:
    text = read_text(folder / "district.toml", folder, problems)
    data = parse_toml(text, "district.toml", problems) if text is not None else None
    if text is None or data is None:
        return None, Places("")
    places = Places(text)
    for key in _TABLES:
        if key in data:
            expected = "district.toml 的键（单位、栏目、台账、豁免写在各自的文件里）"
            problems.add("district.toml", places.where((key,)), expected, f"不能写在这里的键 {key}")
            data.pop(key)
    overrides = data.get("overrides")
    if isinstance(overrides, dict):
        data["overrides"] = plain_numbers(overrides)
    return validate(District, data, "district.toml", problems, places.where), places


def _table(
    folder: Path, name: str, table: Table, model: type[M], problems: Problems, *, may_be_empty: bool = False
) -> tuple[tuple[M, ...], tuple[Row, ...], Collection[str]]:
    """Models, the rows they came from, and the ids (first field) of all rows, sound or not."""
    text = read_text(folder / name, folder, problems)
    if text is None:
        problems.unreadable.add(name)
        return (), (), ()
    rows = read_table(text, table, name, problems)
    models, kept = [], []
    for row in rows:
        complete = all(h.field in row.values for h in table.headers if h.required)
        value = validate(model, row.values, name, problems, _cell(row)) if complete else None
        if value is not None:
            models.append(value)
            kept.append(row)
    if not rows and not may_be_empty and not problems.count(name):
        problems.add(name, "", f"至少一行{table.name}", "只有表头，没有数据")
    ids = (row.values.get(table.headers[0].field) for row in rows)
    return tuple(models), tuple(kept), {str(i): None for i in ids if i}  # ordered, and quick to look up


def _cell(row: Row) -> Callable[[KeyPath], str]:
    return lambda path: row.where(str(path[0]) if path else "")


def _accounts(folder: Path, units: tuple[Unit, ...], problems: Problems) -> tuple[Account, ...] | None:
    name = next((n for n in LEDGERS if (folder / n).exists()), None)
    if name is None:
        return None
    accounts, rows, _ = _table(folder, name, ACCOUNTS, Account, problems, may_be_empty=True)
    if not rows and not problems.count(name):
        return None  # a template not filled in yet says nothing: as if there were no ledger
    owners = {n: u.unit_id for u in units for n in u.names()}
    seen: dict[str, Row] = {}
    for account, row in zip(accounts, rows, strict=True):
        if account.account_id in seen:
            first = seen[account.account_id].line
            problems.add(name, row.where("account_id"), "不重复的账号编号", f"{account.account_id} 已在第 {first} 行")
        seen.setdefault(account.account_id, row)
    return tuple(a.model_copy(update={"unit_id": owners.get(a.unit, "")}) for a in accounts)


def _waivers(folder: Path, problems: Problems) -> tuple[Waivers, Places]:
    path = folder / "waivers.toml"
    text = read_text(path, folder, problems) if path.exists() else None
    data = parse_toml(text, path.name, problems) if text is not None else None
    if text is None or data is None:
        return Waivers(), Places("")
    places = Places(text)
    return validate(Waivers, data, path.name, problems, places.where) or Waivers(), places
