"""Reads a masking strategy as an officer types it. Masks nothing that is kept."""

import json
from typing import Any

from dsr.errors import UsageError, nearest
from dsr.sources.datamap import STRATEGIES, Masking
from dsr.sources.masking import CannotMaskError, mask

SETTINGS = {
    "string_rewrite": "rewrite_value",
    "random_string_rewrite": "length",
    "hash": "algorithm",
    "hmac": "algorithm",
    "aes_encrypt": "mode",
    "truncate_date": "to",
}
DELETE = "delete"
AS_JSON = """--erase '{"strategy": "hash", "configuration": {"algorithm": "SHA-512"}}'"""
EXAMPLE = "2000-01-31"  # every strategy can mask a date that is a text


def strategy_of(said: str) -> Masking:
    """Return a masking: a word, a word with its main setting, or as the datamap writes it in JSON.

    Raises:
        UsageError: It is none, or its setting is wrong.
    """
    masking = _from_json(said) if said.lstrip().startswith("{") else _from_words(said)
    if masking.strategy not in STRATEGIES:
        raise UsageError(
            f"--erase {masking.strategy!r} is no strategy",
            hint=nearest(masking.strategy, list(STRATEGIES)),
        )
    if masking.strategy != DELETE:
        try:
            mask(EXAMPLE, masking, seed=bytes(32))
        except CannotMaskError as error:
            raise UsageError(f"--erase: {error}", hint="dsr source preview --help") from None
    return masking


def _from_words(said: str) -> Masking:
    word, equals, value = said.partition("=")
    if not equals:
        return Masking(word)
    if word not in SETTINGS:
        raise UsageError(f"--erase {word}: it has no setting", hint=f"--erase {word}")
    setting: Any = int(value) if SETTINGS[word] == "length" and value.isdecimal() else value
    return Masking(word, {SETTINGS[word]: setting})


def _from_json(said: str) -> Masking:
    try:
        read = json.loads(said)
    except ValueError:
        raise UsageError("--erase: this is no JSON", hint=AS_JSON) from None
    configuration = read.pop("configuration", None) or {}
    strategy = read.pop("strategy", "")
    if read or not isinstance(strategy, str) or not isinstance(configuration, dict):
        raise UsageError("--erase takes strategy and configuration, no other key", hint=AS_JSON)
    return Masking(strategy, configuration)
