"""What the crawl shows of each new-media account in the ledger: its link, and the portal's matrix page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from checks.facts import AccountFacts, ColumnState, Fact, Link, Page, Target
from config.district import District
from crawler.derive.columns import fold_label


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
                page_owner=Fact(front.source.value, "source", front.source.quote) if front and front.source else None,
                qr_url=account.url if account.url in codes else "",
            )
        )
    return found
