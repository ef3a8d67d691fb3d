"""The command line's own words in Chinese: headings, usage, `--help`, and what is wrong with a command as typed.

typer says these in English. Headings are its module settings; the rest is said here, over its public classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

HEADINGS = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "ERRORS_PANEL_TITLE": "错误",
    "REQUIRED_LONG_STRING": "[必填]",
    "DEFAULT_STRING": "[默认：{}]",
    "DEPRECATED_STRING": "（已停用）",
    "ENVVAR_STRING": "[环境变量：{}]",
    "ABORTED_TEXT": "已中断。",
}
_ENGLISH = {name: getattr(rich_utils, name) for name in HEADINGS}
_WORDS = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]…"}
_TROUBLES = (
    (r"^No such option: (?P<a>\S+)", "没有选项 {a}。"),
    (r"^No such command '(?P<a>.*?)'\.", "没有命令“{a}”。"),
    (r"^Missing command\.", "缺少命令。"),
    (r"^Missing argument '(?P<a>.*?)'\.", "缺少参数 {a}。"),
    (r"^Missing option '(?P<a>.*?)'\.", "缺少选项 {a}。"),
    (r"^Got unexpected extra arguments?(?:\(s\))? \((?P<a>.*)\)", "多余的参数：{a}。"),
    (r"^Option '(?P<a>.*?)' requires (?:an|\d+) arguments?\.", "选项 {a} 后面须写值。"),
    (r"^Option '(?P<a>.*?)' does not take a value\.", "选项 {a} 不带值。"),
    (r"^Invalid value for '(?P<a>.*?)': .*valid integer.*", "{a} 须为整数。"),
    (r"^Invalid value for '(?P<a>.*?)': .*valid (?:number|float|decimal).*", "{a} 须为数字。"),
    (r"^Invalid value for '(?P<a>.*?)': .*greater than or equal to (?P<b>\S+)", "{a} 须不小于 {b}。"),
    (r"^Invalid value for '(?P<a>.*?)': .*less than or equal to (?P<b>\S+)", "{a} 须不大于 {b}。"),
    (r"^Invalid value for '(?P<a>.*?)': (?P<b>.*)", "{a} 的值无效：{b}"),
)
_SUGGESTED = re.compile(r"Did you mean (?P<a>.*?)\?|\(Possible options: (?P<b>.*?)\)")


class _Said:
    """What a command and a group say of themselves."""

    def get_usage(self, ctx: Any) -> str:
        text = str(super().get_usage(ctx))  # type: ignore[misc]
        if not chinese():
            return text
        for english, word in _WORDS.items():
            text = text.replace(english, word)
        return text.replace("Usage: ", "用法：", 1)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None and chinese():
            option.help = "显示本说明。"
        return option


class Command(_Said, TyperCommand):
    pass


class Group(_Said, TyperGroup):
    pass


def chinese() -> bool:
    return bool(HEADINGS["OPTIONS_PANEL_TITLE"] == rich_utils.OPTIONS_PANEL_TITLE)


def speak(language: str) -> None:
    """Set typer's headings: "zh" or "en"."""
    for name, word in HEADINGS.items() if language != "en" else _ENGLISH.items():
        setattr(rich_utils, name, word)


def adopt(app: typer.Typer) -> None:
    """Let every command and group that is registered so far speak with these words."""
    app.info.cls = Group
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        group.cls = Group
        if group.typer_instance is not None:
            adopt(group.typer_instance)


def trouble(error: Any) -> Iterator[str]:
    """Lines for a command that was typed wrongly: usage, what is wrong, where help is."""
    context = getattr(error, "ctx", None)
    said = str(error.format_message())
    if context is not None:
        yield context.get_usage()
    yield _sentence(said)
    if context is not None:
        yield f"说明见 {context.command_path} --help"


def _sentence(said: str) -> str:
    for pattern, sentence in _TROUBLES:
        found = re.search(pattern, said, re.DOTALL)
        if found:
            near = _SUGGESTED.search(said)
            hint = re.sub(r"['\"]", "", near["a"] or near["b"] or "").replace(", ", "、") if near else ""
            return sentence.format(**found.groupdict()) + (f"是否想用 {hint}？" if hint else "")
    return said
