"""Tables on narrow screens: every cell can say which column it belongs to, and nothing of a page gets lost."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from reports.reflow import reflow

PAGE = """<p>前</p><table class="ind"><caption>表</caption><thead><tr><th scope="col">单位</th>
<th scope="col">得&quot;分</th><th scope="col">说明</th></tr></thead><tbody>
<tr><th scope="row">甲局</th><td class="n">5</td><td>无</td></tr>
<tr><th scope="row">乙局</th><td colspan="2">不计分</td></tr></tbody></table><p>后</p>"""


def test_every_cell_names_its_column_and_the_text_stays() -> None:
    before, after = LexborHTMLParser(PAGE), LexborHTMLParser(reflow(PAGE))
    assert after.body.text() == before.body.text()  # type: ignore[union-attr]
    cells = [(c.text(), c.attributes.get("data-name")) for c in after.css("td")]
    assert cells == [("5", '得"分'), ("无", "说明"), ("不计分", None)]
    assert after.css_first("table").attributes["class"] == "ind reflow"
    assert after.css_first("td.n") is not None


def test_tables_with_a_narrow_form_of_their_own_and_without_headings_are_left_alone() -> None:
    for kind in ("heat", "sheet-rows", "waiting lighter"):
        assert reflow(PAGE.replace('class="ind"', f'class="{kind}"')) == PAGE.replace(
            'class="ind"', f'class="{kind}"'
        )
    bare = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    assert reflow(bare) == bare
