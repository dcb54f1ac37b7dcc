"""Whose word counts about a sender: our own server's, and only where it stands on top."""

import pytest

from dsr.intake.authentication import verdict

OURS = "mx.example.com"
ANN = "ann@mail.example.org"


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([f"{OURS}; dmarc=pass header.from=example.org"], "authenticated"),
        ([f"{OURS} 1; spf=pass;\n\tdmarc=fail (p=none) header.from=example.org"], "failed"),
        ([f"{OURS}; dkim=pass header.d=example.org"], "authenticated"),
        ([f"{OURS}; dkim=pass header.i=@mail.example.org"], "authenticated"),
        ([f"{OURS}; dkim=pass header.d=evil.example"], "unverified"),
        ([f"{OURS}; dkim=pass header.d=org"], "unverified"),
        ([f"{OURS}; dkim=fail header.d=example.org"], "unverified"),
        ([f"{OURS}; spf=pass smtp.mailfrom=example.org"], "unverified"),
        ([f"{OURS}; arc=pass; dkim=none"], "unverified"),
        ([f"{OURS}; none"], "unverified"),
        (["evil.example; dmarc=pass"], "unverified"),
        (["evil.example; dmarc=pass", f"{OURS}; dmarc=pass"], "unverified"),
        ([f"{OURS}; spf=none", "evil.example; dmarc=pass"], "unverified"),
        ([f"{OURS}; dkim=pass header.d=example.org", f"{OURS}; dmarc=fail"], "failed"),
        ([f"{OURS}.evil.example; dmarc=pass"], "unverified"),
        ([f"(x) {OURS}; (dmarc=fail) dmarc=pass"], "authenticated"),
        (["; dmarc=pass"], "unverified"),
        ([""], "unverified"),
        ([], "unverified"),
    ],
)
def test_only_what_our_server_wrote_on_top_is_believed(values, word):
    assert verdict(values, OURS, ANN) == word


def test_without_a_server_or_a_sender_nobody_is_believed():
    assert verdict(["; dmarc=pass"], "", ANN) == "unverified"
    assert verdict([f"{OURS}; dmarc=pass"], "", ANN) == "unverified"
    assert verdict([f"{OURS}; dmarc=pass"], OURS, None) == "unverified"
