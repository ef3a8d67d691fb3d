"""One canonical form of a model, for its hash, and plain numbers for the parameters of rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel


def canonical_hash(model: BaseModel) -> str:
    """sha256 over the model's content; the same however its files were encoded, commented or laid out."""
    content = model.model_dump(mode="json", exclude={"source", "config_hash", "sha256"})
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plain_numbers(value: object) -> object:
    """Decimal fractions as floats: parameters of rules are plain numbers, only points are Decimal."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {k: plain_numbers(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain_numbers(v) for v in value]
    return value
