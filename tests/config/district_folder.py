"""A small, sound district folder that each test breaks in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import ConfigError, Problem
from config.load import load_district

DISTRICT = """\
id = "shili"
name = "示例区"
full_name = "示例市示例区人民政府"
office = "示例区人民政府办公室"
portal_owner = "zfb"
standards = ["gov-site-2019"]

[site]
name = "示例市示例区人民政府"
home = "http://www.example.gov.cn/"
main_host = "www.example.gov.cn"
hosts = ["www.example.gov.cn", "example.gov.cn"]
"""

UNITS = """\
unit_id,name_full,name_short,aliases,group,has_public_service,column_urls,valid_from,valid_to,successor_id,scored
zfb,示例区人民政府办公室,区政府办,区政府办公室,政府组成部门,,,,,,Y
czj,示例区财政局,区财政局,区财政和金融局;区财金局,政府组成部门,Y,/zwgk/bm/czj/,2024-03-01,,,Y
jtz,示例区甲田镇人民政府,甲田镇,,镇街,N,,,,,是
"""

COLUMNS = """\
column_id,label,aliases,path,unit_id,column_class,role,required_by,parent,freshness_days,confirmed
zwgk,政务公开,,/zwgk/,,静态,,,,,Y
zcjd,政策解读,解读回应,/zwgk/zcjd/,,政策解读,interpretation,portal-basic,zwgk,,Y
czxx,财政信息,,/zwgk/cz/,czj,其他,budget,art20,zwgk,90,N
"""


class Folder:
    """A district folder under test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("district.toml", DISTRICT)
        self.write("units.csv", UNITS)
        self.write("columns.csv", COLUMNS)

    def write(self, name: str, text: str, encoding: str = "utf-8") -> Folder:
        return self.write_bytes(name, text.encode(encoding))

    def write_bytes(self, name: str, data: bytes) -> Folder:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return self

    def swap(self, name: str, old: str, new: str) -> Folder:
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        return self.write(name, text.replace(old, new))

    def append(self, name: str, text: str) -> Folder:
        path = self.path / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        return self.write(name, before + text)

    def problems(self) -> list[Problem]:
        with pytest.raises(ConfigError) as caught:
            load_district(self.path)
        return list(caught.value.problems)

    def problem(self) -> Problem:
        """The only problem; anything besides it fails the test."""
        found = self.problems()
        assert len(found) == 1, "\n".join(map(str, found))
        return found[0]
