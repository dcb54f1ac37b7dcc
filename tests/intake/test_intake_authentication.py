"""Whose word counts about a sender: our own server's, and only where it stands on top."""

import pytest

from dsr.intake.authentication import of_our_server, verdict

OURS = "mx.example.com"
ANN = "ann@mail.example.org"


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([f"{OURS}; dmarc=pass header.from=example.org"], "authenticated"),
        ([f"{OURS} 1; spf=pass;\n\tdmarc=fail (p=none) header.from=example.org"], "failed"),
        ([f"{OURS}; dkim=pass header.d=example.org"], "authenticated"),
        ([f"{OURS}; dkim=pass header.i=@mail.example.org"], "authenticated"),
        ([f"{OURS}; dmarc=pass header.from=ann@mail.example.org"], "authenticated"),
        ([f"{OURS}; dmarc=pass header.from=evil.example"], "unverified"),
        ([f"{OURS}; dmarc=pass header.from=mail.example.org@evil.example"], "unverified"),
        ([f"{OURS}; dmarc=pass header.from=evil.example", f"{OURS}; dmarc=pass"], "unverified"),
        ([f"{OURS}; dmarc=fail header.from=evil.example"], "failed"),
        ([f"{OURS}; dmarc/1=pass"], "authenticated"),
        ([f"{OURS}; spf=pass smtp.mailfrom=dmarc=pass@evil.example"], "unverified"),
        ([f'{OURS}; spf=pass smtp.mailfrom="a; dmarc=pass "@evil.example'], "unverified"),
        ([f"{OURS}; spf=pass (a (b; dmarc=pass) c; dmarc=pass)"], "unverified"),
        ([f"{OURS}; dkim=pass header.i=mail.example.org@evil.example"], "unverified"),
        ([f"{OURS}; dkim=pass header.i=@mail.example.org header.d=evil.example"], "unverified"),
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


def test_what_an_upper_header_tells_no_lower_one_tells_otherwise():
    lower = [f"{OURS}; dmarc=pass", f"{OURS}; dkim=pass header.d=example.org"]
    assert verdict([f"{OURS}; dmarc=none; dkim=none", *lower], OURS, ANN) == "unverified"
    assert verdict([f"{OURS}; spf=pass", *lower], OURS, ANN) == "authenticated"


RESULT = ("Authentication-Results", f"{OURS}; dmarc=pass")
BORDER = f"from evil.example (evil.example [6.6.6.6]) by {OURS}; Tue, 3 Nov 2026 08:15:00 +0800"
INNER = "from mx.example.com (mx [10.0.0.7]) by store.example.com; Tue, 3 Nov 2026 08:15:01 +0800"
LOCAL, QMAIL = "by 2001:db8::1 with SMTP id x; a", "(qmail 1 invoked by uid 0); b"
THEIRS = "from a.evil.example by evil.example; Tue, 3 Nov 2020 08:15:00 +0800"


@pytest.mark.parametrize(
    ("headers", "count", "trace"),
    [
        ([RESULT, ("Received", BORDER)], 1, BORDER),
        ([("Received", BORDER), RESULT], 0, BORDER),
        ([RESULT, ("Received", BORDER), RESULT, ("Received", THEIRS), RESULT], 1, BORDER),
        ([("Received", INNER), RESULT, ("Received", BORDER), RESULT], 1, INNER),
        ([RESULT, ("Received", INNER), RESULT, ("Received", BORDER), RESULT], 2, INNER),
        ([("Received", BORDER), ("Received", BORDER), RESULT], 0, BORDER),
        ([("Received", BORDER), RESULT, ("Received", BORDER)], 0, BORDER),
        ([("Received", INNER), RESULT, ("Received", THEIRS)], 0, INNER),
        ([("Received", THEIRS), RESULT, ("Received", BORDER)], 0, ""),
        ([("Received", LOCAL), RESULT, ("Received", BORDER), RESULT], 1, LOCAL),
        ([("Received", QMAIL), RESULT], 0, QMAIL),
        ([RESULT, ("Received", "from x; a"), RESULT], 0, ""),
        ([("AUTHENTICATION-RESULTS", RESULT[1]), ("received", BORDER)], 1, BORDER),
        ([RESULT], 0, ""),
        ([], 0, ""),
    ],
)
def test_only_what_stands_above_the_trace_of_our_border_counts(headers, count, trace):
    found, topmost = of_our_server(headers, OURS)
    assert (len(found), topmost) == (count, trace)


@pytest.mark.parametrize(
    ("source", "inner"),
    [
        ("localhost (localhost [127.0.0.1])", True),
        ("relay (relay [IPv6:fd00::7])", True),
        ("relay ([192.168.3.4] helo=x)", True),
        ("relay (10.1.2.3)", True),
        ("localhost (evil.example [6.6.6.6])", False),
        ("localhost", False),
        ("[127.0.0.1]", False),
        ("[127.0.0.1] (evil.example [6.6.6.6])", False),
        ("[6.6.6.6] (helo=[127.0.0.1])", False),
        ("unknown (HELO 127.0.0.1) (6.6.6.6)", False),
        ("mx.example.com (evil.example [IPv6:2001:db8::6])", False),
        ("x (evil.example [IPv6:::ffff:6.6.6.6])", False),
        ("by (evil.example [6.6.6.6])", False),
    ],
)
def test_what_a_sender_greets_with_makes_him_none_of_us(source, inner):
    hop = f"from {source} by {OURS} with ESMTP; Tue, 3 Nov 2026 08:15:00 +0800"
    headers = [("Received", hop), RESULT, ("Received", BORDER)]
    assert of_our_server(headers, OURS) == ([RESULT[1]] if inner else [], hop)


def test_beside_us_in_a_registry_stand_strangers():
    headers = [("Received", "from x by evil.com.cn; a"), RESULT]
    assert of_our_server(headers, "office.com.cn") == ([], "")
    assert of_our_server(headers, "mx.office.com.cn") == ([], "")
    beside = [RESULT, ("Received", "from x by evil.info.pl; a")]
    assert of_our_server(beside, "office.info.pl") == ([], "")


def test_without_a_server_of_ours_the_topmost_trace_is_taken():
    assert of_our_server([RESULT, ("Received", THEIRS), ("Received", BORDER)], "") == ([], THEIRS)
