"""A re-check's paper shows the page before and after, or says why not; it tells its bounds; nobody judges himself."""

from __future__ import annotations

import io
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from office import FIRST, SECOND, THIRD, Office, failed
from PIL import Image

from audit.errors import Exit
from audit.history.store import Entry
from audit.rounds import beside
from audit.rounds.beside import NOT_COPIED, Pictures, shots_of
from audit.rounds.cases import Case
from audit.rounds.checked import Checked, Result
from audit.rounds.probe import FEW_NEW_PAGES, MOST_MINUTES, NEW_PAGES, Effort, Probe, bounds
from audit.rounds.recheck_papers import BY_HAND_ONLY, write_papers
from audit.rounds.states import State
from crawler.observations import OBSERVATIONS
from crawler.store import ObservationStore


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1366, 2000), colour).save(out, "PNG")
    return out.getvalue()


def photographed(folder: Path, *shots: tuple[str, bytes, str]) -> Path:
    """A store with screenshots of pages (address, picture, moment)."""
    path = folder / OBSERVATIONS
    folder.mkdir(parents=True)
    with ObservationStore(path) as store:
        for url, body, taken in shots:
            store.add_artifact(url, "screenshot", body, {"taken": taken})
    return path


def case(office: Office) -> Case:
    with office.desk() as desk:
        return desk.cases()[failed("column-stale", "dzz").identity]


def test_before_and_after_side_by_side(released: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = case(released)
    url = found.lead.url
    old, new = picture("red"), picture("green")
    before = photographed(tmp_path / "before", (url, old, "2026-09-29T13:31:07+00:00"))
    folder = tmp_path / "after"
    after = photographed(folder, (url, new, "2026-10-30T01:02:03+00:00"))
    monkeypatch.setattr("audit.paths.SnapshotPaths.observations", property(lambda _: before))
    effort = Effort(1, 0, FEW_NEW_PAGES, 30, requests=9, unchanged=4, followed=2)
    probe = Probe(folder, {}, {}, {}, "m" * 64, effort=effort, shots=shots_of(after))
    item = Checked(found, Result.FAILED, "最近一条距检查时点41天。", "退回，重新整改", url)
    with released.desk() as desk:
        (path,) = write_papers(desk, [item], desk.now(), desk.now(), probe)
    text = path.read_text("utf-8")
    assert text.count('src="data:image/jpeg;base64,') == 2
    for body, moment in ((old, "2026-09-29 21:31:07"), (new, "2026-10-30 09:02:03")):
        assert f'截图于 {moment}，SHA-256 <span class="sum">{sha256(body).hexdigest()}</span>' in text
    assert text.index("检出时的网页截图") < text.index("复查时的网页截图")
    assert "共请求 9 次，其中 4 个网页服务器答复未变化" in text
    assert "跟进新网页 2 个（上限 100 个、30 分钟）" in text


def test_without_a_picture_the_paper_says_why(released: Office, tmp_path: Path) -> None:
    found = case(released)
    url = found.lead.url
    same = picture("blue")
    before = photographed(tmp_path / "before", (url, same, "2026-09-29T13:31:07+00:00"))
    after = photographed(tmp_path / "after", (url, same, "2026-10-30T01:02:03+00:00"))
    blind = "复查时本机没有可用的浏览器，没有截图"
    old, new = Pictures(before, after, {}, blind).pair(found)
    assert (old.uri[:5], new.why, new.uri) == ("data:", blind, "")
    old, new = Pictures(tmp_path / "none", after, shots_of(after), "").pair(found)
    assert (old.why, new.uri[:5]) == ("该网页没有截图", "data:")
    album = Pictures(before, after, shots_of(after), "")
    old, new = album.pair(found)
    assert (new.same, new.name, new.uri, new.taken) == (True, old.name, "", "2026-10-30 09:02:03")
    for rule in ("personal-data-exposed", "no-such-rule"):
        found.findings = (replace(found.lead, rule=rule),)
        told = Pictures(before, after, shots_of(after), "").pair(found)
        assert all(p.uri == "" for p in told), rule
        assert {p.why for p in told} == {NOT_COPIED}


def test_many_pictures_keep_the_paper_small(
    released: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = case(released)
    before = photographed(tmp_path / "before", (found.lead.url, picture("blue"), "2026-09-29T13:31:07+00:00"))
    monkeypatch.setattr(beside, "BUDGET", 0)
    old, _ = Pictures(before, None, {}, BY_HAND_ONLY).pair(found)
    assert "从略" in old.why
    assert len(old.sha256) == 64


def test_the_bounds_are_told_and_smaller_where_nothing_is_said_to_be_missing(released: Office) -> None:
    found = case(released)
    with released.desk() as desk:
        small = bounds([replace_rule(found, "publish-late")], 3, 0, desk.district)
        wide = bounds([replace_rule(found, "column-missing")], 3, 40, desk.district)
        long = bounds([replace_rule(found, "publish-late")], 9000, 0, desk.district)
    assert (small.most_new, wide.most_new, wide.most_minutes) == (FEW_NEW_PAGES, NEW_PAGES, MOST_MINUTES)
    assert small.most_minutes < MOST_MINUTES < long.most_minutes  # one request a second: time for what was named
    assert "以及判断所依据的其他 40 个" in wide.plan()
    assert "至多跟进 1500 个，最长 90 分钟" in wide.plan()
    assert "判断所依据" not in small.plan()


def replace_rule(found: Case, rule: str) -> Case:
    return Case(found.identity, (replace(found.lead, rule=rule),), False, "")


def reported(office: Office, identity: str, person: str) -> None:
    with office.desk("test") as desk:
        said = {"person": person, "action": "已补", "url": "http://x/", "done": "2026-10-27"}
        desk.decide(THIRD, "经办", [Entry("finding.reported", identity, State.REPORTED, "已补", said)])


def test_nobody_gives_the_verdict_on_his_own_declaration(
    released: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    released.on("2026-10-28")
    stale, veto = failed("column-stale", "dzz").identity, failed("column-empty", "czj").identity
    reported(released, stale, "镇联络员")
    reported(released, veto, "局联络员")

    def judge(identity: str, who: str) -> int:
        words = ("--finding", identity, "--verdict", "通过", "--why", "看了网页，已补", "--person", who)
        return released.run("recheck", "shiliqu", *words)

    assert judge(stale, "镇联络员") == Exit.USAGE
    assert "由 镇联络员 申报，须由另一人复查" in capsys.readouterr().err.replace("\n", "")
    assert judge(stale, THIRD) == 0  # one person is enough for an ordinary problem
    with released.desk() as desk:
        assert desk.cases()[veto].second_needed
    for who, why in ((FIRST, "初审"), (THIRD, "登记申报")):
        assert judge(veto, who) == Exit.USAGE
        assert f"{who} 已为其{why}" in capsys.readouterr().err.replace("\n", "")
    assert judge(veto, SECOND) == 0
