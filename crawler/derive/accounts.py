"""What the crawl shows of each new-media account in the ledger: its link, and the portal's matrix page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from checks.facts import AccountFacts, ColumnState, Fact, Link, Page, Target
from config.district import District
from crawler.derive.columns import fold_label

# How the platforms name the body behind an account on its own page.
_OWNER = re.compile(r"(?:[帐账]号主体|认证主体|主体名称|企业全称)\s*[:：]?\s*([^\s，,；;|｜]{4,60})")


def account_facts(
    district: District,
    matrix: Sequence[ColumnState],
    page: Callable[[str], Page | None],
    links: Callable[[str], Iterable[Link]],
    target: Callable[[str], Target | None],
    decoded: Callable[[str], str],
) -> list[AccountFacts]:
    """One per ledger row. `decoded` gives the address inside a QR image, "" if it holds none."""
    fronts = [p for state in matrix if state.url and (p := page(state.url))]
    shown = [k for front in fronts for k in links(front.url)]
    text = fold_label(" ".join(front.text for front in fronts))
    labels = {fold_label(k.text) for k in shown}
    urls = {k.url for k in shown}
    codes = {code for k in shown if k.kind == "image" and (code := decoded(k.url))}
    found = []
    for account in district.accounts or ():
        name = fold_label(account.name)
        listed: bool | None = None
        if fronts:
            listed = name in text or name in labels or account.url in urls or account.url in codes
        link = target(account.url) if account.url else None
        front = page(account.url) if account.url else None
        found.append(
            AccountFacts(
                account_id=account.account_id,
                link=link,
                on_matrix_page=listed,
                matrix_url=fronts[0].url if fronts else "",
                page_title=front.title if front else None,
                page_owner=_owner(front) if front else None,
                qr_url=account.url if account.url in codes else "",
            )
        )
    return found


def _owner(front: Page) -> Fact | None:
    """Who runs the account, as its own page says."""
    named = _OWNER.search(front.text)
    if named:
        return Fact(named[1], "page", named[0])
    return Fact(front.source.value, "source", front.source.quote) if front.source else None
