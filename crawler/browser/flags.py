"""How the browser is started: quiet, sandboxed unless root, and with the host names a district maps."""

from __future__ import annotations

import os
from collections.abc import Mapping

VIEWPORT = {"width": 1366, "height": 900}

_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--no-pings",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # WebRTC would pass by the gate
    "--disable-dev-shm-usage",  # containers give /dev/shm 64 MB, on which large screenshots crash
    "--disable-gpu",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--mute-audio",
)

# Of several such switches the browser heeds the last, so ours repeats what Playwright switches off (a test compares).
# The address bar's pop-ups are pages of the browser's own: two processes more for each window, the better part of the
# cost of opening one.
_FEATURES_OFF = (
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch",
    "TcpPortRandomizationWin", "ThirdPartyStoragePartitioning", "msEdgeUpdateLaunchServicesPreferredVersion",
    "msForceBrowserSignIn", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxPopup",
)  # fmt: skip

# Literal private addresses; names that resolve to one are caught by the gate, which a grid's nodes do not have.
_PRIVATE = (
    "localhost", "*.localhost", "127.*", "10.*", "192.168.*", "169.254.*", "0.*", "[::1]", "[fc*", "[fd*", "[fe80*",
    *(f"172.{n}.*" for n in range(16, 32)),
    *(f"100.{n}.*" for n in range(64, 128)),
)  # fmt: skip


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def launch_flags(mark: str = "") -> list[str]:
    """Command-line flags. `mark` is a harmless flag of our own by which the process can be known again."""
    quiet = [*_QUIET, f"--disable-features={','.join(_FEATURES_OFF)}"]
    return [*quiet, *(["--no-sandbox"] if is_root() else []), *([f"--govaudit-run={mark}"] if mark else [])]


def resolver_rules(resolve: Mapping[str, str]) -> str:
    """Value of `--host-resolver-rules`: mapped hosts (plain http only), then literal private addresses to nowhere."""
    mapped = [f"MAP {host}:80 {target}" for host, target in sorted(resolve.items())]
    return ", ".join((*mapped, *(f"MAP {pattern} ~NOTFOUND" for pattern in _PRIVATE)))
