"""The twelve units of the fictitious district. Names, places and numbers are invented."""

from __future__ import annotations

from audit.demo.model import Body

_STREET = "云岭市青禾区示范大道"


def _body(unit: str, full: str, short: str, number: int, head: str, *duties: str, town: bool = False) -> Body:
    place = f"{_STREET}{number}号" if not town else f"云岭市青禾区{short}示范街{number}号"
    return Body(unit, full, short, f"55501{number:02d}", place, head, duties, town)


BODIES: tuple[Body, ...] = (
    _body("zfb", "青禾区人民政府办公室", "区政府办公室", 1, "示例甲", "政务公开", "政务督查", "公文处理"),
    _body("fgj", "青禾区发展和改革局", "区发展改革局", 12, "示例乙", "重大项目", "价格管理", "节能降碳"),
    _body("jyj", "青禾区教育和体育局", "区教体局", 13, "示例丙", "义务教育", "校外培训监管", "全民健身"),
    _body("mzj", "青禾区民政局", "区民政局", 14, "示例丁", "社会救助", "养老服务", "社区治理"),
    _body(
        "rsj", "青禾区人力资源和社会保障局", "区人力资源社会保障局", 15, "示例戊", "就业创业", "技能培训", "社会保险"
    ),
    _body("zjj", "青禾区住房和城乡建设局", "区住房城乡建设局", 16, "示例己", "住房保障", "市政设施", "房屋征收"),
    _body("nyj", "青禾区农业农村局", "区农业农村局", 17, "示例庚", "粮食生产", "农田水利", "乡村振兴"),
    _body("swj", "青禾区水务局", "区水务局", 18, "示例辛", "防汛抗旱", "供水保障", "河湖管理"),
    _body("hesui", "青禾区禾穗镇人民政府", "禾穗镇", 21, "示例壬", "乡村振兴", "社会救助", "村务公开", town=True),
    _body("yunsang", "青禾区云桑镇人民政府", "云桑镇", 22, "示例癸", "蚕桑产业", "社会救助", "农田水利", town=True),
    _body("mailang", "青禾区麦浪镇人民政府", "麦浪镇", 23, "示例子", "粮食生产", "养老服务", "宅基地管理", town=True),
    _body(
        "qingting", "青禾区青汀街道办事处", "青汀街道", 24, "示例丑", "社区治理", "就业创业", "城市更新", town=True
    ),
)

BY_ID = {body.id: body for body in BODIES}


def body(unit: str) -> Body:
    return BY_ID[unit]
