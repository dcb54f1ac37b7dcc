"""Checks a folder of law packs for whoever keeps them: every fault of every file, not the first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any

from dsr.domain.cited import Unit
from dsr.domain.law import PLACE, WEEKDAYS, Law
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import ConfigError, NotFoundError, nearest
from dsr.rules import book, office
from dsr.rules.examples import example_faults
from dsr.rules.packs import code_of, find, pack_files, read_law, version_of
from dsr.rules.reading import Fault, RuleError, read_toml
from dsr.rules.soundness import FIRST_LANGUAGE, texts_of
from dsr.rules.terms import terms

WHOLE = "file"


def faults_of(
    place: Traversable, languages: Sequence[str], facts: Collection[str] = ()
) -> list[Fault]:
    """Return everything that is wrong with one pack.

    Args:
        place: Its file.
        languages: Those that letters are written in.
        facts: What letters can hold, by name; none checks no duty's needs.
    """
    try:
        law = read_law(place)
    except RuleError as error:
        return list(error.faults)
    faults = [*_checks(law, languages), *example_faults(place, law)]
    return [*faults, *_needs(law, facts)] if facts else faults


def folder_faults(folder: Traversable) -> Iterator[tuple[Traversable, Fault]]:
    """Give what is wrong with the files of a folder beside each other."""
    places = [*pack_files(folder)]
    names = [place.name for place in places]
    for place in places:
        alike = [name for name in names if name.lower() == place.name.lower()]
        if len(alike) > 1:
            said = f"{' and '.join(alike)} claim the code {code_of(place)}: one pack has a code"
            yield place, Fault("", said, "delete or rename one of them")
        elif place.name != place.name.lower():
            yield place, Fault("", f"is to be named {place.name.lower()}, in small letters")
        present = f"{code_of(place).lower()}.toml"
        if version_of(place) and present not in names and find(code_of(place), None) is None:
            said = f"is an earlier version, and there is no present {present}"
            yield place, Fault("", said)


def where(place: Traversable, key: str) -> tuple[str, str]:
    """Return the rule that a key stands in, in words, and the article that it cites.

    Both are as the file has them, so that they can be found even where it is wrong.
    """
    try:
        table: Any = read_toml(place)
    except ConfigError:
        return WHOLE, ""
    rule, citation = key.partition(".")[0] or WHOLE, _text(table, "citation")
    for part in key.split("."):
        table = _inner(table, part)
        if isinstance(table, Mapping):
            citation = _text(table, "citation") or citation
            if named := _named(table):
                rule = f"{key.partition('.')[0]}: {named}"
    return rule.replace("_", " "), citation


def _inner(table: Any, part: str) -> Any:
    if isinstance(table, Mapping):
        return table.get(part)
    if isinstance(table, list) and part.isdecimal() and 0 < int(part) <= len(table):
        return table[int(part) - 1]
    return None


def _named(table: Mapping[str, Any]) -> str:
    """Return what tells an entry of a list from the others: its kinds, its code."""
    words = [table.get("kinds"), table.get("scopes"), table.get("kind"), table.get("scope")]
    lists = [each if isinstance(each, list) else [each] for each in [*words, table.get("code")]]
    return ", ".join(word for each in lists for word in each if isinstance(word, str))


def _text(table: Any, key: str) -> str:
    found = table.get(key) if isinstance(table, Mapping) else None
    return found if isinstance(found, str) else ""


def _checks(law: Law, languages: Sequence[str]) -> Iterator[Fault]:
    for path, texts in texts_of(law):
        for language in languages:
            if language != FIRST_LANGUAGE and not texts.get(language, "").strip():
                yield Fault(f"{path}.{language}", "is missing: letters are written in it")
    known = office.grounds()
    for path, codes in (("grounds", law.grounds), ("unknown_grounds", law.unknown_grounds)):
        for code in codes:
            if code not in known:
                yield Fault(f"{path}.{code}", "is no ground", nearest(code, [*known]))
            elif path == "grounds" and code in law.unknown_grounds:
                yield Fault(f"{path}.{code}", "is cited, and said to be unknown to this law")
    if law.code != office.company().law:  # the company's own stands in kinds.toml, grounds.toml
        yield from _uncited(law)
    yield from _unsaid(law)
    yield from _tiers(law)
    yield from _acting(law)
    yield from _unasked(law)
    yield from _places(law)


def _uncited(law: Law) -> Iterator[Fault]:
    """Give the rights and grounds for which letters would find nothing to cite."""
    for kind in Kind:
        if kind not in law.rights:
            hint = f'[rights] {kind} = {{ en = "...", zh = "..." }}'
            yield Fault(f"rights.{kind}", "is missing: letters cite what gives the right", hint)
    for code in office.grounds():
        if code not in law.grounds and code not in law.unknown_grounds:
            said = "is missing: letters cite it, or the law is said not to know it"
            hint = f'[grounds.{code}] en, zh, certainty; or unknown_grounds = ["{code}"]'
            yield Fault(f"grounds.{code}", said, hint)
    for code in law.bases:
        if code not in terms().bases:
            yield Fault(f"bases.{code}", "is no legal basis", nearest(code, [*terms().bases]))


def _unsaid(law: Law) -> Iterator[Fault]:
    """Give what every law says in one way or another, and this one does not."""
    words = 'text = { en = "...", zh = "..." }, citation, certainty'
    period = 'amount = 3, unit = "working_days", citation, certainty'
    for key, stated, hint in (
        ("zone", law.zone, 'zone = "Europe/Berlin"'),
        ("receipt", law.receipt, f"[receipt] {words}"),
        ("identity", law.identity, f"[identity] {words}"),
        ("acknowledge", law.acknowledge, f"[acknowledge] {period}"),
    ):
        if stated is None:
            yield Fault(key, "is missing", hint)
    needs = {need for duty in law.refusal_duties for need in duty.needs}
    for need in ("items.reason", "remedies"):
        if need not in needs:
            hint = f'[[refusal_duties]] needs = ["{need}"]'
            yield Fault("refusal_duties", f"none needs {need}: a refusal always says it", hint)
    for number, duty in enumerate(law.letter_duties, start=1):
        if not duty.letters:
            yield Fault(f"letter_duties.{number}.letters", "is missing", 'letters = ["access"]')
    if not 0 < law.minors.guardian_below.years <= law.minors.adult_from.years:
        yield Fault("minors", "guardian_below is above 0 and not above adult_from")


def _tiers(law: Law) -> Iterator[Fault]:
    """Give what is wrong with how near dates are, for the monitor."""
    days, names = [tier.days_left for tier in law.tiers], {tier.code for tier in law.tiers}
    hint = '[[tiers]] code = "breached", days_left = -1, citation, certainty'
    if not days or not days[0] < 0 < days[-1]:
        yield Fault("tiers", "the first is of what is late (-1), the last of what is ahead", hint)
    elif days != sorted(set(days)) or len(names) != len(days):
        yield Fault("tiers", "each has its own code and days_left, the nearest first", hint)


def _needs(law: Law, facts: Collection[str]) -> Iterator[Fault]:
    """Give facts that duties need and that no letter holds."""
    for part, duties in (
        ("refusal_duties", law.refusal_duties),
        ("letter_duties", law.letter_duties),
    ):
        for number, duty in enumerate(duties, start=1):
            for need in (each for needs in duty.needs for each in needs.split("|")):
                if need not in facts and need.partition(".")[0] not in facts:
                    hint = nearest(need, [*facts])
                    yield Fault(f"{part}.{number}.needs", f"no letter holds {need!r}", hint)


def _acting(law: Law) -> Iterator[Fault]:
    """Give stops of marketing that take longer than any law lets them."""
    rule = law.clock(Kind.WITHDRAWAL, Scope.MARKETING)
    most = terms().marketing_stop
    assert rule is not None  # a pack without one is refused when it is read
    key = f"clocks.{law.clocks.index(rule) + 1}.act_by"
    if rule.act_by is None:
        hint = '[clocks.act_by] amount = 1, unit = "working_days", citation, certainty'
        yield Fault(key, "is missing: marketing stops before it is answered", hint)
    elif rule.act_by.unit is Unit.MONTHS or rule.act_by.amount > most.working_days:
        said = f"marketing stops within {most.working_days} working days"
        yield Fault(key, said, f'amount = {most.working_days} or less, unit = "working_days"')


def _unasked(law: Law) -> Iterator[Fault]:
    """Give clocks that never serve, as another before them serves the same."""
    for number, rule in enumerate(law.clocks, start=1):
        rights = [(kind, scope) for kind in rule.kinds for scope in (rule.scopes or _scopes(kind))]
        if not any(law.clock(*right) is rule for right in rights):
            yield Fault(f"clocks.{number}.kinds", "is never asked: a clock before it serves these")


def _scopes(kind: Kind) -> tuple[Scope | None, ...]:
    return tuple(Scope) if kind is Kind.WITHDRAWAL else (None,)


def _places(law: Law) -> Iterator[Fault]:
    """Give places that have no calendar."""
    keys = ("calendar", "target_calendar", "what_if_place")
    named = {key: getattr(law, key) for key in keys}
    named |= {f"places.{number}": each for number, each in enumerate(law.places, start=1)}
    for key, code in named.items():
        try:
            if code not in {PLACE, WEEKDAYS, None}:
                book.calendar(code)
        except NotFoundError as error:
            yield Fault(key, str(error), error.hint)
