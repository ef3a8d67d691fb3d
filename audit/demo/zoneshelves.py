"""What the columns of the four small sites hold: files, decision catalogues, service guides, and nothing at all.

Each site meets some of these as faults and some as clean cases that look like one; which is which is said beside it.
"""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from dataclasses import dataclass

from audit.demo.layout import PHONE_AREA
from audit.demo.model import ago


@dataclass(frozen=True, slots=True)
class Entry:
    """One article: its title, how many days ago it was published, and trusted markup below the date."""

    title: str
    days: int
    html: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A column under `/id/` that the navigation names. `kind` is its class in columns.csv, blank: not registered.

    Without entries the page shows `words` alone.
    """

    id: str
    label: str
    kind: str
    role: str = ""
    entries: tuple[Entry, ...] = ()
    words: str = ""

    @property
    def path(self) -> str:
        return f"/{self.id}/"

    def paths(self) -> dict[str, Entry]:
        return {f"{self.path}{n}.html": entry for n, entry in enumerate(self.entries)}

    def rows(self) -> str:
        """The list as trusted markup, or what stands in its place."""
        rows = (
            f'<li><a href="{path}">{entry.title}</a><span>{ago(entry.days):%Y-%m-%d}</span></li>'
            for path, entry in self.paths().items()
        )
        return f"<ul>{''.join(rows)}</ul>" if self.entries else f"<p>{self.words}</p>" if self.words else ""


def _file(issuer: str, docno: str, topic: str, days: int) -> Entry:
    head = (
        f'<table><tbody><tr><th scope="row">发文字号</th><td>{docno}</td><th scope="row">发文机关</th><td>{issuer}</td></tr>'
        f'<tr><th scope="row">成文日期</th><td>{ago(days + 2):%Y-%m-%d}</td><th scope="row">有效性</th><td>有效</td></tr></tbody></table>'
    )
    text = f"<p>各科室、各有关单位：</p><p>现将《{topic}》印发给你们，请结合实际认真贯彻执行。</p><p>第一条　为规范管理，根据有关规定，制定本办法。</p><p>第二条　本办法自印发之日起施行。</p>"
    return Entry(f"{issuer}关于印发《{topic}》的通知", days, head + text)


_TEXT = "本区坚持生态优先、绿色发展，扎实推进项目建设和公共服务，欢迎社会各界监督。" * 3
_MATTERS = ("湿地保护专项规划", "公共停车场布局方案", "污水管网改造方案")


def _old(*columns: tuple[str, str, int], kind: str = "动态") -> tuple[Shelf, ...]:
    """Columns (id, label, days) whose newest article is that old."""
    return tuple(
        Shelf(x, label, kind, entries=(Entry(f"{label}：第三季度重点工作稳步推进", days, f"<p>{_TEXT}</p>"),))
        for x, label, days in columns
    )


def _empty(*columns: tuple[str, str, str]) -> tuple[Shelf, ...]:
    return tuple(Shelf(x, label, "其他", words=words) for x, label, words in columns)


def _catalogue(title: str, answers: str, opening: str = "") -> Entry:
    """A decision catalogue. `answers` is what the column of those who answer is called; blank: there is none."""
    offices = ("规划建设科", "综合管理科", "生态环境科")
    head = f'<tr><th scope="col">事项</th>{f"<th scope=col>{answers}</th>" if answers else ""}<th scope="col">完成时间</th></tr>'
    rows = "".join(
        f"<tr><td>{matter}</td>{f'<td>{office}</td>' if answers else ''}<td>12月底前</td></tr>"
        for matter, office in zip(_MATTERS, offices, strict=True)
    )
    more = "以上事项按照公众参与、专家论证、风险评估、合法性审查和集体讨论决定的程序办理，变动时另行公布。"
    return Entry(title, 170, f"<p>{opening}</p><table>{head}{rows}</table><p>{more}</p>")


_BARE = (
    "<p>事项名称：{0}</p><p>联系电话："
    + PHONE_AREA
    + "-5550198</p><p>请市民携带有关证件前来，工作人员将耐心解答，为您提供优质服务。</p>"
)
_FULL = (
    "<p>事项名称：{0}</p><p>设定依据：管理办法第二条</p><p>申请条件：在本区居住</p><p>办理材料：身份证、申请表</p>"
    "<p>办理地点：便民大厅3号窗口</p><p>办理时间：工作日上午九时至下午五时</p><p>联系电话："
    + PHONE_AREA
    + "-5550198</p>"
    "<p>办理流程：申请、受理、审核、发证</p>"
)
_OTHERWISE = (  # the same eight, every one by another name
    "<p>服务事项：{0}</p><p>实施依据：管理办法第二条</p><p>受理条件：在园区经营</p><p>申报材料：营业执照、申请表</p>"
    "<p>受理地点：服务大厅2号窗口</p><p>办公时间：工作日上午九时至下午五时</p><p>咨询电话："
    + PHONE_AREA
    + "-5550197</p>"
    "<p>办事流程：申报、受理、审核、发证</p>"
)
_SERVICES = ("临时停车证", "摊位租赁", "垃圾清运", "绿化移植", "场地借用")


def _guides(*texts: str, named: str = "办事指南") -> tuple[Entry, ...]:
    pairs = zip(_SERVICES, texts, strict=True)
    return tuple(Entry(f"{name}申请{named}", 90, text.format(f"{name}申请")) for name, text in pairs)


_STALE = (("gzjb", "工作简报", 40), ("dqjs", "党群建设", 60), ("jcdt", "基层动态", 35), ("hdbd", "活动报道", 90))
_BLANK = (
    ("xmjz", "项目进展", "暂无信息"),
    ("yqgh", "园区规划", ""),
    ("qyfc", "企业风采", "栏目建设中"),
    ("rcyj", "人才引进", ""),
)

SHELVES: dict[str, tuple[Shelf, ...]] = {
    "jingqu": (
        *_old(*_STALE, ("mtgz", "媒体关注", 20)),  # fault: five columns of news, all out of date
        Shelf("jcml", "重大决策", "其他", "decision-catalogue",
              (_catalogue("2025年度重大行政决策事项目录", "承办单位"),)),  # fault: last year's is the newest
        Shelf("bsfw", "办事服务", "其他", "services", _guides(*[_BARE] * 5)),  # fault: guides by which nothing can be done
        # trap: the register has hexagonal brackets, the page square ones
        Shelf("zcwj", "政策文件", "政策文件", "policy-library",
              (_file("青禾湿地景区管理委员会", "青湿管发[2026]1号", "湿地景区游览管理办法", 60),)),
    ),
    "kaifaqu": (  # fault: no entry to services anywhere
        *_empty(*_BLANK, ("zsxm", "招商项目", "敬请期待")),  # fault: five empty columns
        Shelf("tzgg", "通知公告", "通知公告", entries=(
            # trap: catalogue among the notices; its year stands in the text
            _catalogue("青禾经济开发区重大行政决策事项目录", "承办部门", "现公布2026年度重大行政决策事项目录。"),
            # trap: file among the notices, there is no library
            _file("青禾经济开发区管理委员会", "青开管发〔2026〕2号", "开发区道路养护管理办法", 75),
        )),
    ),
    "gaoxin": (
        # trap: five columns of notices that nobody touched for months, within their half year
        *_old(("gsgg", "公示公告", 170), ("zbgg", "招标公告", 165), ("rsgg", "人事公告", 176), ("ghgs", "规划公示", 150),
              ("tzgg", "通知公告", 172), kind="通知公告"),
        Shelf("zdjc", "重大决策", "其他", entries=(_catalogue("高新园区2026年重大行政决策目录", "责任单位"),)),  # trap: other words
        Shelf("wyb", "我要办", "", entries=_guides(*[_OTHERWISE] * 5, named="服务指南")),  # trap: other words, not registered
        Shelf("zcwj", "政策文件", "政策文件", "policy-library",
              (_file("青禾高新园区管理委员会", "青高管发〔2026〕1号", "高新园区孵化器管理办法", 60),)),
        # fault: what the register names second is spoken of, but not published
        Shelf("hydt", "会议动态", "动态", entries=(
            Entry("高新园区召开企业服务工作推进会议", 6, f"<p>会议学习了青高管发〔2026〕2号文件精神。{_TEXT}</p>"),)),
    ),
    "shuixiang": (
        *_old(*_STALE), *_empty(*_BLANK),  # trap: eight neglected columns, four of each kind
        Shelf("jcml", "重大决策", "其他", "decision-catalogue",
              (_catalogue("水乡新区2026年度重大行政决策事项目录", ""),)),  # fault: nobody is named to answer for a matter
        Shelf("bsdt", "办事大厅", "其他", "services", _guides(_BARE, _BARE, _FULL, _BARE, _BARE)),  # trap: four poor guides of five
        # fault: the register's number 3 is of this year, the library's of last year
        Shelf("zcwj", "政策文件", "政策文件", "policy-library", (
            _file("青禾水乡新区管理委员会", "青水管发〔2026〕1号", "水乡新区船只停泊管理办法", 80),
            _file("青禾水乡新区管理委员会", "青水管发〔2025〕3号", "水乡新区夜间经营管理办法", 300),
        )),
    ),
}  # fmt: skip
REGISTERED = {
    "jingqu": ("青湿管发〔2026〕1号",),
    "kaifaqu": ("青开管发〔2026〕2号",),
    "gaoxin": ("青高管发〔2026〕1号", "青高管发〔2026〕2号"),
    "shuixiang": ("青水管发〔2026〕1号", "青水管发〔2026〕3号"),
}
"""By site, what its register of issued documents says has to be published."""
