"""Columns of the CSV tables: field names of the models, and the Chinese headers a clerk may use instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cell(StrEnum):
    TEXT = "文字"
    LIST = "多项，用分号隔开"
    FLAG = "是/否（Y/N）"
    DATE = "日期"
    WHOLE = "整数"


@dataclass(frozen=True, slots=True)
class Header:
    field: str
    chinese: tuple[str, ...]  # the first one is written into templates
    cell: Cell = Cell.TEXT
    required: bool = False  # the column must exist and be filled in every row

    def names(self) -> tuple[str, ...]:
        return (self.field, *self.chinese)


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    headers: tuple[Header, ...]

    def find(self, written: str) -> Header | None:
        folded = written.strip().strip("*＊").strip().lower()
        return next((h for h in self.headers if folded in (n.lower() for n in h.names())), None)

    def all_names(self) -> list[str]:
        return [n for h in self.headers for n in h.names()]


UNITS = Table(
    "单位表",
    (
        Header("unit_id", ("单位编号",), required=True),
        Header("name_full", ("单位全称", "全称")),
        Header("name_short", ("单位简称", "简称"), required=True),
        Header("aliases", ("别名",), Cell.LIST),
        Header("group", ("分组",), required=True),
        Header("has_public_service", ("是否有公共服务职能", "是否有公共服务"), Cell.FLAG),
        Header("priority_domains", ("重点领域",), Cell.LIST),
        Header("column_urls", ("栏目地址",), Cell.LIST),
        Header("liaison", ("联络员",)),
        Header("liaison_phone", ("联络员电话", "联络电话")),
        Header("leader_in_charge", ("分管负责人",)),
        Header("valid_from", ("起始日期",), Cell.DATE),
        Header("valid_to", ("终止日期",), Cell.DATE),
        Header("successor_id", ("继任单位编号",)),
        Header("scored", ("是否计分",), Cell.FLAG),
        Header("confirmed", ("确认情况",)),
        Header("seed_clauses", ("要点条款",), Cell.LIST),
        Header("note", ("备注",)),
    ),
)

COLUMNS = Table(
    "栏目表",
    (
        Header("column_id", ("栏目编号",), required=True),
        Header("label", ("栏目名称",), required=True),
        Header("aliases", ("别名",), Cell.LIST),
        Header("path", ("栏目路径", "栏目地址")),
        Header("unit_id", ("责任单位编号", "单位编号")),
        Header("column_class", ("更新类别", "class")),
        Header("role", ("用途",)),
        Header("required_by", ("所属清单",), Cell.LIST),
        Header("parent", ("上级栏目编号",)),
        Header("freshness_days", ("更新期限（天）", "更新期限", "更新期限(天)"), Cell.WHOLE),
        Header("confirmed", ("已确认",), Cell.FLAG),
        Header("note", ("备注",)),
    ),
)

ACCOUNTS = Table(
    "政务新媒体台账",
    (
        Header("account_id", ("账号编号",), required=True),
        Header("platform", ("平台",), required=True),
        Header("name", ("账号名称",), required=True),
        Header("platform_account", ("账号ID",)),
        Header("url", ("主页或二维码链接",)),
        Header("unit", ("主办单位",)),
        Header("supervisor", ("主管单位",)),
        Header("kind", ("账号类型",)),
        Header("certified_as", ("认证主体",)),
        Header("opened", ("开设日期",), Cell.DATE),
        Header("state", ("状态",)),
        Header("changed", ("变更日期",), Cell.DATE),
        Header("filing_no", ("备案文号",)),
        Header("functions", ("功能",), Cell.LIST),
        Header("person", ("责任人",)),
        Header("update_promise", ("更新约定",)),
        Header("note", ("备注",)),
    ),
)

POSTS = Table(
    "账号发布清单",
    (
        Header("platform", ("平台",), required=True),
        Header("account_id", ("账号编号",), required=True),
        Header("published", ("发布时间",), required=True),
        Header("title", ("标题",), required=True),
        Header("url", ("链接",)),
        Header("kind", ("类型",)),
        Header("origin", ("来源",)),
        Header("deleted", ("删除标记",), Cell.FLAG),
    ),
)

ACCOUNT_KINDS = ("订阅号", "服务号", "小程序", "客户端", "微博", "短视频", "其他")
POST_KINDS = ("图文", "视频", "直播", "其他")
POST_ORIGINS = ("原创", "转载")
