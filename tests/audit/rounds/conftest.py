from __future__ import annotations

from office import drafted, office, released, snapshot_folder

__all__ = ["drafted", "office", "released", "snapshot_folder"]
