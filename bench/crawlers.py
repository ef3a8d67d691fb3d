"""The contenders of the crawl bench, each as a command line of its own.

`python -m bench.crawlers NAME URL FOLDER` runs one of ours; the others are programs as their projects publish them.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from config.district import Crawl, District, Site

HOST = "bench.example.gov.cn"


@dataclass(frozen=True, slots=True)
class Contender:
    """`command` takes the front page's URL and a scratch folder. `peer` is what a user would pick instead."""

    name: str
    command: Callable[[str, Path], list[str]]
    peer: bool = True


def contenders() -> list[Contender]:
    """Ours, and the peers that are installed (`$BENCH_PEERS` holds node_modules and a venv)."""
    peers = Path(os.environ.get("BENCH_PEERS", "bench-peers"))
    found = [Contender(name, _ours(name), name != "govaudit") for name in ("govaudit", "scrapy", "scrapy-tuned")]
    linkinator = _program(peers / "node_modules" / ".bin", "linkinator")
    if linkinator:
        how = ["--recurse", "--concurrency", "10", "--format", "csv", "--verbosity", "error"]
        found.append(Contender("linkinator", lambda url, _: [linkinator, url, *how]))
    checker = _program(peers / "venv" / "bin", "linkchecker")
    if checker:
        found.append(Contender("LinkChecker", lambda url, folder: _linkchecker(checker, url, folder)))
    wget = shutil.which("wget")
    if wget:
        found.append(
            Contender("wget -r", lambda url, folder: [wget, "-q", "-r", "-l", "inf", "-P", str(folder), url])
        )
    return found


def _program(folder: Path, name: str) -> str | None:
    return shutil.which(name, path=str(folder.resolve())) or shutil.which(name)


def _ours(name: str) -> Callable[[str, Path], list[str]]:
    return lambda url, folder: [sys.executable, "-m", "bench.crawlers", name, url, str(folder)]


def _linkchecker(program: str, url: str, folder: Path) -> list[str]:
    """Its throttle is lifted, which takes the server's header "LinkChecker" too; everything else is as it comes."""
    folder.mkdir(parents=True, exist_ok=True)
    conf = folder / "linkcheckerrc"
    conf.write_text("[checking]\nmaxrequestspersecond=100000\nthreads=10\n")
    return [program, "-f", str(conf), "--no-status", "-o", "none", "-r", "-1", url]


# -- ours ---------------------------------------------------------------------------------------------------------


def bench_district(port: int) -> District:
    """One host without pauses, led to the loopback server."""
    return District(
        id="bench",
        name="示例区",
        full_name="示例区",
        office="示例区政务公开办公室",
        portal_owner="office",
        standards=(),
        site=Site(name="示例区人民政府", home=f"http://{HOST}/", main_host=HOST, hosts=(HOST,)),
        crawl=Crawl(rate=Decimal(1000), concurrency=16, max_pages=1_000_000),
        resolve={HOST: f"127.0.0.1:{port}"},
    )


def govaudit(url: str, folder: Path) -> None:
    """The real crawl: evidence store, robots, classification, seen-set; only the pauses are lifted."""
    from crawler.run import crawl

    summary = crawl(bench_district(int(url.split(":")[2].strip("/"))), folder)
    if summary.interrupted or summary.reason:
        raise SystemExit(summary.reason or "interrupted")


def scrapy(url: str, folder: Path) -> None:
    """Scrapy as its tutorial shows it: LinkExtractor, default settings, no pause."""
    from scrapy.crawler import CrawlerProcess
    from scrapy.linkextractors import LinkExtractor
    from scrapy.spiders import CrawlSpider, Rule

    class Bare(CrawlSpider):
        name = "bare"
        allowed_domains = ("127.0.0.1",)
        start_urls = (url,)
        rules = (Rule(LinkExtractor(), callback="seen", follow=True),)

        def seen(self, response):  # type: ignore[no-untyped-def]
            return {"url": response.url, "size": len(response.body)}

    process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_DELAY": 0})
    process.crawl(Bare)
    process.start()


def scrapy_tuned(url: str, folder: Path) -> None:
    """A spider that follows links and does nothing else: lexbor, a seen-set, unused parts off."""
    import ada_url
    import scrapy as library
    from scrapy.crawler import CrawlerProcess
    from selectolax.lexbor import LexborHTMLParser

    class Tuned(library.Spider):
        name = "tuned"
        start_urls = (url,)

        def __init__(self, **kwargs):  # type: ignore[no-untyped-def]
            super().__init__(**kwargs)
            self.known: set[str] = {url}
            self.joined: dict[tuple[str, str], str] = {}

        def parse(self, response):  # type: ignore[no-untyped-def]
            here = response.url.rpartition("/")[0]
            if not response.headers.get("Content-Type", b"").startswith(b"text/html"):
                return
            for node in LexborHTMLParser(response.body).css("a[href]"):
                key = (here, node.attributes.get("href") or "")
                target = self.joined.get(key)
                if target is None:
                    target = self.joined[key] = ada_url.join_url(response.url, key[1]).partition("#")[0]
                if target not in self.known and target.startswith(url):
                    self.known.add(target)
                    yield library.Request(target, dont_filter=True)

    off = [
        "downloadermiddlewares.offsite.OffsiteMiddleware",
        "downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
        "downloadermiddlewares.httpauth.HttpAuthMiddleware",
        "downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware",
        "downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware",
        "downloadermiddlewares.useragent.UserAgentMiddleware",
        "downloadermiddlewares.retry.RetryMiddleware",
        "downloadermiddlewares.redirect.MetaRefreshMiddleware",
        "downloadermiddlewares.httpcompression.HttpCompressionMiddleware",
        "downloadermiddlewares.redirect.RedirectMiddleware",
        "downloadermiddlewares.cookies.CookiesMiddleware",
        "downloadermiddlewares.httpproxy.HttpProxyMiddleware",
        "downloadermiddlewares.stats.DownloaderStats",
    ]
    spider_off = ["httperror.HttpErrorMiddleware", "referer.RefererMiddleware", "urllength.UrlLengthMiddleware"]
    spider_off.append("depth.DepthMiddleware")
    settings = {
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
        "CONCURRENT_ITEMS": 1,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOADER_MIDDLEWARES": {f"scrapy.{name}": None for name in off},
        "SPIDER_MIDDLEWARES": {f"scrapy.spidermiddlewares.{name}": None for name in spider_off},
    }
    process = CrawlerProcess(settings)
    process.crawl(Tuned)
    process.start()


if __name__ == "__main__":
    _name, _url, _folder = sys.argv[1:4]
    {"govaudit": govaudit, "scrapy": scrapy, "scrapy-tuned": scrapy_tuned}[_name](_url, Path(_folder))
