"""Whose file is it: this jurisdiction's own, or one of a higher authority that is only reprinted?"""

from __future__ import annotations

import re
from enum import Enum

from checks.facts import Page
from checks.items import title_of
from checks.policyfiles import field_of
from checks.texts import docno, fold
from config.district import District

_HIGHER = re.compile(
    r"^(?:《|关于(?:印发|转发|公布)《?)?(?:中华人民共和国|中共中央|中央|国务院|国家|全国|最高人民|"
    r"[一-龥]{2,3}省|[一-龥]{2,6}自治区|[一-龥]{2,12}部(?:办公厅|等|令|、|\s|关于))"
)
# No district, town or department makes these; the rest (办法, 规定) may be anybody's.
_LAW = re.compile(r"(?:(?<!办)法|条例)(?:[（(][^）)]{2,12}[）)])?$")


class Issuer(Enum):
    OWN = "own"
    HIGHER = "higher"
    UNKNOWN = "unknown"


def issuer_of(page: Page, district: District) -> Issuer:
    """By document number, then by 发文机关 and title.

    The first character of a number's series (代字) stands for the jurisdiction, so departments' own series need not
    be configured one by one.
    """
    read = docno(page.docno.value) if page.docno else None
    series = district.public_document_series
    if read is not None and series and read[0] in series:
        return Issuer.OWN
    if read is not None and series and read[0][0] not in {s[0] for s in series if s}:
        return Issuer.HIGHER
    publisher = field_of(page, "发文机关")
    title = fold(title_of(page))
    names = [district.name, district.full_name, *(n for u in district.units for n in u.names())]
    written = f"{title} {fold(publisher.value) if publisher else ''}"
    if any(len(name) > 2 and fold(name) in written for name in names):
        return Issuer.OWN
    order = page.docno is not None and "令" in page.docno.value  # orders are made by a province or a ministry
    if order or _HIGHER.search(title) or _LAW.search(title):
        return Issuer.HIGHER
    return Issuer.OWN if read is not None and series else Issuer.UNKNOWN
