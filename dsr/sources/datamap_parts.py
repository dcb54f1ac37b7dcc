"""Reads datasets, collections and fields out of YAML nodes. Follows no reference."""

from dataclasses import replace

from dsr.sources.datamap import (
    DATA_TYPES,
    STRATEGIES,
    Address,
    Collection,
    Dataset,
    Field,
    Masking,
    Reference,
)
from dsr.sources.datamap_form import Form
from dsr.sources.datamap_notes import COLLECTION_NOTES, DATASET_NOTES, Notes, read_notes
from dsr.sources.yamltree import Node

META = ("fides_meta", "fidesops_meta")  # the second is the format's old name for the first
DATASET_KEYS = (
    "fides_key",
    "organization_fides_key",
    "name",
    "description",
    "tags",
    "meta",
    "data_categories",
    "collections",
    *META,
)
DATASET_META = ("after", "namespace", "redact", "resource_id")
COLLECTION_KEYS = ("name", "description", "data_categories", "fields", *META)
COLLECTION_META = (
    "after",
    "erase_after",
    "skip_processing",
    "masking_strategy_override",
    "partitioning",
    "redact",
)
FIELD_KEYS = COLLECTION_KEYS
FIELD_META = (
    "identity",
    "primary_key",
    "references",
    "data_type",
    "length",
    "return_all_elements",
    "read_only",
    "custom_request_field",
    "masking_strategy_override",
    "redact",
)
MASKING_KEYS = ("rewrite_value", "format_preservation", "length", "algorithm", "mode", "to")
INSIDE = "write it inside fides_meta"
BESIDE = "write it beside fides_meta, not inside"
IN_NOTES = "write it in the dataset's meta: dsr: collections"


def read_dataset(form: Form, node: Node, number: int) -> Dataset:
    """Return one dataset; its problems are in the form.

    Args:
        form: Collects the problems.
        node: The dataset.
        number: Which of the file's datasets it is, from 1.
    """
    place = _named(node, "fides_key", "", f"dataset {number}")
    moved = _moved(DATASET_META, INSIDE) | _moved(DATASET_NOTES, "write it in meta: dsr")
    entries = form.keys(node, place, DATASET_KEYS, moved)
    fides_key = form.key(entries.get("fides_key"), f"{place}.fides_key")
    form.need(node, place, "fides_key", "collections")
    meta = _meta(form, entries, place, DATASET_META)
    form.text(entries.get("organization_fides_key"), f"{place}.organization_fides_key")
    form.text(meta.get("resource_id"), f"{place}.resource_id")
    form.key_list(entries.get("tags"), f"{place}.tags")
    nodes = form.items(entries.get("collections"), f"{place}.collections")
    read = tuple(_collection(form, one, place, index) for index, one in enumerate(nodes, start=1))
    _refuse_repeated(form, place, [(one.name, one.line) for one in read])
    dataset = Dataset(
        fides_key=fides_key,
        name=form.text(entries.get("name"), f"{place}.name"),
        description=form.text(entries.get("description"), f"{place}.description"),
        collections=read,
        categories=form.key_list(entries.get("data_categories"), f"{place}.data_categories"),
        after=form.key_list(meta.get("after"), f"{place}.after"),
        namespace=form.free(meta.get("namespace"), f"{place}.namespace"),
        redact=_redact(form, meta, place),
        line=node.line,
    )
    return _with_notes(dataset, read_notes(form, entries.get("meta"), dataset))


def _with_notes(dataset: Dataset, notes: Notes) -> Dataset:
    """Lay what answers need beside what it is about; the dataset's role is its collections'."""
    collections = []
    for collection in dataset.collections:
        said = notes.collections.get(collection.name, {})
        client = notes.client if said.get("role", notes.role) == notes.role else ""
        values = {"role": notes.role, "client": client, **said}
        labels = notes.labels.get(collection.name, {})
        named = tuple(
            replace(one, label=labels[one.name]) if one.name in labels else one
            for one in collection.fields
        )
        collections.append(replace(collection, fields=named, **values))
    return replace(
        dataset,
        collections=tuple(collections),
        label=notes.label,
        role=notes.role,
        client=notes.client,
        owner=notes.owner,
        backup_cycle_days=notes.backup_cycle_days,
    )


def _collection(form: Form, node: Node, dataset: str, number: int) -> Collection:
    place = _named(node, "name", f"{dataset}.", f"collection {number}")
    moved = _moved(COLLECTION_META, INSIDE) | _moved(COLLECTION_NOTES, IN_NOTES)
    entries = form.keys(node, place, COLLECTION_KEYS, moved)
    name = form.text(entries.get("name"), f"{place}.name")
    form.need(node, place, "name", "fields")
    meta = _meta(form, entries, place, COLLECTION_META)
    return Collection(
        name=name,
        description=form.text(entries.get("description"), f"{place}.description"),
        fields=_fields(form, entries.get("fields"), place),
        categories=form.key_list(entries.get("data_categories"), f"{place}.data_categories"),
        after=_addresses(form, meta.get("after"), f"{place}.after"),
        erase_after=_addresses(form, meta.get("erase_after"), f"{place}.erase_after"),
        skip_processing=form.flag(meta.get("skip_processing"), f"{place}.skip_processing"),
        masking=_masking(form, meta.get("masking_strategy_override"), place),
        redact=_redact(form, meta, place),
        line=node.line,
    )


def _fields(form: Form, node: Node | None, place: str) -> tuple[Field, ...]:
    nodes = form.items(node, f"{place}.fields")
    read = tuple(_field(form, one, place, index) for index, one in enumerate(nodes, start=1))
    _refuse_repeated(form, place, [(one.name, one.line) for one in read])
    return read


def _field(form: Form, node: Node, outer: str, number: int) -> Field:
    place = _named(node, "name", f"{outer}.", f"field {number}")
    entries = form.keys(node, place, FIELD_KEYS, _moved(FIELD_META, INSIDE))
    name = form.text(entries.get("name"), f"{place}.name")
    form.need(node, place, "name")
    meta = _meta(form, entries, place, FIELD_META)
    inner = _fields(form, entries.get("fields"), place)
    return Field(
        name=name,
        description=form.text(entries.get("description"), f"{place}.description"),
        categories=form.key_list(entries.get("data_categories"), f"{place}.data_categories"),
        identity=form.text(meta.get("identity"), f"{place}.identity"),
        primary_key=form.flag(meta.get("primary_key"), f"{place}.primary_key"),
        references=_references(form, meta.get("references"), place),
        data_type=_data_type(form, meta.get("data_type"), place, nested=bool(inner)),
        length=form.number(meta.get("length"), f"{place}.length", 1),
        read_only=form.flag(meta.get("read_only"), f"{place}.read_only"),
        return_all_elements=form.flag(
            meta.get("return_all_elements"), f"{place}.return_all_elements"
        ),
        custom_request_field=form.text(
            meta.get("custom_request_field"), f"{place}.custom_request_field"
        ),
        masking=_masking(form, meta.get("masking_strategy_override"), place),
        redact=_redact(form, meta, place),
        fields=inner,
        line=node.line,
    )


def _data_type(form: Form, node: Node | None, place: str, *, nested: bool) -> str:
    known = [*DATA_TYPES, *(f"{word}[]" for word in DATA_TYPES)]
    word = form.choice(node, f"{place}.data_type", known)
    if node is not None and nested and word and word.removesuffix("[]") != "object":
        form.wrong(node.line, f"{place}.data_type", "a field with fields is an object or object[]")
    return word


def _references(form: Form, node: Node | None, place: str) -> tuple[Reference, ...]:
    read = []
    for one in form.items(node, f"{place}.references"):
        where = f"{place}.references"
        entries = form.keys(one, where, ("dataset", "field", "direction"))
        dataset = form.text(entries.get("dataset"), f"{where}.dataset")
        collection, _, name = form.text(entries.get("field"), f"{where}.field").partition(".")
        if not (dataset and collection and name):
            form.wrong(one.line, where, "needs dataset, and field as collection.field")
            continue
        direction = form.choice(entries.get("direction"), f"{where}.direction", ("from", "to"))
        read.append(Reference(Address(dataset, collection), name, direction, one.line))
    return tuple(read)


def _addresses(form: Form, node: Node | None, place: str) -> tuple[Address, ...]:
    read = []
    for one in form.items(node, place):
        dataset, _, collection = form.text(one, place).partition(".")
        if dataset and collection:
            read.append(Address(dataset, collection))
        else:
            form.wrong(one.line, place, "must be written as dataset.collection")
    return tuple(read)


def _masking(form: Form, node: Node | None, place: str) -> Masking | None:
    if node is None:
        return None
    where = f"{place}.masking_strategy_override"
    entries = form.keys(node, where, ("strategy", "configuration"))
    strategy = form.choice(entries.get("strategy"), f"{where}.strategy", STRATEGIES)
    form.need(node, where, "strategy")
    configuration = entries.get("configuration")
    if configuration is not None:
        inner = form.keys(configuration, f"{where}.configuration", MASKING_KEYS)
        if "format_preservation" in inner:
            form.keys(inner["format_preservation"], f"{where}.format_preservation", ("suffix",))
    return Masking(strategy, form.free(configuration, f"{where}.configuration"))


def _redact(form: Form, meta: dict[str, Node], place: str) -> bool:
    return form.choice(meta.get("redact"), f"{place}.redact", ("name",)) == "name"


def _meta(
    form: Form, entries: dict[str, Node], place: str, known: tuple[str, ...]
) -> dict[str, Node]:
    """Return what stands under fides_meta, whichever name it has."""
    given = [name for name in META if name in entries]
    if len(given) > 1:
        form.wrong(entries[META[1]].line, place, f"{META[1]}: says {META[0]} a second time")
    if not given:
        return {}
    return form.keys(entries[given[0]], place, known, _moved(DATASET_KEYS + FIELD_KEYS, BESIDE))


def _named(node: Node, key: str, outer: str, otherwise: str) -> str:
    """Return the path to show for a node: with its own name where it has one."""
    named = node.value.get(key) if isinstance(node.value, dict) else None
    if named is not None and isinstance(named.value, str) and named.value:
        return f"{outer}{named.value}"
    return f"{outer}{otherwise}"


def _moved(keys: tuple[str, ...], hint: str) -> dict[str, str]:
    return {key: hint for key in keys if key not in META}


def _refuse_repeated(form: Form, place: str, names: list[tuple[str, int]]) -> None:
    seen: set[str] = set()
    for name, line in names:
        if name and name in seen:
            form.wrong(line, f"{place}.{name}", "is described twice")
        seen.add(name)
