"""Writing a template folder that an office clerk can fill with WPS, Excel and a text editor."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from config.headers import ACCOUNTS, COLUMNS, UNITS, Table
from config.vocabulary import ARTICLE_LABELS, REQUIRED_LISTS, ROLES, USUAL_NAMES

TEMPLATE = Path(__file__).parent / "template"
_STATIC_ROLES = frozenset(
    {"overview", "organ", "leaders", "disclosure", "guide", "system", "statutory", "catalogue", "apply"}
    | {"services", "interaction", "mailbox", "matrix", "annual-report"}
)
_CLASSES = {
    "home-news": "动态",
    "notices": "通知公告",
    "policy-library": "政策文件",
    "policy-office": "政策文件",
    "interpretation": "政策解读",
    "messages": "留言",
}
_BASIC = ("overview", "organ", "leaders", "home-news", "notices", "policy-library", "interpretation", "services")
_BASIC_LATER = ("interaction", "messages")
# looked for where the site has them; whether they must be there is asked by other rules, or by the office
_FURTHER: tuple[str, ...] = (
    "catalogue",
    "mailbox",
    "solicitation",
    "decision-catalogue",
    "decisions",
    "budget",
    "field-catalogue",
)
_FURTHER += ("utilities", "matrix")
_PLATFORM = ("disclosure", "guide", "system", "statutory", "annual-report", "apply")

_UNIT_ROWS: tuple[dict[str, str], ...] = (
    {
        "unit_id": "zfb",
        "name_full": "示例区人民政府办公室",
        "name_short": "示例区政府办",
        "aliases": "示例区政府办公室",
        "group": "政府组成部门",
        "scored": "Y",
        "confirmed": "no",
        "note": "示例行，请改写：门户和统一平台主管",
    },
    {
        "unit_id": "shili-town",
        "name_full": "示例区示例镇人民政府",
        "name_short": "示例镇",
        "group": "镇街",
        "scored": "Y",
        "confirmed": "no",
        "note": "示例行，请改写或删除",
    },
    {
        "unit_id": "shili-caizheng",
        "name_full": "示例区财政局",
        "name_short": "示例财政局",
        "aliases": "示例区财政和金融局;示例财政和金融局",
        "group": "政府组成部门",
        "has_public_service": "Y",
        "column_urls": "/zwgk/bm/shili-czj/",
        "valid_from": "2024-03-01",
        "scored": "Y",
        "confirmed": "no",
        "note": "示例行，请改写或删除：一格多项用分号隔开，不知道的留空",
    },
)
_ACCOUNT_ROWS: tuple[dict[str, str], ...] = (
    {
        "账号编号": "wx-01",
        "平台": "微信",
        "账号名称": "示例区发布",
        "主办单位": "示例区人民政府办公室",
        "账号类型": "订阅号",
        "开设日期": "2020-01-31",
        "状态": "正常",
        "功能": "发布;互动",
        "备注": "示例行，请改写或删除",
    },
)


def write_template(folder: Path) -> list[Path]:
    """Write the template into a new or empty folder and return the files, in reading order.

    Raises FileExistsError, before anything is written, when the folder has content or is a file; OSError when
    it cannot be written.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise FileExistsError(str(folder))
    contents = _contents()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in contents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:  # "x": never over a file that appeared meanwhile
            file.write(data)
        written.append(path)
    return written


def _contents() -> dict[str, bytes]:
    """Texts carry a BOM where WPS and Notepad need it; TOML is read by this program only and takes it, too."""
    return {
        "填写说明.txt": _text("填写说明.txt"),
        "district.toml": _text("district.toml"),
        "units.csv": _csv(UNITS, [h.field for h in UNITS.headers], _UNIT_ROWS),
        "columns.csv": _csv(COLUMNS, [h.field for h in COLUMNS.headers], _column_rows()),
        "accounts.csv": _csv(ACCOUNTS, [h.chinese[0] for h in ACCOUNTS.headers], _ACCOUNT_ROWS),
        "waivers.toml": _text("waivers.toml"),
        "posts/清单.toml": _text("posts/清单.toml"),
    }


def _text(name: str) -> bytes:
    text = (TEMPLATE / name).read_text(encoding="utf-8")
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


def _csv(table: Table, names: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    headers = [h for h in table.headers for n in names if n in h.names()]
    explanation = "；".join(f"{h.field}：{h.chinese[0]}{'（必填）' if h.required else ''}" for h in headers)
    buffer.write(f"# {explanation}。本行是说明，程序不读".replace(",", "，") + "\r\n")
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _column_rows() -> list[dict[str, str]]:
    """The columns every portal must have; paths stay blank until the office fills them in."""
    basic, platform = (*_BASIC, *_BASIC_LATER), _PLATFORM
    articles = [role for role in ROLES if role.startswith(("art20-", "art21d-"))]
    rows = [_column(role, ROLES[role], "portal-basic") for role in basic]
    rows += [_column(role, ROLES[role], "platform") for role in platform]
    rows += [_column(role, ROLES[role].partition("、")[0], "") for role in _FURTHER]
    for role in articles:
        required = "art20" if role.startswith("art20-") else "art21-district"
        rows.append(_column(role, ARTICLE_LABELS[role], required) | {"parent": "statutory"})
    return rows


def _column(role: str, label: str, required_by: str) -> dict[str, str]:
    if required_by and required_by not in REQUIRED_LISTS:
        raise ValueError(f"unknown list {required_by}")
    return {
        "column_id": role,
        "label": label,
        "column_class": _CLASSES.get(role, "静态" if role in _STATIC_ROLES else "其他"),
        "role": role,
        "required_by": required_by,
        "confirmed": "N",
        "aliases": USUAL_NAMES.get(role, ""),
        "note": "请填写栏目路径；网站上名称不同的写在别名里，别名中不合本区的删去",
    }
