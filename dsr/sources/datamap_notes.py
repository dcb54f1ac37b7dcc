"""Reads `meta: dsr` of a dataset, a key that the format leaves free: what answers say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dsr.errors import nearest
from dsr.sources.datamap import (
    BASES,
    ENTRUSTED,
    HOLDERS,
    MEASURES,
    NOTHING,
    ROLES,
    STAND_INS,
    Collection,
    Dataset,
    KeptByLaw,
    Measure,
    Words,
)
from dsr.sources.datamap_form import Form
from dsr.sources.yamltree import Node

DATASET_NOTES = ("label", "role", "client", "owner", "backup_cycle_days")
COLLECTION_NOTES = (
    "label",
    "purpose",
    "basis",
    "retention",
    "origin",
    "recipients",
    "role",
    "client",
    "kept_by_law",
    "record",
    "holder",
    "measures",
)


@dataclass(frozen=True, slots=True)
class Notes:
    """What `meta: dsr` says, by collection where it is about one."""

    label: Words = NOTHING
    role: str = ROLES[0]
    client: str = ""
    owner: str = ""
    backup_cycle_days: int | None = None
    collections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)


def read_notes(form: Form, meta: Node | None, dataset: Dataset) -> Notes:
    """Return what a dataset's `meta` holds for us; other keys in it are somebody else's."""
    place = f"{dataset.fides_key}.meta"
    if meta is None:
        return Notes()
    if not isinstance(meta.value, dict):
        form.wrong(meta.line, place, "must be a mapping of keys to values")
        return Notes()
    ours = meta.value.get("dsr")
    if ours is None or ours.value is None:
        return Notes()
    place = f"{place}.dsr"
    entries = form.keys(ours, place, (*DATASET_NOTES, "collections"))
    role = form.choice(entries.get("role"), f"{place}.role", ROLES) or ROLES[0]
    client = form.key(entries.get("client"), f"{place}.client")
    if role == ENTRUSTED and not client:
        form.doubtful(ours.line, place, "role: is processor and no client is named")
    inner = f"{place}.collections"
    known = [one.name for one in dataset.collections]
    _refuse_strangers(form, entries.get("collections"), inner, known)
    given = _named(form, entries.get("collections"), inner)
    return Notes(
        label=form.words(entries.get("label"), f"{place}.label"),
        role=role,
        client=client,
        owner=form.key(entries.get("owner"), f"{place}.owner"),
        backup_cycle_days=form.number(
            entries.get("backup_cycle_days"), f"{place}.backup_cycle_days", 0
        ),
        collections={
            name: _collection(form, node, f"{inner}.{name}", dataset.collection(name))
            for name, node in given.items()
        },
        labels={
            name: _labels(form, node, f"{inner}.{name}", dataset.collection(name))
            for name, node in given.items()
        },
    )


def _collection(
    form: Form, node: Node, place: str, collection: Collection | None
) -> dict[str, Any]:
    """Return what is said of one collection; only what is said."""
    entries = form.keys(node, place, (*COLLECTION_NOTES, "fields"))
    read: dict[str, Any] = {
        key: form.words(entries[key], f"{place}.{key}")
        for key in ("label", "purpose", "retention", "origin")
        if key in entries
    }
    if word := form.choice(entries.get("basis"), f"{place}.basis", BASES):
        read["basis"] = word
    if word := form.choice(entries.get("role"), f"{place}.role", ROLES):
        read["role"] = word
    if "client" in entries:
        read["client"] = form.key(entries["client"], f"{place}.client")
    if "recipients" in entries:
        read["recipients"] = form.key_list(entries["recipients"], f"{place}.recipients")
    if "kept_by_law" in entries:
        read["kept_by_law"] = _kept(form, entries["kept_by_law"], f"{place}.kept_by_law")
    if "record" in entries:
        read["record"] = form.flag(entries["record"], f"{place}.record")
    if word := form.choice(entries.get("holder"), f"{place}.holder", HOLDERS):
        read["holder"] = word
    if "measures" in entries:
        read["measures"] = _measures(form, entries["measures"], f"{place}.measures", collection)
    return read


def _kept(form: Form, node: Node, place: str) -> KeptByLaw:
    entries = form.keys(node, place, ("citation", "until", "ground"))
    form.need(node, place, "citation", "until")
    return KeptByLaw(
        citation=form.words(entries.get("citation"), f"{place}.citation"),
        until=form.words(entries.get("until"), f"{place}.until"),
        ground=_ground(form, entries["ground"], f"{place}.ground") if "ground" in entries else "",
    )


def _ground(form: Form, node: Node, place: str) -> str:
    """Return a ground that keeps something, by its code; others keep nothing."""
    from dsr.domain.office import Grade
    from dsr.rules import office

    kept = [each.code for each in office.grounds().values() if each.grade is Grade.KEPT]
    return form.choice(node, place, kept)


def _measures(
    form: Form, node: Node, place: str, collection: Collection | None
) -> dict[str, Measure]:
    """Return what is set in a collection, by the measure's name."""
    read = {}
    for name, one in form.keys(node, place, MEASURES).items():
        where = f"{place}.{name}"
        entries = form.keys(one, where, ("set", "where"))
        form.need(one, where, "set")
        read[name] = Measure(
            set=_settings(form, entries.get("set"), f"{where}.set", collection),
            where=_conditions(form, entries.get("where"), f"{where}.where", collection),
        )
    return read


def _settings(
    form: Form, node: Node | None, place: str, collection: Collection | None
) -> dict[str, object]:
    read: dict[str, object] = {}
    for name, one in _columns(form, node, place, collection).items():
        field = collection.field(name) if collection is not None else None
        if field is not None and field.primary_key:
            form.wrong(one.line, place, f"{name}: is a primary key, which is never changed")
        if one.value is None:
            form.wrong(one.line, place, f"{name}: says nothing", "write $null to empty it")
        elif isinstance(one.value, str) and one.value.startswith("$"):
            form.choice(one, f"{place}.{name}", STAND_INS)
        read[name] = _scalar(form, one, f"{place}.{name}")
    return read


def _conditions(
    form: Form, node: Node | None, place: str, collection: Collection | None
) -> dict[str, tuple[object, ...]]:
    read = {}
    for name, one in _columns(form, node, place, collection).items():
        values = one.value if isinstance(one.value, tuple) else (one,)
        read[name] = tuple(_scalar(form, each, f"{place}.{name}") for each in values)
    return read


def _columns(
    form: Form, node: Node | None, place: str, collection: Collection | None
) -> dict[str, Node]:
    """Return a mapping whose keys are fields of the collection, those that say null too."""
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        form.wrong(node.line, place, "must be a mapping of fields to values")
        return {}
    if collection is not None:
        _refuse_strangers(form, node, place, [one.name for one in collection.fields])
    return node.value


def _scalar(form: Form, node: Node, place: str) -> object:
    if isinstance(node.value, dict | tuple):
        form.wrong(node.line, place, "must be one value")
        return None
    return node.value


def _labels(form: Form, node: Node, place: str, collection: Collection | None) -> dict[str, Words]:
    """Return the labels of a collection's fields."""
    inner = node.value.get("fields") if isinstance(node.value, dict) else None
    if collection is not None:
        known = [one.name for one in collection.fields]
        _refuse_strangers(form, inner, f"{place}.fields", known)
    labels = {}
    for name, one in _named(form, inner, f"{place}.fields").items():
        entries = form.keys(one, f"{place}.fields.{name}", ("label",))
        labels[name] = form.words(entries.get("label"), f"{place}.fields.{name}.label")
    return labels


def _named(form: Form, node: Node | None, place: str) -> dict[str, Node]:
    if node is None or node.value is None:
        return {}
    if not isinstance(node.value, dict):
        form.wrong(node.line, place, "must be a mapping of names to what is said of them")
        return {}
    return {name: inner for name, inner in node.value.items() if inner.value is not None}


def _refuse_strangers(form: Form, node: Node | None, place: str, known: list[str]) -> None:
    """Note names that the dataset does not describe."""
    if node is None or not isinstance(node.value, dict):
        return
    for name in node.value:
        if name not in known:
            line = node.key_lines[name]
            form.wrong(line, place, f"{name}: is not described here", nearest(name, known))
