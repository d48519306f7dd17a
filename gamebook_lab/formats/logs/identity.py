"""Readers' names replaced by digests that nobody turns back without the key."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

import pandas as pd

__all__ = ["hashed", "new_key"]

_CHARACTERS: Final = 16


def new_key() -> str:
    """Make a key at random. Keep it to get the same digests again; throw it away so that nobody can."""
    return secrets.token_hex(16)


def hashed(ids: pd.Series, key: str) -> pd.Series:
    """Replace each name by a keyed digest (HMAC-SHA-256, first 64 bits); what is missing stays so."""
    known = {
        name: hmac.new(key.encode(), str(name).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[
            :_CHARACTERS
        ]
        for name in ids.dropna().unique()
    }
    return ids.map(known).astype("str")
