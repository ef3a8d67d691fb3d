"""The office of the scripted quarter: commands under a clock set by hand, and a replica whose pages can change."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import config.districts
from audit.cli import run_cli
from audit.demo import server
from audit.demo.model import WWW, Response
from audit.rounds.cases import Case
from audit.rounds.desk import open_desk
from checks.snapshot import SHANGHAI

FIRST, SECOND, DECIDER, CLERK, LEADER = "初审人甲", "复核人乙", "审定人丁", "经办人丙", "分管负责人己"


class Replica:
    """The replica with some answers replaced."""

    def __init__(self) -> None:
        self._real = server.replica()
        self.answers: dict[str, Response] = {}

    def find(self, host: str, path: str, query: str = "", form: str = "") -> Response | None:
        if path in self.answers and self._is_portal(host):
            return self.answers[path]
        return self._real.find(host, path, query, form)

    def _is_portal(self, host: str) -> bool:
        """The portal, or one of its further names, which answer with the same home page."""
        home, front = self._real.find(WWW, "/"), self._real.find(host, "/")
        return host == WWW or (home is not None and front is not None and home.body == front.body)

    def restore(self, path: str) -> None:
        """The page as it was at the audit."""
        self.answers.pop(path, None)

    def edit(self, path: str, *changes: tuple[str, str], like: str = "") -> None:
        """The page as it is now (or the one at `like`), with these replacements, served at `path`."""
        found = self.find(WWW, like or path)
        assert found is not None, path
        body = found.body.decode()
        for old, new in changes:
            assert old in body, f"{like or path} has no {old}"
            body = body.replace(old, new, 1)
        self.answers[path] = replace(found, body=body.encode())


class Quarter:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.at = datetime(2026, 9, 16, 9, tzinfo=SHANGHAI)
        self.replica = Replica()

    def run(self, *words: str) -> int:
        self.at += timedelta(minutes=1)
        return run_cli([*words, "--data", str(self.data)])

    def on(self, day: str) -> None:
        self.at = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=SHANGHAI)

    def renewed(self, old: str, new: str) -> Path:
        """The district's folder with a line of its waivers changed, as the office does between two rounds."""
        folder = self.data.parent / "demo-renewed"
        shutil.copytree(Path(next(iter(config.districts.__path__))) / "demo", folder)
        path = folder / "waivers.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        return folder

    def case(self, rule: str, subject: str, round_id: str = "2026Q3") -> Case:
        with open_desk("demo", round_id, self.data) as desk:
            return next(c for c in desk.cases().values() if c.lead.rule == rule and subject in c.lead.subject)

    def verdict(self, rule: str, subject: str) -> str:
        """What the newest re-check said."""
        return str(self.case(rule, subject).rechecks[-1].payload["result"])
