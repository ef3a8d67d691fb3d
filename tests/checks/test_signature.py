"""Who signed a text: where signatures stand, and what only looks like one."""

from dataclasses import replace

import pytest

from checks.facts import Fact, PageKind
from checks.policyfiles import field_of
from checks.signature import signature_of, signed
from checks.tiny_parts import article

LONG = "各镇人民政府，各有关单位：现将有关事项通知如下。请认真贯彻执行。"
SIGNED = {
    "at the end": ("示例区财政局 2026年3月9日", "示例区财政局", "2026年3月9日"),
    "several bodies": ("示例区民政局 示例区工商联 2026年3月9日", "示例区工商联", "2026年3月9日"),
    "digits apart": ("示例区财政局 202 6 年 3月 9 日", "示例区财政局", "2026年3月9日"),
    "a month only": ("示例区财政局 2026年3月", "示例区财政局", "2026年3月"),
    "printed by": ("示例区财政局办公室2026年3月9日印发", "示例区财政局办公室", "2026年3月9日"),
    "before files": ("示例区财政局 2026年3月9日 名单.xlsx 表格（样式）.docx", "示例区财政局", "2026年3月9日"),
    "before an annex": ("示例区财政局 2026年3月9日 附件：名单", "示例区财政局", "2026年3月9日"),
    "before furniture": ("示例区财政局 2026年3月9日 扫一扫在手机打开当前页", "示例区财政局", "2026年3月9日"),
    "a site": ("示例区教育网 2026年3月9日", "示例区教育网", "2026年3月9日"),
}


@pytest.mark.parametrize("name", SIGNED)
def test_signatures(name: str) -> None:
    end, who, day = SIGNED[name]
    found = signature_of(article("a.html", text=f"{LONG} {end}"))
    assert found is not None
    assert (found.name, found.day) == (who, day)
    assert found.quote in f"{LONG} {end}"


@pytest.mark.parametrize(
    "end",
    [
        "示例区财政局2026年3月9日召开会议，研究有关工作。",
        "此件自2026年3月9日起施行。",
        "公示期为2026年3月1日至2026年3月9日",
    ],
)
def test_days_in_running_text_sign_nothing(end: str) -> None:
    page = article("a.html", text=f"{LONG} {end}")
    assert signature_of(page) is None
    assert not signed(page)


def test_a_byline_may_stand_before_captions() -> None:
    assert signed(article("a.html", text=f"{LONG}（示例区人社局 张三） （招聘会现场） （工作人员发放手册 ）"))


def test_a_file_without_header_names_issuer_and_day_by_its_signature() -> None:
    file = article("a.html", text=f"{LONG} 示例区财政局 2026年3月9日 实施方案 为做好有关工作。", kind=PageKind.POLICY)
    assert [field_of(file, n).value for n in ("发文机关", "成文日期")] == ["示例区财政局", "2026年3月9日"]
    blank = replace(file, header=(Fact("", "发文机关"),))
    assert field_of(blank, "发文机关") is None  # the header has the row and says nothing
