"""The delivery pack of a round (outputs.md §8): its sealed files, papers made since, and evidence by finding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyzipper

from audit.errors import AuditError
from audit.evidence.cited import Cited, cases
from audit.evidence.earl import earl
from audit.evidence.pack import files as proof_files
from audit.files import MANIFEST, OF, SUMS, changed, listed, quoting
from audit.numbering import NUMBERS
from audit.paths import YUETAN
from audit.rounds.packs import LOG, SEAL
from audit.rounds.result import Sealed
from audit.stages import Job
from checks.outcomes import Outcome
from crawler.store import ObservationStore
from reports.archive import EPOCH, archive
from reports.build import build
from reports.delivery import index, readme
from reports.issues import docket
from reports.view import RoundView

SHORTEST = 10  # characters of a password
EVIDENCE, RECHECKS, SLIPS, PAPERS = "evidence", "复查", "交办督办", "单位文书"
_OWN = frozenset({"index.html", "README.txt"})
_KEPT = frozenset({SEAL, NUMBERS, LOG})  # the office's own record of who decided what: never handed on


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes into the pack of one round."""

    job: Job
    view: RoundView
    result: Sealed | None

    def files(self) -> Iterator[tuple[str, bytes]]:
        """(relative path, content) of every file; the start page and README come last and name what is there."""
        names: list[str] = []
        for name, content in self._parts():
            names.append(name)
            yield name, content
        yield "index.html", index(self.view, docket(self.view), names)
        yield "README.txt", readme(self.view, names)

    def _parts(self) -> Iterator[tuple[str, bytes]]:
        yield from self._sealed() if self.result else ((n, c) for n, c in build(self.view) if n not in _OWN)
        yield from self._papers()
        yield from self._sent()
        yield from self._evidence()

    def _sealed(self) -> Iterator[tuple[str, bytes]]:
        """The sealed files byte for byte. Raises AuditError when one of them was altered."""
        assert self.result is not None
        folder = self.job.paths.folder / self.result.folder
        problems = changed(folder)
        if problems:
            raise AuditError("封存的结果有改动，不能交付：\n" + "\n".join(f"  · {p}" for p in problems[:10]))
        for name in listed(folder):
            if name not in _OWN and name not in _KEPT:
                yield name, (folder / name).read_bytes()

    def _papers(self) -> Iterator[tuple[str, bytes]]:
        """Interview papers that quote this result, as the office left them; its own proposals are not among them."""
        folder = self.job.paths.folder / YUETAN
        if self.result is None or not (folder / MANIFEST).is_file():
            return
        if json.loads((folder / MANIFEST).read_bytes()).get(OF) != quoting(self.result.judgement.digest, sealed=True):
            return
        for name in listed(folder):
            if (folder / name).is_file():
                yield f"{YUETAN}/{name}", (folder / name).read_bytes()

    def _sent(self) -> Iterator[tuple[str, bytes]]:
        """Slips and re-check papers, and those of each unit together in one ZIP; drafts of mails stay behind."""
        by_unit: dict[str, list[tuple[str, bytes]]] = {}
        for place, folder in ((SLIPS, "slips"), (RECHECKS, RECHECKS)):
            base = self.job.paths.folder / folder
            for path in _within(base):
                if path.suffix == ".eml":
                    continue
                name, content = path.relative_to(base).as_posix(), path.read_bytes()
                yield f"{place}/{name}", content
                own = f"{place}-{name.replace('/', '-')}"
                by_unit.setdefault(self._unit_of(path.stem), []).append((own, content))
        for unit, papers in sorted(by_unit.items()):
            if unit:
                yield f"{PAPERS}/{unit}.zip", archive(papers)

    def _unit_of(self, stem: str) -> str:
        """Whose paper a file is: `dzz` of a slip, `2026Q3-dzz-20261030` of a re-check; blank for the site's own."""
        known = {u.unit_id for u in self.view.district.units}
        named = stem.removeprefix(f"{self.view.round_id}-")
        return next((u for u in sorted(known, key=len, reverse=True) if named == u or named.startswith(f"{u}-")), "")

    def _evidence(self) -> Iterator[tuple[str, bytes]]:
        """Per problem number what was seen and how; undecided items have no folder."""
        numbers = {
            f.lead.identity: issue.number for issue in docket(self.view).failed() for f in issue.faults
        }  # fmt: skip
        failed = [f for f in self.view.findings if f.outcome is Outcome.FAILED and f.identity in numbers]
        folder = self.job.paths.folder.parent / self.view.snapshot_id
        with ObservationStore(folder / "observations.sqlite", readonly=True) as store:
            for name, content in proof_files(Cited(store, cases(failed)), store):
                _, identity, rest = name.split("/", 2)
                yield f"{EVIDENCE}/{numbers[identity]}/{identity[:8]}/{rest}", content
        if self.view.axe.pages:
            result = earl(list(self.view.axe.pages), self.view.tool_version, self.view.axe.engine)
            yield f"{EVIDENCE}/无障碍结果.earl.jsonld", result


def _within(folder: Path) -> list[Path]:
    """Files of a folder in order, without manifests and without what a program left half-written."""
    if not folder.is_dir():
        return []
    found = (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    return sorted(p for p in found if p.name not in (MANIFEST, SUMS))


def long_enough(password: str) -> None:
    """Raises AuditError for a password that is too short; a blank one means that nothing is encrypted."""
    if password and len(password) < SHORTEST:
        raise AuditError(f"口令至少 {SHORTEST} 个字符，现为 {len(password)} 个。")


def zipped(path: Path, files: Iterable[tuple[str, bytes]], password: str = "") -> None:
    """Write a ZIP one file at a time; with a password its contents are encrypted with AES-256 (WinZip AE-2).

    Names and sizes stay readable. Without a password equal files give equal bytes; encryption is salted.
    Raises AuditError for a password that is too short, or when the disk refuses.
    """
    long_enough(password)
    half = path.with_name(f".{path.name}.making")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with pyzipper.AESZipFile(half, "w", compression=pyzipper.ZIP_DEFLATED) as target:
            if password:
                target.setpassword(password.encode())
                target.setencryption(pyzipper.WZ_AES, nbits=256)
            for name, content in files:
                entry = target.zipinfo_cls(name, EPOCH)
                entry.compress_type = pyzipper.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                target.writestr(entry, content)
        half.replace(path)
    except OSError as error:
        raise AuditError(f"无法写入 {path}：{error.strerror or error}。") from error
    finally:
        half.unlink(missing_ok=True)
