"""Values the replica is made of: responses, units, items of columns, and the registry of everything served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 9, 30, 18, 0, tzinfo=SHANGHAI)
TODAY = AS_OF.date()
SITE_NAME = "云岭市青禾区人民政府"
WWW = "www.qinghe-demo.gov.cn"
BARE = "qinghe-demo.gov.cn"
AGRI = "nyncj.qinghe-demo.gov.cn"  # a department's own host, Hanweb family
HOUSING = "fwzs.qinghe-demo.gov.cn"  # a site of the housing bureau that nobody keeps up
PROJECTS = "xmgk.qinghe-demo.gov.cn"  # a site of the reform bureau: old news below an announcement of December
WAF = "swj.qinghe-demo.gov.cn"  # a department behind a firewall that challenges every machine
PARTNER = "www.qinghe-partner.example"  # off-site, not a government host
PROVINCE = "zwfw.beiyuan-demo.gov.cn"  # the fictitious province's service network
GUARDED = "tjj.yunling-demo.gov.cn"  # a city host that answers 412 to machines and is alive
LOTTERY = "www.qinghe-lottery.example"  # where the planted hidden link leads
CASINO = "www.qinghe-casino.example"  # where a second one leads
SHOP = "www.qinghe-shop.example"  # an advertiser
CITY_ARCHIVE = "dag.yunling-demo.gov.cn"  # a city host that answers, partly to GET only
STREET_SHOP = "www.qinghe-qingting.example"  # a street office's own area under a commercial name
CLOUD = "yun.beiyuan-cloud.example"  # the province's platform under a commercial name, on the district's list
OLD_FRONT = "portal.qinghe-demo.gov.cn"  # serves the front page as well
MOBILE = "m.qinghe-demo.gov.cn"  # leads to the portal
GONE = "www.qinghe-oldsite.invalid"  # closed down, never resolves
NATIONAL = "sm.yunling-demo.gov.cn"  # speaks no cipher that this machine has: refuses every TLS handshake


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered. `fault` asks the server for a behaviour: "" or one of `audit.demo.server.FAULTS`."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    fault: str = ""


Producer = Callable[[], Response]
Answerer = Callable[[str, str], Response]  # (query string, form body)


@dataclass(slots=True)
class Replica:
    """Everything served, by host and path. Pages are produced on first request and kept."""

    pages: dict[tuple[str, str], Producer] = field(default_factory=dict)
    dynamic: dict[tuple[str, str], Answerer] = field(default_factory=dict)
    walls: dict[str, Response] = field(default_factory=dict)  # hosts that answer everything alike
    fallbacks: dict[str, Response] = field(default_factory=dict)  # what a host answers where it has nothing
    hosts: set[str] = field(default_factory=set)
    _made: dict[tuple[str, str], Response] = field(default_factory=dict)

    def add(self, host: str, path: str, producer: Producer) -> None:
        """Register a page. Raises ValueError when the address is taken."""
        if (host, path) in self.pages:
            raise ValueError(f"two pages at http://{host}{path}")
        self.hosts.add(host)
        self.pages[host, path] = producer

    def answer(self, host: str, path: str, answerer: Answerer) -> None:
        self.hosts.add(host)
        self.dynamic[host, path] = answerer

    def wall(self, host: str, response: Response) -> None:
        self.hosts.add(host)
        self.walls[host] = response

    def fall_back(self, host: str, response: Response) -> None:
        self.hosts.add(host)
        self.fallbacks[host] = response

    def find(self, host: str, path: str, query: str = "", form: str = "") -> Response | None:
        """The response for an address; None when nothing is there."""
        if host in self.walls:
            return self.walls[host]
        if (host, path) in self.dynamic:
            return self.dynamic[host, path](query, form)
        key = (host, path)
        if key not in self.pages:
            return self.fallbacks.get(host)
        if key not in self._made:
            self._made[key] = self.pages[key]()
        return self._made[key]

    def addresses(self) -> Iterator[str]:
        for host, path in sorted(self.pages):
            yield f"http://{host}{path}"


@dataclass(frozen=True, slots=True)
class Body:
    """A unit of the district. `phone` has seven digits from a block that no exchange uses."""

    id: str
    full: str
    short: str
    phone: str
    address: str
    head: str
    duties: tuple[str, ...]
    town: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a column.

    `html` is trusted markup of the main content; `marks` are flags of planted oddities that templates obey:
    "undated", "no-source", "script-date", "slashed", "split-source", "publisher", "dash-date".
    """

    id: int
    title: str
    at: datetime
    source: str
    html: str
    pinned: bool = False
    marks: frozenset[str] = frozenset()
    meta_at: datetime | None = None  # PubDate, when it is not the shown time
    meta_title: str = ""  # ArticleTitle, when it is not written as the headline is
    related: tuple[tuple[str, str], ...] = ()  # links under the body: text, address
    after: str = ""  # trusted markup at the foot of the article
    path: str = ""  # own address on the section's host; blank: made by the family
    frame: str = ""  # page oddity: "iframe", "broken-lines", "faint"

    @property
    def day(self) -> date:
        return self.at.date()


def ago(days: int, hour: int = 9, minute: int = 0) -> datetime:
    """A shown time `days` before the demonstration's judgement day."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, minute, tzinfo=SHANGHAI) - timedelta(days=days)


def on(text: str, hour: int = 9, minute: int = 0) -> datetime:
    day = date.fromisoformat(text)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
