"""Phrases of the office's own: taught, listed, taken back; each change is an event of the trail."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dsr.domain.vocabulary import Kind, OfficerRole, Scope
from dsr.errors import ConfigError, ConflictError, InputError, NotFoundError
from dsr.intake.classify import classify
from dsr.intake.clauses import Clause
from dsr.intake.match import cut, look_up
from dsr.rules import phrases
from dsr.rules.everyday import tells
from dsr.rules.folding import fold
from dsr.rules.own_phrases import OwnPhrases
from dsr.rules.reading import into, read_toml
from dsr.services.desk import Desk
from dsr.services.phrasing import FOLDER, own_folder
from dsr.store.log import Entry

#: Fewer say nothing: they stand in letters about anything.
LEAST_LETTERS, LEAST_SYLLABLES = 4, 2
_SYLLABLE = re.compile(r"[぀-ヿ㐀-鿿가-힯豈-﫿\U00020000-\U0003ffff]")
#: Groups whose words stand in every letter, whatever it asks.
_SMALL = frozenset({"self", "plural", "you", "ask", "that"})
_SHORTER = "say more: the words as they stand side by side in letters"


@dataclass(frozen=True, slots=True)
class OwnPhrase:
    """A phrase that the office's own file of a language has, has no more, or would have."""

    file: str
    language: str
    kind: str
    scope: str | None
    phrase: str


def listed(rules_folder: Path | None) -> Iterator[OwnPhrase]:
    """Give the patterns of the office's own files, those written by hand too; each as taught.

    Raises:
        ConfigError: A file is wrong; file and key are named.
    """
    folder = own_folder(rules_folder)
    for file in sorted(folder.glob("*.toml")) if folder else ():
        values = read_toml(file)
        if "patterns" not in values:
            continue
        known = OwnPhrases.__dataclass_fields__.keys() & values.keys()
        own = into(OwnPhrases, {key: values[key] for key in known}, str(file))
        taught = {" ".join(_words(each.text)): each.text for each in own.examples}
        for line in own.patterns:
            scope = line.scope.value if line.scope else None
            for pattern in line.any:
                said = pattern.strip("'").replace("\u2019", "'")
                said = taught.get(said, said)
                yield OwnPhrase(str(file), own.language, line.kind.value, scope, said)


def add(
    desk: Desk,
    language: str,
    phrase: str,
    kind: Kind,
    *,
    scope: Scope | None,
    dry_run: bool = False,
) -> OwnPhrase:
    """Put a phrase into the office's own file of a language, with itself as an example.

    Args:
        desk: The desk; one officer after the other writes.
        language: A language that has phrases, as "en".
        phrase: Words as they stand side by side in letters.
        kind: The right that the phrase asks for.
        scope: What a withdrawal withdraws.
        dry_run: Change nothing.

    Raises:
        ConfigError: The office has no folder of rules, or the language is unknown.
        InputError: The phrase says too little, or a text that asks for nothing would ask by it.
        ConflictError: It is found already.
        NotAllowedError: The officer is neither handler nor admin.
    """
    with desk.write(keep=not dry_run) as step:  # its lock: one officer at a time reads and writes
        step.require(OfficerRole.HANDLER, OfficerRole.ADMIN)
        folder = _folder(desk)
        words = _words(phrase)
        if not words:
            raise InputError("the phrase has no word", hint="write it as it stands in letters")
        known = _known(folder, language)
        if any(each.kind is kind for each in classify("", phrase, "", known).opens):
            raise ConflictError(f"this is read as {kind} already", hint="dsr rules try -")
        _check_says_enough(known, language, phrase, words)
        file = folder / FOLDER / f"{language}.toml"
        there = file.read_text(encoding="utf-8") if file.exists() else f'language = "{language}"\n'
        content = there + _entry(words, kind, scope, phrase)
        _check((file, content), (known, language), kind, phrase)
        if not tells(known, language, kind, phrase):
            raise InputError(
                f"the phrase has no word that tells {kind} from ordinary business",
                hint="say more: what is to be done, with whose data, side by side as in letters",
            )
        facts = {"language": language, "kind": kind.value, "scope": scope and scope.value}
        step.trail.append(Entry("phrase_added", facts=facts, sealed={"phrase": phrase}))
        if not dry_run:
            _replace(file, content)
    return OwnPhrase(str(file), language, kind.value, scope and scope.value, phrase)


def remove(desk: Desk, language: str, phrase: str, *, dry_run: bool = False) -> OwnPhrase:
    """Take back a phrase that was taught by `add`.

    Raises:
        ConfigError: The office has no folder of rules, or its file would be wrong without it.
        NotFoundError: No such phrase was taught.
        NotAllowedError: The officer is neither handler nor admin.
    """
    with desk.write(keep=not dry_run) as step:
        step.require(OfficerRole.HANDLER, OfficerRole.ADMIN)
        folder = _folder(desk)
        file = folder / FOLDER / f"{language}.toml"
        there = file.read_text(encoding="utf-8") if file.exists() else ""
        found = _taught(there, phrase)
        if found is None:
            raise NotFoundError(
                f"no such phrase was taught in {language!r}",
                hint=f"dsr rules list; what was written by hand stands in {file}",
            )
        kind, scope, entry = found
        content = there.replace(entry, "", 1)
        _load((file, content))
        facts = {"language": language, "kind": kind.value, "scope": scope and scope.value}
        step.trail.append(Entry("phrase_removed", facts=facts, sealed={"phrase": phrase}))
        if not dry_run:
            _replace(file, content)
    return OwnPhrase(str(file), language, kind.value, scope and scope.value, phrase)


def _taught(content: str, phrase: str) -> tuple[Kind, Scope | None, str] | None:
    """Return what a phrase was taught as, and how it stands in a file."""
    words = _words(phrase)
    rights = [(kind, scope) for kind in Kind for scope in (None, *Scope)]
    entries = ((kind, scope, _entry(words, kind, scope, phrase)) for kind, scope in rights)
    return next((each for each in entries if words and each[2] in content), None)


def _words(phrase: str) -> list[str]:
    return phrases.TOKEN.findall(phrase.lower())


def _folder(desk: Desk) -> Path:
    folder = desk.office.rules_folder
    if folder is None:
        raise ConfigError(
            "the setting rules_folder names no folder for the office's own rules",
            hint="DSR_RULES_FOLDER=FOLDER, or rules_folder in the file that dsr config names",
        )
    return folder


def _known(folder: Path, language: str) -> phrases.Phrases:
    known = phrases.load(own_folder(folder))
    if language not in known.lexicons:
        raise ConfigError(f"there are no phrases in {language!r}", hint=", ".join(known.lexicons))
    return known


def _check_says_enough(
    known: phrases.Phrases, language: str, phrase: str, words: Sequence[str]
) -> None:
    syllables = len(_SYLLABLE.findall(phrase))
    letters = sum(char.isalpha() for char in phrase)
    if syllables < LEAST_SYLLABLES if syllables else letters < LEAST_LETTERS:
        least = f"{LEAST_LETTERS} letters, or {LEAST_SYLLABLES} characters of Chinese or Japanese"
        raise InputError(f"the phrase is shorter than {least}", hint=_SHORTER)
    lexicon = known.lexicons[language]
    small = {word for term, groups in lexicon.terms() if groups & _SMALL for word in term}
    few = all(word in known.languages_of or word in small for word in words)
    if few and not _names_a_deed_or_thing(phrase, known, lexicon):
        raise InputError("the phrase has small words only, as any letter has", hint=_SHORTER)


def _names_a_deed_or_thing(phrase: str, known: phrases.Phrases, lexicon: phrases.Lexicon) -> bool:
    """Say whether a verb or an object of requests stands there that is no small word itself."""
    text = fold(phrase, known.script)
    found = look_up(text, cut(text, Clause(0, len(text))), lexicon)
    small = {place for group in _SMALL for place in found.of(group)}
    return any(
        place not in small
        for group in (*lexicon.file.verbs, *lexicon.file.objects)
        for place in found.of(group)
    )


def _entry(words: Sequence[str], kind: Kind, scope: Scope | None, phrase: str) -> str:
    lines = ["", "[[patterns]]", f'kind = "{kind}"']
    lines += [f'scope = "{scope}"'] if scope else []
    whole = " ".join(word.replace("'", "\u2019") for word in words)
    quoted = _quoted(f"'{whole}'")
    lines += [f"any = [{quoted}]", "free = true", "", "[[examples]]"]
    lines += [f"text = {_quoted(phrase)}", f'kinds = ["{kind}"]', ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    kept = "".join(char if char.isprintable() else " " for char in text)
    return '"' + kept.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _replace(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".toml.new")
    beside.write_text(content, encoding="utf-8")
    beside.replace(file)


def _load(planned: tuple[Path, str]) -> phrases.Phrases:
    """Return the phrases as they would be with a file as planned; nothing of the office changes.

    Raises:
        ConfigError: The file, or another of the office's own, would be wrong.
    """
    file, content = planned
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in file.parent.glob("*.toml") if file.parent.is_dir() else ():
            shutil.copyfile(each, folder / each.name)
        (folder / file.name).write_text(content, encoding="utf-8")
        try:
            return phrases.load(folder)
        except ConfigError as error:
            said = str(error).replace(name, str(file.parent))
            raise ConfigError(said, hint=error.hint) from None


def _check(
    planned: tuple[Path, str], before: tuple[phrases.Phrases, str], kind: Kind, phrase: str
) -> None:
    """Insist that the new phrase is found, and that no text asks by it that asked for nothing."""
    known = _load(planned)
    found = classify("", phrase, "", known)
    if not any(each.kind is kind for each in found.opens):
        raise ConfigError("the phrase would not be found", hint="say it in fewer, plainer words")
    was, language = before
    for one in known.lexicons[language].file.examples:
        if one.kinds or not classify(one.subject, one.text, "", known).opens:
            continue
        if not classify(one.subject, one.text, "", was).opens:
            text = " ".join(one.text.split())
            raise InputError(
                f"by this phrase a text would ask for {kind} that asks for nothing: {text!r}",
                hint=_SHORTER,
            )
