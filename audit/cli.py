"""`govaudit`: the command line. Commands live in `audit.commands`; here are assembly, errors and exit codes."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import traceback
from itertools import pairwise
from typing import Annotated, Any

import typer
from rich.text import Text

from audit import terms
from audit.commands import (
    configure,
    demo,
    explain,
    export,
    fleet,
    impact,
    inspect,
    ledger,
    notice,
    pack,
    probe,
    run,
    sight,
    workflow,
)
from audit.console import err, plain, set_language, t
from audit.errors import AuditError, Exit
from audit.version import VERSION
from config.errors import ConfigError
from crawler.run import CrawlError
from crawler.store import StoreError
from crawler.writing import StoreRefused

TYPER_INTERRUPTED = 130  # what typer makes of Ctrl-C when it does not exit by itself

app = typer.Typer(
    name="govaudit",
    help="政府网站合规检查：采集、判定、出具评分卡。每一条结论都可以核对。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    run,
    probe,
    sight,
    export,
    explain,
    inspect,
    configure,
    demo,
    workflow,
    notice,
    pack,
    ledger,
    fleet,
    impact,
):
    module.register(app)
terms.adopt(app)


# typer carries its own copy of click in some versions; the class behind its public BadParameter is right in all.
_UsageError: Any = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")
_LANG = "GOVAUDIT_LANG"


def _version(value: bool) -> None:
    if value:
        typer.echo(f"govaudit {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    lang: Annotated[str, typer.Option("--lang", help="界面语言：zh 或 en")] = "",
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本")] = False,
) -> None:
    set_language(lang or os.environ.get(_LANG, "zh"))


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with one of the fixed codes."""
    sys.exit(run_cli(sys.argv[1:] if argv is None else argv))


def run_cli(argv: list[str]) -> int:
    """Exit code of one invocation; every expected refusal is a message, never a traceback."""
    _speak(argv)
    try:
        result = app(args=argv, standalone_mode=False, prog_name="govaudit")
    except typer.Abort:
        return _say(t("已中断。", "Interrupted."), Exit.NO_VERDICT)
    except _UsageError as error:
        return _mistyped(error)
    except ConfigError as error:
        return _say(str(error), Exit.USAGE)
    except StoreRefused as error:
        return _say(str(error), Exit.USAGE)
    except (StoreError, CrawlError) as error:
        return _say(str(error), Exit.NO_VERDICT)
    except AuditError as error:
        return _say(str(error), error.code)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        return Exit.CLEAN
    except Exception as error:
        refused, code = _disk_refused(error)
        if refused:
            return _say(refused, code)
        traceback.print_exc()
        note = t("程序内部错误，已记录在上方；不影响已保存的数据。", "Internal error; stored data is intact.")
        return _say(f"{note}（{type(error).__name__}）", Exit.INTERNAL)
    return _interrupted() if result == TYPER_INTERRUPTED else int(result or 0)


def _speak(argv: list[str]) -> None:
    """Help and complaints about the command itself come before `--lang` is read."""
    asked = [b for a, b in pairwise(argv) if a == "--lang"] + [a[7:] for a in argv if a.startswith("--lang=")]
    english = (asked or [os.environ.get(_LANG, "zh")])[-1].lower().startswith("en")
    terms.speak("en" if english else "zh")


def _mistyped(error: Any) -> int:
    if terms.chinese() and error.format_message() and type(error).__name__ != "NoArgsIsHelpError":
        for line in terms.trouble(error):
            err.print(plain(line, limit=600), soft_wrap=True)
    else:
        error.show()
    return Exit.USAGE


def _interrupted() -> int:
    message = t("已中断；已取得的数据已保存，重新运行同一命令即可续做。", "Interrupted; run again to resume.")
    return _say(message, Exit.NO_VERDICT)


def _disk_refused(error: Exception) -> tuple[str, Exit]:
    """What to do when the disk is full (try again) or not writable (another folder); blank for any other error."""
    code = error.errno if isinstance(error, OSError) else None
    said = str(error) if isinstance(error, sqlite3.OperationalError) else ""
    if code in (errno.ENOSPC, errno.EDQUOT) or "is full" in said:
        return t(
            "磁盘空间不足，未能写完；已保存的数据未受影响。请清理磁盘，或用 --data 指定另一处，再运行同一命令续做。",
            "The disk is full; make room and run again to resume.",
        ), Exit.NO_VERDICT
    if code in (errno.EACCES, errno.EROFS, errno.EPERM) or "readonly" in said or "unable to open" in said:
        where = f"（{error.filename}）" if isinstance(error, OSError) and error.filename else ""
        return t(
            f"没有写入或读取权限{where}。请用 --data 指定可写的文件夹。", f"No permission{where}; choose --data."
        ), Exit.USAGE
    return "", Exit.INTERNAL


def _say(message: str, code: int) -> int:
    err.print(Text(message, style="bold red"), soft_wrap=True)
    return int(code)


if __name__ == "__main__":
    main()
