"""What a law says, statement by statement, for showing a pack and for comparing two."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dsr.domain.cited import Duty
from dsr.domain.clock_words import said
from dsr.domain.law import ClockRule, Law, PauseReason
from dsr.domain.office import in_language
from dsr.domain.vocabulary import ClockMode, Kind, Scope

#: What waiting for proof or an answer does to a clock, in words.
MODES: Mapping[str, str] = {
    ClockMode.NO_PAUSE: "from receipt, never paused",
    ClockMode.SUSPEND: "from receipt, paused while an answer is awaited",
    ClockMode.RESTART: "from receipt, anew from the answer",
    ClockMode.FROM_VERIFIED: "from the proof of identity",
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """Something that a law says, with its source."""

    rule: str
    text: str
    citation: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that a law says, so that it finds itself in another version of the law.

    Attributes:
        part: The part of the pack, in words.
        name: What tells it from others of its part; empty where there is one only.
        text: In every language that it has, one after the other.
        citation: Its source, and how sure it is.
    """

    part: str
    name: str
    text: str
    citation: str = ""


def rule_lines(law: Law) -> Iterator[RuleLine]:
    """Give everything that a law says besides its clocks, rights and grounds, in English."""
    yield _line("counting", "the day of the start is not counted", law.counting)
    if law.roll:
        yield _line("roll", "a last day off moves to the next working day", law.roll)
    if law.acknowledge:
        yield _line("acknowledgement", f"within {said(law.acknowledge)}", law.acknowledge)
    yield from _of_extension(law)
    yield from _of_people(law)
    for name, words in (
        ("fee", law.fee),
        ("agent's proof", law.agent_proof),
        ("remedies", law.remedies),
        ("receipt", law.receipt),
        ("identity", law.identity),
    ):
        if words is not None:
            yield _line(name, in_language(words.text, "en"), words)
    for duty in law.refusal_duties:
        yield _line("a refusal must", duty_text(duty), duty)
    for duty in law.letter_duties:
        yield _line("a letter must", duty_text(duty), duty)
    yield from _of_record(law)


def _of_extension(law: Law) -> Iterator[RuleLine]:
    if law.extension is None:
        return
    added, notice = law.extension.period, law.extension.notice
    text = f"{said(added)} more; " if added else "to a day that the notice names; "
    conditions = law.extension.conditions
    yield _line("extension", text + in_language(conditions.text, "en"), conditions)
    yield _line("notice of extension", in_language(notice.text, "en"), notice)
    if longest := law.extension.longest:
        yield _line("longest extension", f"{said(longest)} more", longest)


def _of_people(law: Law) -> Iterator[RuleLine]:
    minors, below = law.minors, law.minors.guardian_below
    yield _line("guardian", f"asks for a person under {below.years}", below)
    yield _line("of age", f"from {minors.adult_from.years}", minors.adult_from)
    if minors.written_refusal_below:
        written = minors.written_refusal_below
        yield _line("refusal in writing", f"to a person under {written.years}", written)


def _of_record(law: Law) -> Iterator[RuleLine]:
    yield _line("record", f"kept {said(law.record_term)} after closing", law.record_term)
    if refused := law.refused_record_term:
        yield _line("record of a refusal", f"kept {said(refused)} after closing", refused)
    if kept := law.keep_refused:
        kinds = ", ".join(kept.kinds)
        yield _line("what is refused", f"kept {said(kept.period)} at least ({kinds})", kept)
    if law.in_force:
        yield _line("in force", f"from {law.in_force.on}", law.in_force)
    for tier in law.tiers:
        left = f"at most {tier.days_left} working days left"
        left = left if tier.days_left >= 0 else "the date has passed"
        yield _line(f"monitor: {tier.code}", left, tier)


def duty_text(duty: Duty) -> str:
    """Return a duty as an officer reads it: what, in which letters, and what they must hold."""
    letters = ", ".join(name.value.replace("_", " ") for name in duty.letters)
    needs = ", ".join(duty.needs)
    more = (f"in: {letters}" if letters else "", f"needs: {needs}" if needs else "")
    said = "; ".join(filter(None, more))
    return in_language(duty.text, "en") + (f" ({said})" if said else "")


def source_of(stated: Any) -> str:
    """Return the source of a statement and how sure it is."""
    return f"{stated.citation} ({stated.certainty.value})"


def statements(law: Law) -> Iterator[Statement]:
    """Give everything that a law says, each once; the same statement of two packs compares."""
    calendar = f"{law.calendar}, without a ticket: {law.what_if_place or 'none'}"
    yield Statement("the law", "", _texts(law.names), law.citation)
    yield Statement("working days", "", calendar)
    if law.target_calendar:
        yield Statement("working days of the target", "", law.target_calendar)
    yield Statement("zone of receipt", "", law.zone or "the office's")
    yield Statement("applies in", "", ", ".join(law.places) or "no place")
    for kind in Kind:
        for scope in tuple(Scope) if kind is Kind.WITHDRAWAL else (None,):
            yield from _of_clock(law, kind, scope)
    for line in rule_lines(law):
        if not line.rule.endswith(" must"):
            yield Statement(line.rule, "", line.text, f"{line.citation} ({line.certainty})")
    yield from _of_words(law)
    for part, duties in (
        ("a refusal must", law.refusal_duties),
        ("a letter must", law.letter_duties),
    ):
        for duty in duties:
            text = f"{duty_text(duty)} | {_texts(duty.text)} | {_texts(duty.tell)}"
            yield Statement(part, duty.code.replace("_", " "), text.rstrip(" |"), source_of(duty))
    yield from _of_grounds(law)


def _of_clock(law: Law, kind: Kind, scope: Scope | None) -> Iterator[Statement]:
    rule = law.clock(kind, scope)
    name = kind.value + (f" ({scope.value})" if scope else "")
    if rule is None:
        return
    yield Statement("answer within", name, said(rule.period), source_of(rule.period))
    yield Statement(
        "waiting", name, waiting_of(rule), source_of(rule.waiting) if rule.waiting else ""
    )
    for part, period in (
        ("done within", rule.act_by),
        ("worked to, read strictly", rule.safe),
        ("counts only if asked within", rule.credit),
        ("acknowledged within", rule.acknowledge),
    ):
        if period is not None:
            yield Statement(part, name, said(period), source_of(period))
    if law.extension:
        yield Statement("can be extended", name, "yes" if rule.extendable else "no")


def waiting_of(rule: ClockRule) -> str:
    """Return what waiting does to a clock, in words."""
    stops = (("paused for", rule.pauses_for), ("anew after", rule.restarts_for))
    said = [f"{what} {_listed(reasons)}" for what, reasons in stops if reasons]
    both = ["both ends count"] if rule.both_ends_count else []
    return "; ".join([MODES[rule.mode], *said, *both])


def _listed(reasons: tuple[PauseReason, ...]) -> str:
    return ", ".join(reason.value for reason in reasons)


def _of_words(law: Law) -> Iterator[Statement]:
    """Give the texts that letters quote in all their languages: English alone is compared above."""
    extension = law.extension
    for part, words in (
        ("fee", law.fee),
        ("agent's proof", law.agent_proof),
        ("remedies", law.remedies),
        ("receipt", law.receipt),
        ("identity", law.identity),
        ("extension", extension.conditions if extension else None),
        ("notice of extension", extension.notice if extension else None),
    ):
        for language, text in sorted(words.text.items()) if words else ():
            if language != "en":
                yield Statement(part, f"in {language}", text)


def _of_grounds(law: Law) -> Iterator[Statement]:
    for kind, texts in law.rights.items():
        yield Statement("the right as cited", kind.value, _texts(texts))
    for scope, texts in law.scoped_rights.items():
        yield Statement("the right as cited", f"withdrawal ({scope.value})", _texts(texts))
    for basis, texts in law.bases.items():
        yield Statement("a legal basis as cited", basis.replace("_", " "), _texts(texts))
    for kind, texts in law.quiet.items():
        yield Statement("a ground not to be told, as cited", kind.value, _texts(texts))
    for code, equivalent in law.grounds.items():
        cited = _texts(equivalent.text)
        yield Statement("a ground as cited", code, cited, f"({equivalent.certainty.value})")
    for code in law.unknown_grounds:
        yield Statement("a ground that it does not know", code, "unknown to this law")


def _texts(texts: Mapping[str, str]) -> str:
    return " | ".join(texts[language] for language in sorted(texts))


def _line(rule: str, text: str, source: Any) -> RuleLine:
    return RuleLine(rule, text, source.citation, source.certainty.value)
