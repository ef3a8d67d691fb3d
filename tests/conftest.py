"""Settings for all tests."""

from __future__ import annotations

import signal

from hypothesis import HealthCheck, settings

# The same examples on every machine, and no limit of time: a busy machine is slow, not wrong.
settings.register_profile("govaudit", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("govaudit")

# Tests that press Ctrl-C must not depend on how they were started: a shell's background job ignores it.
signal.signal(signal.SIGINT, signal.default_int_handler)
