"""What an organisation adds to a language's phrases: words, patterns and examples of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dsr.errors import ConfigError
from dsr.rules.wording import Example, PatternLine, PhraseFile

_SECTIONS = ("verbs", "objects", "words")
Groups = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class OwnPhrases:
    """An organisation's own file of a language that comes with the program: it only adds.

    Attributes:
        language: Whose phrases it adds to.
        verbs: Terms by group, added to that group; a group that is new is made.
        objects: The same.
        words: The same.
        roles: Terms by the role of a writer.
        identifiers: Words before an account's name, an order's number, a phone.
        patterns: Patterns behind those that come with the program.
        examples: Texts and what they ask for.
    """

    language: str
    verbs: Groups = field(default_factory=dict)
    objects: Groups = field(default_factory=dict)
    words: Groups = field(default_factory=dict)
    roles: Groups = field(default_factory=dict)
    identifiers: Groups = field(default_factory=dict)
    patterns: tuple[PatternLine, ...] = ()
    examples: tuple[Example, ...] = ()


def joined(file: PhraseFile, own: OwnPhrases, place: str) -> PhraseFile:
    """Return a language's phrases with an organisation's own.

    Args:
        file: What comes with the program.
        own: What is added.
        place: The organisation's file, for errors.

    Raises:
        ConfigError: A group is added to under another heading than its own.
    """
    _check_sections(file, own, place)
    return replace(
        file,
        verbs=_both(file.verbs, own.verbs),
        objects=_both(file.objects, own.objects),
        words=_both(file.words, own.words),
        roles=_both(file.roles, own.roles),
        identifiers=_both(file.identifiers, own.identifiers),
        patterns=(*file.patterns, *own.patterns),
        examples=(*file.examples, *own.examples),
    )


def _check_sections(file: PhraseFile, own: OwnPhrases, place: str) -> None:
    homes = {group: name for name in _SECTIONS for group in getattr(file, name)}
    for name in _SECTIONS:
        for group in getattr(own, name):
            home = homes.get(group, name)
            if home != name:
                raise ConfigError(
                    f"{place}: {name}.{group}: this group stands under [{home}]",
                    hint=f"move {group} to [{home}]",
                )


def _both(ours: Groups, theirs: Groups) -> Groups:
    return {
        group: tuple(dict.fromkeys((*ours.get(group, ()), *theirs.get(group, ()))))
        for group in {**ours, **theirs}
    }
