"""A stored judgement comes back as it was written, and an edited one is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_preview import judged

from audit.cli import run_cli
from audit.errors import AuditError, Exit
from audit.judgements import load, save


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    written = judged(7)
    save(tmp_path / "judgement.json", written)
    assert load(tmp_path / "judgement.json") == written


def test_an_edited_judgement_is_refused_and_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "judgement.json"
    save(path, judged(7))
    assert run_cli(["verify", str(tmp_path)]) == Exit.CLEAN
    path.write_bytes(path.read_bytes().replace(b'"failed"', b'"passed"'))
    with pytest.raises(AuditError, match="被改动"):
        load(path)
    assert run_cli(["verify", str(tmp_path)]) == Exit.FINDINGS
    assert "被改动" in capsys.readouterr().out.replace("\n", "")
    path.with_suffix(".sha256").unlink()
    with pytest.raises(AuditError, match="缺少校验文件"):
        load(path)
