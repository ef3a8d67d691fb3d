"""The version of the installed distribution."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def _version() -> str:
    try:
        return version("govaudit")
    except PackageNotFoundError:  # run from an unpacked tree without installation
        return "0+unknown"


VERSION = _version()
