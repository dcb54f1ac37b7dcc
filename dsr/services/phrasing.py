"""How texts are read: trying one, measuring over many. Phrases are taught in `teaching`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dsr.domain.limits import Manner
from dsr.intake.arrival import Arrival
from dsr.intake.classify import Finding, classify
from dsr.rules import phrases
from dsr.rules.reading import into, read_toml
from dsr.services.ledger import SpanView, spans_of
from dsr.services.requested import Read, read_one

FOLDER = "phrases"
NOTICED, OPENED, ALL = "noticed", "opened by mistake", "all"


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a text is read."""

    language: str
    requester_role: str
    follow_up: bool
    smells: bool
    spans: tuple[SpanView, ...]
    stated: tuple[dict[str, str | None], ...]
    identifiers: tuple[dict[str, str], ...]
    reasons: tuple[str, ...]
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text, and the rights that it asks for as somebody says who read it.

    Attributes:
        also: Rights that may be found besides.
        misread: It is known to be read otherwise still; it counts as any other.
    """

    text: str
    kinds: tuple[str, ...] = ()
    subject: str = ""
    also: tuple[str, ...] = ()
    misread: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file of labelled texts of one language."""

    language: str
    texts: tuple[LabelledText, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one kind is found in one language.

    Attributes:
        texts: In how many texts it is asked for.
        found: In how many it was found.
        wrong: In how many it was found and is not asked for.
        precision: Of what was found, the share that is asked for; None where nothing was.
        recall: Of what is asked for, the share that was found; None where nothing is.
    """

    language: str
    kind: str
    texts: int
    found: int
    wrong: int
    precision: float | None
    recall: float | None


def try_text(text: str, subject: str = "", rules_folder: Path | None = None) -> ReadAs:
    """Return how a text would be read, with the words that decide."""
    row = "\n".join(("Subject: " + " ".join(subject.split()), "MIME-Version: 1.0", ""))
    head = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{row}\n"
    return try_mail((head + text).encode("utf-8", "replace"), rules_folder)


def try_mail(raw: bytes, rules_folder: Path | None = None) -> ReadAs:
    """Return how a mail would be read, with the words that decide."""
    read = read_one(Arrival("-", raw), Manner(phrases=own_folder(rules_folder)))
    return _read_as(read)


def _read_as(read: Read) -> ReadAs:
    finding = read.finding
    return ReadAs(
        language=finding.language,
        requester_role=finding.role.value,
        follow_up=finding.follow_up,
        smells=finding.smells,
        spans=tuple(spans_of(read)),
        stated=tuple(asdict(one) for one in finding.stated),
        identifiers=tuple({"type": k.value, "value": v} for k, v in finding.identifiers),
        reasons=finding.reasons,
        subject=read.message.subject,
        text=read.message.text,
    )


def own_folder(rules_folder: Path | None) -> Path | None:
    """Return where the office's own phrases lie, if anywhere."""
    folder = rules_folder / FOLDER if rules_folder else None
    return folder if folder and folder.is_dir() else None


def measure(files: Iterable[Path], rules_folder: Path | None = None) -> Iterator[Quality]:
    """Give how well each kind is found, language by language; after several, over all of them.

    Args:
        files: Labelled texts, a TOML file a language.
        rules_folder: The office's folder of rules.

    Raises:
        ConfigError: A file is wrong; file and key are named.
    """
    known = phrases.load(own_folder(rules_folder))
    whole, languages = _Counts(), 0
    for file in files:
        labelled = read_labelled(file)
        counts = _Counts()
        for each in labelled.texts:
            counts.add(each, classify(each.subject, each.text, "", known))
        yield from counts.lines(labelled.language)
        whole.update(counts)
        languages += 1
    if languages > 1:
        yield from whole.lines(ALL)


def read_labelled(file: Path) -> Labelled:
    """Return the labelled texts of a file.

    Raises:
        ConfigError: It is wrong; file and key are named.
    """
    return into(Labelled, read_toml(file), str(file))


@dataclass(slots=True)
class _Counts:
    """What was counted over labelled texts."""

    wanted: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)

    def add(self, each: LabelledText, finding: Finding) -> None:
        """Count a text as it was read."""
        got = {found.kind.value for found in finding.opens}
        want = set(each.kinds)
        self.wanted.update(want)
        self.right.update(got & want)
        self.wrong.update(got - want - set(each.also))
        self.texts["asking"] += bool(want)
        self.texts[NOTICED] += bool(want) and is_noticed(finding)
        self.texts["silent"] += not want
        self.texts[OPENED] += not want and bool(got)

    def update(self, other: "_Counts") -> None:
        """Add what was counted elsewhere."""
        self.wanted.update(other.wanted)
        self.right.update(other.right)
        self.wrong.update(other.wrong)
        self.texts.update(other.texts)

    def lines(self, language: str) -> Iterator[Quality]:
        """Give a line for each kind, for all kinds, and for the texts."""
        wanted, right, wrong = self.wanted, self.right, self.wrong
        for kind in sorted(wanted.keys() | wrong.keys()):
            yield _line((language, kind), wanted[kind], right[kind], wrong[kind])
        yield _line((language, ALL), wanted.total(), right.total(), wrong.total())
        asking, noticed = self.texts["asking"], self.texts[NOTICED]
        share = _share(noticed, asking)
        yield Quality(language, NOTICED, asking, noticed, 0, None, share)
        yield Quality(language, OPENED, self.texts["silent"], 0, self.texts[OPENED], None, None)


def is_noticed(finding: Finding) -> bool:
    """Say whether a person gets to see a text: it opens a ticket, or waits in triage."""
    return bool(finding.kinds) or finding.smells


def _line(what: tuple[str, str], texts: int, found: int, wrong: int) -> Quality:
    precision = _share(found, found + wrong)
    return Quality(*what, texts, found, wrong, precision, _share(found, texts))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
