"""What some units keep beside the portal: an application form of their own, quarterly figures of their service desks.

Planted: two forms without proof of identity, figures of a town that stopped in spring. Traps: a form in other words,
a unit that takes applications through the portal's form, figures of the last quarter that came out in July.
"""

from __future__ import annotations

from audit.demo.grammar import html
from audit.demo.layout import PHONE_AREA
from audit.demo.model import WWW, Body, Item, on

_FIELDS = ("申请人姓名或名称", "联系电话", "所需政府信息内容描述", "获取信息的方式")
_OTHER_WORDS = ("姓名/单位名称", "证件类型及号码", "通讯地址及邮箱", "文号或者其他特征描述", "载体形式要求")
_DAYS = {
    "hesui": (("2026年第一季度", "2026-04-09"), ("2025年第四季度", "2026-01-14")),
    "jyj": (("2026年第二季度", "2026-07-06"), ("2026年第一季度", "2026-04-09")),
    "rsj": (("2026年上半年", "2026-07-01"), ("2025年下半年", "2026-01-14")),
}


def application(unit: Body) -> str:
    """The page 依申请公开 of a unit, as trusted markup."""
    desk = f"<p>受理机构：{unit.full}　联系电话：{PHONE_AREA}-{unit.phone}</p>"
    if unit.id == "fgj":
        link = f'<a href="http://{WWW}/zwgk/ysqgk/">青禾区政府信息依申请公开</a>'
        return f"<p>向{unit.full}申请获取政府信息的，统一通过{link}提交。</p>{desk}"
    names = _OTHER_WORDS if unit.id == "jyj" else _FIELDS
    fields = "".join(
        f'<p><label for="f{n}">{name}</label><input id="f{n}" name="f{n}" type="text"></p>'
        for n, name in enumerate(names)
    )
    form = f'<form class="fields" action="/zwgk/ysqgk/submit" method="post">{fields}'
    return f'<p>可以填写下列表格。</p>{form}<p><button type="submit">提交</button></p></form>{desk}'


def figures_of(unit: Body) -> tuple[Item, ...]:
    """Quarterly figures of a unit's service desk."""
    return tuple(
        Item(583_100 + 10 * order + n, f"{unit.short}服务窗口{title}办事统计", on(day, 9, 30), unit.full,
             html([f"{title}共受理事项{320 + n * 41}件，办结{318 + n * 41}件。"]))
        for order in (sorted(_DAYS).index(unit.id),)
        for n, (title, day) in enumerate(_DAYS[unit.id])
    )  # fmt: skip
