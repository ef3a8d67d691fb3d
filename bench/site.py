"""A seeded portal of any size: 45 KB Chinese pages with about a hundred links each, TRS-like lists.

Every page can be reached by plain anchors, so that each crawler of the comparison sees the same site. The same seed
and size give the same bytes. `python -m bench.site FOLDER --pages 2000` writes one to disk.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

ROWS = 20  # articles on one list page
NEWEST = date(2026, 9, 28)
ATTACHMENT_EVERY = 20  # one article in so many carries a document
_VOCABULARY = (
    "政府 信息 公开 工作 全区 街道 办事处 企业 服务 项目 建设 管理 制度 方案 意见 通知 印发 关于 "
    "推进 加强 开展 落实 责任 部门 会议 研究 决定 群众 办理 事项 审批 流程 优化 营商 环境 监督 "
    "检查 安全 生产 教育 卫生 医疗 养老 保障 就业 创业 培训 补贴 资金 预算 决算 财政 税收 土地 "
    "征收 规划 城市 乡村 振兴 农业 水利 生态 保护 污染 防治 文化 旅游 体育 科技 创新 数字 平台 "
    "数据 网站 栏目 政策 解读 标准 目录 清单 公示 公告 招标 采购 合同 质量 市场 监管 食品 药品 "
    "应急 消防 交通 道路 住房 物业 社区 居民 代表 建议 提案 答复 来信 咨询 热线 满意 评价 考核 "
    "年度 报告 统计 分析 增长 下降 持续 稳定 发展 改革 目标 任务 措施 机制 体系 能力 水平 提升 "
    "完善 健全 规范 依法 行政 执法 程序 期限 材料 申请 受理 审查 "
)
_WORDS = _VOCABULARY.split()


@dataclass(frozen=True, slots=True)
class File:
    """One file of the site; `path` is relative, with slashes."""

    path: str
    body: bytes


class Site:
    """`pages` HTML pages: the home page, list pages and articles. `columns` share the articles evenly."""

    def __init__(self, pages: int, seed: int = 7) -> None:
        self.columns = max(8, min(60, pages // 60))
        per_column = max(1, (pages - 1) // self.columns)
        self.articles = [_articles(per_column + (n < (pages - 1) % self.columns)) for n in range(self.columns)]
        self.seed = seed
        self.paragraphs = _paragraphs(random.Random(seed))
        names = random.Random(seed + 1)
        self._labels = ["".join(names.sample(_WORDS, 2)) for _ in range(self.columns)]

    @property
    def pages(self) -> int:
        return 1 + sum(count + _list_pages(count) for count in self.articles)

    @property
    def attachments(self) -> int:
        return sum(-(-count // ATTACHMENT_EVERY) for count in self.articles)

    def files(self) -> Iterator[File]:
        """Every file, home page first."""
        yield File("index.html", self._home())
        for column, count in enumerate(self.articles):
            for page in range(_list_pages(count)):
                yield File(f"zwgk/c{column}/{_list_name(page)}", self._list(column, page))
            for number in range(count):
                yield File(_article_path(column, number), self._article(column, number))
                if number % ATTACHMENT_EVERY == 0:
                    rng = random.Random(self.seed * 31 + column * 100_003 + number)
                    yield File(f"zwgk/c{column}/P{number:06d}.pdf", b"%PDF-1.4\n" + rng.randbytes(8_000))

    def write(self, folder: Path) -> None:
        """Write the site below `folder`; one that is there already is kept.

        Raises FileExistsError if it is of another size or seed.
        """
        stamp, name = folder / ".complete", f"{self.pages} {self.seed} 1"
        if stamp.is_file():
            if stamp.read_text() != name:
                raise FileExistsError(f"{folder} holds another site ({stamp.read_text()}); give another folder")
            return
        for file in self.files():
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.body)
        stamp.write_text(name)

    # -- pages ----------------------------------------------------------------------------------------------------

    def _home(self) -> bytes:
        rng = random.Random(self.seed)
        links = [self._link_to_article(rng) for _ in range(60)]
        return self._page("示例区人民政府", "<ul class='list'>" + "".join(links) + "</ul>", rng, paragraphs=14)

    def _list(self, column: int, page: int) -> bytes:
        rng = random.Random(self.seed * 7 + column * 1_009 + page)
        count = self.articles[column]
        numbers = range(page * ROWS, min(count, (page + 1) * ROWS))
        rows = "".join(
            f"<li><a href='{_article_path(column, n).rpartition('/')[0].rpartition('/')[2]}/{_name(n)}' "
            f"title='{_title(self.seed, column, n)}' target='_blank'>{_title(self.seed, column, n)}</a>"
            f"<span class='date'>{_day(n).isoformat()}</span></li>\n"
            for n in numbers
        )
        total = _list_pages(count)
        near = sorted({0, total - 1, *range(max(0, page - 4), min(total, page + 5))})
        pager = "".join(f"<a href='{_list_name(n)}'>{n + 1}</a> " for n in near)
        if page + 1 < total:
            pager += f"<a href='{_list_name(page + 1)}'>下一页</a>"
        script = f"<script>createPageHTML({total}, {page}, 'index', 'html');</script>"
        more = "".join(self._link_to_article(rng) for _ in range(15))
        main = (
            f"<div class='list'><ul>{rows}</ul></div><div class='page'>{pager}{script}</div>"
            f"<div class='hot'><ul>{more}</ul></div>"
        )
        return self._page(self._labels[column], main, rng, paragraphs=16, column=column)

    def _article(self, column: int, number: int) -> bytes:
        rng = random.Random(self.seed * 13 + column * 100_003 + number)
        title = _title(self.seed, column, number)
        text = "".join(f"<p>　　{rng.choice(self.paragraphs)}</p>\n" for _ in range(21))
        attachment = ""
        if number % ATTACHMENT_EVERY == 0:
            attachment = f"<p><a href='../P{number:06d}.pdf'>附件：{title[:12]}.pdf</a></p>"
        near = "".join(self._link_to_article(rng) for _ in range(48))
        day = _day(number)
        main = (
            f"<h1>{title}</h1><div class='info'>发布日期：{day.isoformat()} 09:{number % 60:02d} "
            f"来源：区政府办公室 浏览次数：<span id='hits'></span></div>"
            f"<div class='TRS_Editor' id='zoom'>{text}{attachment}</div><div class='related'><ul>{near}</ul></div>"
        )
        meta = f"<meta name='ArticleTitle' content='{title}'><meta name='PubDate' content='{day.isoformat()} 09:00'>"
        return self._page(title, main, rng, column=column, meta=meta)

    def _link_to_article(self, rng: random.Random) -> str:
        column = rng.randrange(self.columns)
        number = rng.randrange(self.articles[column])
        title = _title(self.seed, column, number)
        return (
            f"<li class='item'><a href='/{_article_path(column, number)}' title='{title}' target='_blank'>"
            f"{title[:24]}</a><i>{_day(number).isoformat()}</i></li>\n"
        )

    def _page(
        self, title: str, main: str, rng: random.Random, *, paragraphs: int = 0, column: int = -1, meta: str = ""
    ) -> bytes:
        nav = "".join(
            f"<li id='nav{n}'><a href='/zwgk/c{n}/' class='menu-item'>{self._labels[n]}</a></li>\n"
            for n in range(min(self.columns, 36))
        )
        first = column if column >= 0 else 0
        rest = "".join(
            f"<a href='/zwgk/c{n % self.columns}/'>{self._labels[n % self.columns]}</a> "
            for n in range(first + 36, first + 46)
        )
        filler = "".join(f"<p>{rng.choice(self.paragraphs)}</p>\n" for _ in range(paragraphs))
        crumb = "<a href='/'>首页</a> &gt; <a href='/zwgk/c0/'>政务公开</a>"
        return (
            "<!DOCTYPE html>\n<html lang='zh-CN'><head><meta charset='utf-8'>"
            f"<title>{title}-示例区人民政府</title><meta name='SiteName' content='示例区人民政府'>{meta}"
            f"<style>{_STYLE}</style><script>{_SCRIPT}</script></head><body>\n"
            f"<div class='header'><div class='logo'></div><div class='nav'><ul>{nav}</ul></div></div>\n"
            f"<div class='position'>您所在的位置：{crumb}</div><div class='content'>{main}{filler}</div>\n"
            f"<div class='footer'>{rest}<p>主办单位：示例区人民政府办公室　备案号：示ICP备00000000号</p></div>"
            "</body></html>\n"
        ).encode()


def _articles(pages: int) -> int:
    """Articles of a column that has `pages` pages altogether, its list pages included."""
    return max(1, pages - -(-pages // (ROWS + 1)))


def _list_pages(articles: int) -> int:
    return -(-articles // ROWS)


def _list_name(page: int) -> str:
    return f"index_{page}.html" if page else "index.html"


def _day(number: int) -> date:
    return NEWEST - timedelta(days=number)


def _name(number: int) -> str:
    return f"t{_day(number):%Y%m%d}_{700_000 + number}.html"


def _article_path(column: int, number: int) -> str:
    return f"zwgk/c{column}/{_day(number):%Y%m}/{_name(number)}"


def _title(seed: int, column: int, number: int) -> str:
    rng = random.Random(seed * 17 + column * 100_003 + number)
    return "关于" + "".join(rng.choices(_WORDS, k=9)) + "的通知"


def _paragraphs(rng: random.Random) -> list[str]:
    found = []
    for _ in range(800):
        words = rng.choices(_WORDS, k=150)
        marks = rng.choices(["", "", "", "", "", "，", "、", "。"], k=150)
        found.append("".join(w + m for w, m in zip(words, marks, strict=True)).rstrip("，、") + "。")
    return found


_STYLE = "".join(
    f".m{n}{{margin:{n % 9}px {n % 7}px;padding:{n % 5}px;color:#{n * 7919 % 4096:03x};font-size:{12 + n % 6}px}}\n"
    for n in range(45)
)
_SCRIPT = "".join(
    f"function tab{n}(a,b){{var e=document.getElementById(a+'_{n}');if(e){{e.className=b;e.set('k',{n})}}}}\n"
    for n in range(35)
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.site")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    site = Site(options.pages, options.seed)
    site.write(options.folder)
    print(f"{site.pages} pages and {site.attachments} documents in {options.folder}")


if __name__ == "__main__":
    main()
