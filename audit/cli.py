"""`govaudit`: the command line. Commands live in `audit.commands`; here are assembly, errors and exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated, Any

import typer
from rich.text import Text

from audit.commands import (
    configure,
    demo,
    explain,
    export,
    fleet,
    inspect,
    ledger,
    notice,
    probe,
    run,
    sight,
    workflow,
)
from audit.console import err, set_language, t
from audit.errors import AuditError, Exit
from audit.version import VERSION
from config.errors import ConfigError
from crawler.run import CrawlError
from crawler.store import StoreError

app = typer.Typer(
    name="govaudit",
    help="政府网站合规检查：采集、判定、出具评分卡。每一条结论都可以核对。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (run, probe, sight, export, explain, inspect, configure, demo, workflow, notice, ledger, fleet):
    module.register(app)


# typer carries its own copy of click in some versions; the class behind its public BadParameter is right in all.
_UsageError: Any = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"govaudit {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    lang: Annotated[str, typer.Option("--lang", help="界面语言：zh 或 en")] = "",
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本")] = False,
) -> None:
    set_language(lang or os.environ.get("GOVAUDIT_LANG", "zh"))


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with one of the fixed codes."""
    sys.exit(run_cli(sys.argv[1:] if argv is None else argv))


def run_cli(argv: list[str]) -> int:
    """Exit code of one invocation; every expected refusal is a message, never a traceback."""
    try:
        result = app(args=argv, standalone_mode=False)
    except typer.Abort:
        return _say(t("已中断。", "Interrupted."), Exit.NO_VERDICT)
    except _UsageError as error:
        error.show()
        return Exit.USAGE
    except ConfigError as error:
        return _say(str(error), Exit.USAGE)
    except (StoreError, CrawlError) as error:
        return _say(str(error), Exit.NO_VERDICT)
    except AuditError as error:
        return _say(str(error), error.code)
    except KeyboardInterrupt:
        return _say(
            t("已中断；已取得的数据已保存，重新运行同一命令即可续采。", "Interrupted; run again to resume."), 3
        )
    except BrokenPipeError:
        return Exit.CLEAN
    except Exception as error:
        traceback.print_exc()
        note = t("程序内部错误，已记录在上方；不影响已保存的数据。", "Internal error; stored data is intact.")
        return _say(f"{note}（{type(error).__name__}）", Exit.INTERNAL)
    return int(result or 0)


def _say(message: str, code: int) -> int:
    err.print(Text(message, style="bold red"))
    return int(code)


if __name__ == "__main__":
    main()
