"""The demonstration district with every host led to a port on loopback."""

from __future__ import annotations

from config.district import District
from config.load import load_district

DEMO = "demo"


def demo_district(port: int, host: str = "127.0.0.1") -> District:
    """The bundled district resolved to a running replica. Raises ConfigError if its folder is broken."""
    district = load_district(DEMO)
    return district.model_copy(update={"resolve": dict.fromkeys(district.resolve, f"{host}:{port}")})
