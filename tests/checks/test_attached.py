"""What a page does not say may stand in a file that hangs in it; what could not be read accuses nobody."""

from __future__ import annotations

from dataclasses import replace

from checks.attached import ATTACHMENT, UNREADABLE
from checks.facts import Fact, Link, Page, PageKind, Region
from checks.outcomes import Outcome
from checks.rules.topics import TopicElements, topic_elements_missing
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import article

FILE = HOME + "mzj/1.xlsx"
PARAMS = TopicElements.model_validate(
    {"topic": "1.3.4", "name": "救助标准", "groups": ["救助标准"], "elements": ["城市低保", "农村低保"]}
)


def posted(text: str, attached: str | None) -> TinySnapshot:
    page = article("mzj/1.html", "2026年救助标准", "2026-03-20", text, owner="czj")
    marks = () if attached else (Fact("图片附件，无可读文字", UNREADABLE),)
    file = Page(
        FILE, "0" * 64, page.fetched_at, PageKind.OTHER, reader=ATTACHMENT, text=attached or "",
        text_length=len(attached or ""), marks=marks,
    )  # fmt: skip
    link = Link(FILE, "附件", region=Region.CONTENT, kind=ATTACHMENT)
    return tiny(pages=(page, replace(file, owner="czj")), page_links={page.url: (link,)})


def outcome(text: str, attached: str | None) -> Outcome:
    return next(iter(topic_elements_missing(posted(text, attached), PARAMS))).outcome


def test_elements_are_read_from_the_file() -> None:
    assert outcome("见附件", "城市低保每月900元，农村低保每月700元") is Outcome.PASSED


def test_a_file_that_was_read_whole_and_lacks_an_element_is_a_fault() -> None:
    assert outcome("见附件", "城市低保每月900元。" * 20) is Outcome.FAILED


def test_a_file_that_cannot_be_read_accuses_nobody() -> None:
    assert outcome("见附件", None) is Outcome.CANNOT_TELL
