"""Rendering: one Jinja environment, the site's constants, and the identity marks that pages carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from audit.demo.model import SITE_NAME, WWW, Response

SITE_CODE = "9901020001"
ICP = "云ICP备99000001号-1"
POLICE = "云公网安备 99010202000001号"
PHONE_AREA = "0980"

NAV: tuple[tuple[str, str], ...] = (
    ("首页", "/"),
    ("走进青禾", "/zjqh/"),
    ("新闻动态", "/xwzx/"),
    ("政府信息公开", "/zwgk/"),
    ("办事服务", "/bsfw/"),
    ("互动交流", "/hdjl/"),
    ("政务新媒体", "/xmt/"),
)

Crumbs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Meta:
    """META tags of a page. Column tags and article tags are left out when blank."""

    column: str = ""
    column_type: str = ""
    description: str = ""
    article: str = ""
    pubdate: str = ""
    source: str = ""
    site_domain: str = WWW
    site_code: str = SITE_CODE
    omit: frozenset[str] = frozenset()
    domain_words: str = ""  # SiteDomain as this template writes it; blank: the host

    def tags(self) -> list[tuple[str, str]]:
        """(name, content) in the order the national guideline lists them."""
        domain = self.domain_words or self.site_domain
        every = [("SiteName", SITE_NAME), ("SiteDomain", domain), ("SiteIDCode", self.site_code)]
        if self.column:
            about = self.description or f"{self.column}栏目，发布{SITE_NAME}{self.column}方面的信息"
            every += [
                ("ColumnName", self.column),
                ("ColumnDescription", about),
                ("ColumnKeywords", f"青禾区,{self.column}"),
                ("ColumnType", self.column_type or "工作动态"),
            ]
        if self.article:
            every += [
                ("ArticleTitle", self.article),
                ("PubDate", self.pubdate),
                ("ContentSource", self.source),
            ]
        return [(name, value) for name, value in every if name not in self.omit]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the content. `variant` chooses header and footer oddities of one template."""

    title: str
    crumbs: Crumbs = ()
    meta: Meta = field(default_factory=Meta)
    host: str = WWW
    template: str = "standard"  # names the page template in a body class
    footer: str = "full"  # full, iframe, broken-lines, no-police, no-report
    charset: str = "utf-8"  # what the page declares
    encoding: str = "utf-8"  # what the bytes are in
    header_charset: bool = True  # the Content-Type header names the encoding
    scripts: str = ""
    contrast: bool = True  # False: planted low-contrast text
    omit: frozenset[str] = frozenset()  # META names that this template forgets
    code: str = SITE_CODE  # SiteIDCode that this template states
    domain_words: str = ""  # SiteDomain that this template states; blank: the host
    tags: str = "plain"  # how META tags are written: plain, lower (names in lower case), reversed (content first)


def framed(frame: Frame, *, title: str, crumbs: Crumbs, meta: Meta, host: str) -> Frame:
    """A page's frame from its template's: the template decides what the META set forgets and states."""
    stated = replace(
        meta, site_domain=host, site_code=frame.code, omit=frame.omit | meta.omit, domain_words=frame.domain_words
    )
    return replace(frame, title=title, crumbs=crumbs, meta=stated, host=host)


@cache
def environment() -> Environment:
    env = Environment(
        loader=PackageLoader("audit.demo", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        site_name=SITE_NAME, site_code=SITE_CODE, icp=ICP, police=POLICE, area=PHONE_AREA, nav=NAV, www=WWW
    )
    return env


def render(template: str, frame: Frame, **values: object) -> str:
    return environment().get_template(template).render(frame=frame, **values)


def respond(text: str, frame: Frame, status: int = 200) -> Response:
    """Encode a rendered page as its frame says."""
    kind = f"text/html; charset={frame.encoding}" if frame.header_charset else "text/html"
    return Response(text.encode(frame.encoding, "xmlcharrefreplace"), kind, status)


def page(template: str, frame: Frame, **values: object) -> Response:
    return respond(render(template, frame, **values), frame)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], caption: str = "") -> str:
    """A data table as trusted markup; cells may hold markup made by this package."""
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    title = f"<caption>{caption}</caption>" if caption else ""
    return f'<table class="data">{title}<thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>'
