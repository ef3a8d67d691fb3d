"""Facts beside a snapshot are a cache: missing ones are derived again, altered ones noticed and thrown away."""

from __future__ import annotations

import sqlite3

import report_factory as factory
from office import Office

from audit.cli import run_cli
from audit.errors import Exit
from crawler.derive import vouched
from crawler.derive.run import derive
from crawler.derive.snapshot import StoredSnapshot


def titles(office: Office) -> set[str]:
    with StoredSnapshot(office.folder, factory.district(), factory.AS_OF) as snapshot:
        return {p.title.value for p in snapshot.pages() if p.title}


def test_altered_facts_are_told_and_never_judged(office: Office, capsys) -> None:
    true = titles(office)
    assert run_cli(["verify", str(office.folder)]) == 0
    with sqlite3.connect(office.folder / "facts.sqlite") as db:
        db.execute("UPDATE pages SET body = replace(CAST(body AS TEXT), 'shiliqu', 'forged')")
    db.close()
    assert vouched.altered(office.folder)
    capsys.readouterr()
    assert run_cli(["verify", str(office.folder)]) == Exit.FINDINGS
    assert "缓存，不是证据" in capsys.readouterr().out.replace("\n", "")
    derive(factory.district(), office.folder, factory.AS_OF)
    assert titles(office) == true
    assert run_cli(["verify", str(office.folder)]) == 0


def test_facts_that_were_removed_are_derived_again(office: Office) -> None:
    true = titles(office)
    vouched.drop(office.folder)
    assert titles(office) == true
    assert sorted(p.name for p in office.folder.glob("facts*")) == ["facts.sha256", "facts.sqlite"]
