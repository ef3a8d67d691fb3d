"""Loading standards: TOML → `config.standard.Standard`, points exact, every fault at once."""

from __future__ import annotations

from pathlib import Path

from config.canonical import canonical_hash, plain_numbers
from config.district import District
from config.errors import ConfigError, Problem, Problems, nearest
from config.files import Places, parse_toml, read_text
from config.local import localise
from config.standard import Indicator, IndicatorKind, Standard, State
from config.validate import show, validate

BUILTIN = Path(__file__).parent / "standards"
_NEEDS_RULES = (IndicatorKind.VETO, IndicatorKind.DEDUCT, IndicatorKind.ADVICE)


def builtin_standards() -> tuple[str, ...]:
    """Ids of the standards that ship with the package."""
    return _ids(BUILTIN)


def _ids(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(p.stem for p in folder.glob("*.toml"))) if folder.is_dir() else ()
    except OSError:
        return ()


def load_standard(ref: str | Path) -> Standard:
    """The standard of a built-in id or of a TOML file. Raises ConfigError with all problems."""
    if isinstance(ref, str) and ref in builtin_standards():
        return _load(BUILTIN / f"{ref}.toml", BUILTIN)
    try:
        path = Path(ref)
        if path.suffix == ".toml" and path.is_file():
            return _load(path, path.parent)
    except (OSError, ValueError):
        pass
    known = nearest(str(ref), builtin_standards())
    raise ConfigError([Problem(str(ref) or "（空白）", "", "内置标准编号或 TOML 文件", "没有这个标准", known)])


def load_standards_for(district: District) -> tuple[Standard, ...]:
    """The standards a district names, in its order; its own standards/*.toml shadow the built-in ones.

    Clauses of documents that bind another place are not cited here (`config.local`).

    Raises ConfigError with the problems of all of them.
    """
    own = own_standards_folder(district)
    local = _ids(own) if own else ()
    found: list[Standard] = []
    problems: list[Problem] = []
    for name in district.standards:
        try:
            if own is not None and name in local:
                found.append(_load(own / f"{name}.toml", own))
            elif name in builtin_standards():
                found.append(load_standard(name))
            else:
                known = nearest(name, (*local, *builtin_standards()))
                got = f"未知的标准 {show(name)}"
                problems.append(Problem("district.toml", "standards", "已有的标准编号", got, known))
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    return tuple(localise(standard, district) for standard in found)


def own_standards_folder(district: District) -> Path | None:
    """`standards/` of the folder that the district was loaded from."""
    if not district.source:
        return None
    builtin = Path(__file__).parent / "districts" / district.source
    folder = builtin if "/" not in district.source and builtin.is_dir() else Path(district.source)
    return folder / "standards" if folder.is_dir() else None


def _load(path: Path, root: Path) -> Standard:
    problems = Problems()
    name = f"standards/{path.name}"
    text = read_text(path, root, problems, name=name)
    data = parse_toml(text, name, problems) if text is not None else None
    if text is None or data is None:
        raise ConfigError(problems.all())
    places = Places(text)
    for key in ("source", "sha256"):
        if key in data:
            problems.add(name, places.where((key,)), "标准文件的键", f"不能写在这里的键 {key}")
            data.pop(key)
    _plain_params(data)
    standard = validate(Standard, data, name, problems, places.where)
    if standard is not None:
        _check(standard, path.stem, name, places, problems)
    problems.raise_if_any()
    if standard is None:
        raise ConfigError(problems.all())
    standard = standard.model_copy(update={"source": name})
    return standard.model_copy(update={"sha256": canonical_hash(standard)})


def _plain_params(data: dict[str, object]) -> None:
    """Parameters are plain numbers; only points, caps, weights and bounds are exact decimals."""
    indicators = data.get("indicators")
    for indicator in indicators if isinstance(indicators, list) else ():
        rules = indicator.get("rules") if isinstance(indicator, dict) else None
        for binding in rules if isinstance(rules, list) else ():
            if isinstance(binding, dict) and "params" in binding:
                binding["params"] = plain_numbers(binding["params"])


def _check(standard: Standard, stem: str, name: str, places: Places, problems: Problems) -> None:
    if standard.id != stem:
        problems.add(name, places.where(("id",)), f"与文件名相同的编号 {stem}", show(standard.id))
    if standard.effective_to and standard.effective_to < standard.effective_from:
        expected = f"不早于 effective_from {standard.effective_from} 的日期"
        problems.add(name, places.where(("effective_to",)), expected, show(standard.effective_to))
    if not 0 < standard.pass_mark <= standard.base:
        expected = f"0 到 base {standard.base} 之间的数值"
        problems.add(name, places.where(("pass_mark",)), expected, show(standard.pass_mark))
    groups = [g.id for g in standard.groups]
    for number, group in enumerate(groups):
        if group in groups[:number]:
            problems.add(name, places.where(("groups", number, "id")), "不重复的分组编号", show(group))
    ids = [i.id for i in standard.indicators]
    for number, indicator in enumerate(standard.indicators):
        here = ("indicators", number)
        if indicator.id in ids[:number]:
            problems.add(name, places.where((*here, "id")), "不重复的指标编号", f"{indicator.id} 已出现过")
        if indicator.group not in groups:
            known = nearest(indicator.group, groups)
            problems.add(name, places.where((*here, "group")), "本标准的分组编号", show(indicator.group), known)
        _indicator(indicator, here, name, places, problems)
    for number, guard in enumerate(standard.guards):
        where = places.where(("guards", number))
        if guard.min is None and guard.max is None:
            problems.add(name, where, "min 或 max 至少一项", f"{guard.rule}.{guard.param} 没有上下限")
        elif guard.min is not None and guard.max is not None and guard.min > guard.max:
            problems.add(name, where, f"不小于 min {guard.min} 的 max", show(guard.max))


def _indicator(indicator: Indicator, here: tuple[str, int], name: str, places: Places, problems: Problems) -> None:
    title = f"{indicator.id} {indicator.title}"
    if indicator.state is not State.OFF and not indicator.rules and not indicator.manual:
        problems.add(name, places.where(here), "rules 或 manual 至少一项", f"指标 {title} 都没有")
    if indicator.kind in _NEEDS_RULES and indicator.state is State.ON and not indicator.rules:
        expected = f'{indicator.kind} 指标有规则；没有规则的用 kind = "manual" 或 state = "off"'
        problems.add(name, places.where((*here, "rules")), expected, f"指标 {title} 没有规则")
    if indicator.effective_from and indicator.effective_to and indicator.effective_to < indicator.effective_from:
        expected = f"不早于 effective_from {indicator.effective_from} 的日期"
        problems.add(name, places.where((*here, "effective_to")), expected, show(indicator.effective_to))
    for number, binding in enumerate(indicator.rules):
        at = f"{places.where((*here, 'rules', number))}（{binding.rule} 的 points）"
        if binding.points < 0:
            expected = "不小于 0 的扣分值（扣几分写几，不写负号）"
            problems.add(name, at, expected, show(binding.points))
        if indicator.cap is not None and binding.points > indicator.cap:
            expected = f"不大于 cap {indicator.cap} 的扣分值"
            problems.add(name, at, expected, show(binding.points))
