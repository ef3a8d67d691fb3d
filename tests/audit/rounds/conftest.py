from __future__ import annotations

from office import office, snapshot_folder

__all__ = ["office", "snapshot_folder"]
