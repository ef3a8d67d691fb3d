"""Documents that bind one place only: elsewhere nobody is judged by them, whatever standard was written after them.

The bundled standards quote the work plan of the district they were first written for. In that district the quotation
stands; in any other one the indicator rests on the district's own decision to adopt the standard, or says openly
that there is none yet.
"""

from __future__ import annotations

from config.district import Adoption, District
from config.standard import Indicator, Standard

LOCAL_DOCUMENTS = {"台政办发〔2023〕6号": "370405"}  # document number -> region code of the place it binds
REFERENCE_TITLES = {"seed-2023-6": "政务公开年度工作要点检查（参照指标）"}  # names that name no place


def foreign(text: str, district: District) -> bool:
    """Whether the words cite a document of another place."""
    return any(number in text and region != district.region_code for number, region in LOCAL_DOCUMENTS.items())


def localise(standard: Standard, district: District) -> Standard:
    """The standard as it may be cited in this district: own display name, no clause of another place's document."""
    own = next((a for a in district.adoptions if a.standard == standard.id and a.title), None)
    changes: dict[str, object] = {}
    if foreign(standard.edition, district):
        adopted = next((a for a in district.adoptions if a.standard == standard.id), None)
        changes["title"] = REFERENCE_TITLES.get(standard.id, standard.title)
        changes["edition"] = adopted.document if adopted else "本区尚未发文采用"
    if own is not None:
        changes["title"] = own.title
    name = str(changes.get("title", standard.title))
    changes["indicators"] = tuple(_localised(i, standard, name, district) for i in standard.indicators)
    return standard.model_copy(update=changes)


def _localised(indicator: Indicator, standard: Standard, name: str, district: District) -> Indicator:
    changes: dict[str, str] = {}
    if foreign(indicator.clause, district):
        kept = [part for part in indicator.clause.split("；") if not foreign(part, district)]
        changes["clause"] = "；".join(kept) or _ground(indicator, name, _adoption(indicator, standard, district))
    if foreign(standard.edition, district):
        changes["note"] = ""  # names the offices of that place
    return indicator.model_copy(update=changes) if changes else indicator


def _adoption(indicator: Indicator, standard: Standard, district: District) -> Adoption | None:
    fits = (a for a in district.adoptions if a.standard == standard.id)
    return next((a for a in fits if "*" in a.indicators or indicator.id in a.indicators), None)


def _ground(indicator: Indicator, name: str, adoption: Adoption | None) -> str:
    if adoption is not None:
        return f"{adoption.document}采用的“{name}”：{indicator.title}"
    return f"“{name}”：{indicator.title}（本区尚未发文采用，仅供参照）"
