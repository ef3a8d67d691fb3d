"""What leaves the store: complete, checkable without us, and without personal numbers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from audit.cli import run_cli
from audit.evidence.chain import chained
from audit.evidence.cited import Cited, cases
from audit.evidence.earl import earl
from audit.evidence.pack import files
from audit.evidence.warc import write_warc
from audit.files import MANIFEST, write_atomic, write_pack
from checks.facts import AxePage, AxeRule
from checks.outcomes import FetchOutcome, Outcome
from checks.verdicts import Evidence, Finding
from crawler.seal import seal
from crawler.store import FetchRecord, ObservationStore

HOST = "www.example.gov.cn"
HOME, LEAK, DEAD, OLD = (f"http://{HOST}{p}" for p in ("/", "/gs/1.html", "/dead.html", "/old.html"))
ID = "11010519491231002X"
MOBILE = "13900001234"
AT = "2026-09-30T01:02:03.000+00:00"
ABOUT = {"date": AT, "isPartOf": "shili-2026Q3", "software": "govaudit", "http-header-user-agent": "govaudit/1"}


def finding(rule: str, url: str, sha256: str, outcome: Outcome = Outcome.FAILED, **more: object) -> Finding:
    fields: dict[str, object] = {
        "rule": rule, "rule_version": 1, "standard": "s", "indicator": "s/1", "outcome": outcome, "unit": "office",
        "review": outcome is Outcome.CANNOT_TELL, "column": "", "subject": url, "url": url, "message": "问题",
        "data": {}, "evidence": (Evidence(url, sha256, AT),), "points": Decimal(0), "at_stake": Decimal(0),
        "reason": "", "clause_class": "", "waived": "", "fingerprint": f"{rule}-f", "identity": f"{rule}-i",
    }  # fmt: skip
    return Finding(**(fields | more))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ObservationStore]:
    path = tmp_path / "snapshot" / "observations.sqlite"
    with ObservationStore(path) as writing:
        head = {"content-type": "text/html; charset=utf-8", "content-encoding": "gzip", "server": "示例"}

        def put(url: str, html: str, **more: object) -> None:
            body = html.encode()
            common = {"outcome": FetchOutcome.OK, "status": 200, "final_url": url, "headers": head}
            fields = common | {"body_sha256": writing.put_body(body), "size": len(body), "started_at": AT} | more
            writing.record(FetchRecord(url, HOST, content_type=head["content-type"], **fields))  # type: ignore[arg-type]

        put(HOME, f"<html><title>首页</title><p>咨询电话 {MOBILE}</p></html>", ip="192.0.2.1")
        put(LEAK, f"<html><title>公示</title><p>身份证号 {ID}</p></html>")
        hop = {"url": OLD, "status": 301, "location": f"{OLD}?new"}
        put(OLD, "<html><title>旧闻</title><p>很旧</p></html>", final_url=f"{OLD}?new", chain=(hop,))
        writing.record(FetchRecord(DEAD, HOST, FetchOutcome.GONE, status=404, started_at=AT, final_url=DEAD))
        for url in (HOME, LEAK):
            writing.add_artifact(url, "screenshot", b"\xff\xd8picture of " + url.encode(), {"mode": "normal"})
        writing.meta_set("district", "shili")
        seal(writing)
    with ObservationStore(path, readonly=True) as reading:
        yield reading


def sha(store: ObservationStore, url: str) -> str:
    return store.tries(url)[-1].body_sha256


@pytest.fixture
def cited(store: ObservationStore) -> Cited:
    trail = {"trail": [HOME, OLD], "known": 2, "fetched": 2}
    return Cited(
        store,
        cases(
            [
                finding("column-missing", HOME, sha(store, HOME), data=trail, message=f"请电 {MOBILE}"),
                finding("column-missing", HOME, sha(store, HOME), fingerprint="another"),
                finding("personal-data-exposed", LEAK, sha(store, LEAK), Outcome.CANNOT_TELL),
                finding("column-stale", f"{OLD}?new", sha(store, OLD)),
                finding("link-dead", DEAD, ""),
                finding("fine", HOME, sha(store, HOME), Outcome.PASSED),
            ]
        ),
    )


def packed(folder: Path, cited: Cited, store: ObservationStore) -> Path:
    write_pack(folder, files(cited, store))
    listed = json.loads((folder / MANIFEST).read_bytes())["files"]
    write_atomic(folder / MANIFEST, chained(listed, district="shili", observations=store.meta_get("manifest")))
    return folder


def test_a_fault_has_its_body_headers_redirects_requests_picture_and_search_trail(
    tmp_path: Path, cited: Cited, store: ObservationStore
) -> None:
    folder = packed(tmp_path / "ev", cited, store)
    listed = {p.relative_to(folder / "findings").as_posix() for p in (folder / "findings").rglob("*") if p.is_file()}
    home = "column-missing-i"
    assert {n for n in listed if n.startswith(home)} == {
        f"{home}/finding.json", f"{home}/search.json", f"{home}/01/body.html", f"{home}/01/body.masked.html",
        f"{home}/01/headers.json", f"{home}/01/redirects.json", f"{home}/01/requests.json",
        f"{home}/01/screenshot.jpg",
    }  # fmt: skip
    told = json.loads((folder / "findings" / home / "finding.json").read_bytes())
    assert told["fingerprints"] == ["another", "column-missing-f"]
    assert told["evidence"][0]["fetched"] == "2026-09-30T09:02:03+08:00"
    assert MOBILE not in json.dumps(told)
    redirects = json.loads((folder / "findings" / "column-stale-i" / "01" / "redirects.json").read_bytes())
    assert redirects[0]["status"] == 301
    asked = json.loads((folder / "findings" / "link-dead-i" / "01" / "requests.json").read_bytes())
    assert (asked[0]["outcome"], asked[0]["status"]) == ("gone", 404)


def test_of_a_privacy_finding_only_the_masked_copy_and_the_hash_leave(
    tmp_path: Path, cited: Cited, store: ObservationStore
) -> None:
    folder = packed(tmp_path / "ev", cited, store)
    leak = folder / "findings" / "personal-data-exposed-i"
    assert {p.name for p in (leak / "01").iterdir()} == {
        "body.masked.html", "headers.json", "redirects.json", "requests.json"
    }  # fmt: skip
    proof = json.loads((leak / "finding.json").read_bytes())["evidence"][0]
    assert proof["body"]["withheld"] and proof["body"]["sha256"] == sha(store, LEAK)
    assert proof["pictures"][0]["withheld"] and len(proof["pictures"][0]["sha256"]) == 64
    assert all(ID.encode() not in p.read_bytes() for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("change", ["altered", "removed", "added", "forged"])
def test_verify_finds_every_change(
    tmp_path: Path, cited: Cited, store: ObservationStore, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = packed(tmp_path / "ev", cited, store)
    assert run_cli(["verify", str(folder)]) == 0
    victim = folder / "findings" / "column-stale-i" / "01" / "body.html"
    if change == "altered":
        victim.write_bytes(victim.read_bytes() + b" ")
    elif change == "removed":
        victim.unlink()
    elif change == "added":
        victim.with_name("more.txt").write_text("更多")
    else:  # both the file and its hash in the manifest
        victim.write_text("另一个内容")
        manifest = json.loads((folder / MANIFEST).read_bytes())
        name = victim.relative_to(folder).as_posix()
        manifest["files"][name] = hashlib.sha256(victim.read_bytes()).hexdigest()
        (folder / MANIFEST).write_text(json.dumps(manifest))
    assert run_cli(["verify", str(folder)]) == 1
    said = re.sub(r"\s", "", capsys.readouterr().out)
    words = {"altered": "内容与清单不符", "removed": "文件夹中没有", "added": "不在清单中", "forged": "哈希链不连续"}
    assert words[change] in said


def test_the_warc_opens_in_the_usual_reader(tmp_path: Path, cited: Cited, store: ObservationStore) -> None:
    path = tmp_path / "e.warc.gz"
    count = write_warc(path, cited, store, ABOUT)
    found: dict[tuple[str, str], tuple[str, bytes]] = {}
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            status = record.http_headers.statusline if record.http_headers else ""
            found[record.rec_type, url] = (status, record.content_stream().read())
    assert count >= len(found)
    assert found["response", f"{OLD}?new"][1] == store.body(sha(store, OLD))
    assert found["response", OLD][0].startswith("301")
    assert found["response", DEAD][0].startswith("404")
    assert found["request", DEAD][0].startswith("/dead.html")
    assert json.loads(found["metadata", HOME][1])["ip"] == "192.0.2.1"
    assert found["resource", f"urn:fullPage:{HOME}"][1].startswith(b"\xff\xd8")
    assert ("resource", f"urn:fullPage:{LEAK}") not in found
    masked = {url for kind, url in found if kind == "conversion"}
    assert masked == {HOME, LEAK} and ("response", LEAK) not in found
    everything = b"".join(content for _, content in found.values())
    assert ID.encode() not in everything and MOBILE.encode() not in everything
    checker = Checker(type("Args", (), {"inputs": [str(path)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0


def test_the_same_evidence_gives_the_same_warc(tmp_path: Path, cited: Cited, store: ObservationStore) -> None:
    for name in ("a", "b"):
        write_warc(tmp_path / name, cited, store, ABOUT)
    contents = []
    for name in ("a", "b"):
        with (tmp_path / name).open("rb") as file:
            contents.append([(str(r.rec_headers), r.content_stream().read()) for r in ArchiveIterator(file)])
    assert contents[0] == contents[1]


def test_earl_tells_failures_doubts_and_pages_that_were_not_tested() -> None:
    rules = (
        AxeRule("image-alt", "critical", "violation", nodes=2, html=f'<img title="{MOBILE}">', target="img"),
        AxeRule("color-contrast", "serious", "incomplete", nodes=1),
    )
    pages = [
        AxePage(HOME, "", AT, "首页", engine="4.12.1", rules=rules, passes=30),
        AxePage(OLD, "", AT, "文章", ok=False, error="没有打开"),
    ]
    graph = json.loads(earl(pages, "1.0", "4.12.1"))["@graph"]
    outcomes = [a["earl:result"]["earl:outcome"]["@id"] for a in graph if a["@type"] == "earl:Assertion"]
    assert outcomes == ["earl:failed", "earl:cantTell", "earl:passed", "earl:untested"]
    assert {s["dct:source"]["@id"] for s in graph if "earl:TestSubject" in s["@type"]} == {HOME, OLD}
    assert MOBILE not in json.dumps(graph)


def test_verify_refuses_a_time_stamp_that_is_none(
    tmp_path: Path, cited: Cited, store: ObservationStore, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = packed(tmp_path / "ev", cited, store)
    (folder / "manifest.tsr").write_bytes(b"no stamp")
    assert run_cli(["verify", str(folder)]) == 1
    assert "时间戳无法读取" in re.sub(r"\s", "", capsys.readouterr().out)
