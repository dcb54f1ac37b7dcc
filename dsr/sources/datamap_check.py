"""Checks a datamap as a whole: does what it refers to exist, can all be reached. Reads no key."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from dsr.errors import nearest
from dsr.sources.datamap import Address, Collection, Dataset, Field, Reference
from dsr.sources.datamap_form import Finding, Form
from dsr.sources.datamap_parts import read_dataset
from dsr.sources.graph import build, is_ambiguous, plan, rings
from dsr.sources.yamltree import read_tree

Places = Mapping[Address, tuple[Form, Collection]]


def examine(paths: Sequence[Path]) -> tuple[tuple[Dataset, ...], list[Finding]]:
    """Read datamap files together and return what they say and everything wrong with it.

    Raises:
        ConfigError: A file cannot be read at all.
    """
    read: list[tuple[Form, Dataset]] = []
    forms = []
    for path in paths:
        form = Form(path)
        forms.append(form)
        read += [(form, dataset) for dataset in _datasets_of(form)]
    _check_keys(read)
    places = {
        Address(dataset.fides_key, collection.name): (form, collection)
        for form, dataset in read
        for collection in dataset.collections
    }
    for form, dataset in read:
        _check_order(form, dataset, places)
        for collection in dataset.collections:
            if not collection.skip_processing:
                _check_collection(form, Address(dataset.fides_key, collection.name), places)
    datasets = tuple(dataset for _, dataset in read)
    _doubt_graph(datasets, places)
    ordered = (sorted(form.findings, key=lambda one: one.line) for form in forms)
    return datasets, [finding for findings in ordered for finding in findings]


def _datasets_of(form: Form) -> list[Dataset]:
    tree = read_tree(form.path)
    for line, key in tree.repeated:
        form.wrong(line, "", f"{key}: is written twice")
    entries = form.keys(tree.root, "", ("dataset",))
    node = entries.get("dataset")
    if node is None:
        if isinstance(tree.root.value, dict):
            form.wrong(tree.root.line, "", "dataset: is missing")
        return []
    nodes = node.value if isinstance(node.value, tuple) else (node,)
    return [read_dataset(form, one, number) for number, one in enumerate(nodes, start=1)]


def _check_keys(read: Sequence[tuple[Form, Dataset]]) -> None:
    known: set[str] = set()
    for form, dataset in read:
        if dataset.fides_key and dataset.fides_key in known:
            form.wrong(dataset.line, dataset.fides_key, "fides_key: is used twice")
        known.add(dataset.fides_key)


def _check_order(form: Form, dataset: Dataset, places: Places) -> None:
    sources = sorted({address.source for address in places})
    for other in dataset.after:
        if other not in sources:
            hint = nearest(other, sources)
            form.wrong(dataset.line, dataset.fides_key, f"after: there is no dataset {other}", hint)
    for collection in dataset.collections:
        place = f"{dataset.fides_key}.{collection.name}"
        for key, addresses in (
            ("after", collection.after),
            ("erase_after", collection.erase_after),
        ):
            for address in addresses:
                if address not in places:
                    hint = nearest(str(address), [str(known) for known in places])
                    what = f"{key}: there is no collection {address}"
                    form.wrong(collection.line, place, what, hint)


def _check_collection(form: Form, address: Address, places: Places) -> None:
    collection = places[address][1]
    groups: dict[tuple[Address, str], list[tuple[Field, Reference]]] = {}
    for field in collection.fields:
        place = f"{address}.{field.name}"
        _doubt_field(form, field, place)
        for reference in field.references:
            if _check_reference(form, reference, place, places):
                group = groups.setdefault((reference.address, reference.direction), [])
                group.append((field, reference))
    for (other, _), group in groups.items():
        if len({reference.field for _, reference in group}) > 1 and is_ambiguous(group):
            what = f"one field refers to two fields of {other}: each reference is followed alone"
            form.doubtful(group[0][1].line, str(address), what)


def _check_reference(form: Form, reference: Reference, place: str, places: Places) -> bool:
    """Note a reference that leads nowhere; tell whether it can be followed."""
    address, where = reference.address, f"{place}.references"
    sources = sorted({known.source for known in places})
    if address.source not in sources:
        hint = nearest(address.source, sources)
        form.wrong(reference.line, where, f"there is no dataset {address.source}", hint)
        return False
    if address not in places:
        hint = nearest(str(address), [str(known) for known in places])
        form.wrong(reference.line, where, f"there is no collection {address}", hint)
        return False
    target = places[address][1]
    name, _, nested = reference.field.partition(".")
    if target.skip_processing:
        what = f"{address} is left out of the search (skip_processing)"
        form.wrong(reference.line, where, what, "remove the reference or skip_processing")
        return False
    if not _has(target.fields, reference.field):
        hint = nearest(reference.field, [field.name for field in target.fields])
        form.wrong(reference.line, where, f"there is no field {address}.{reference.field}", hint)
        return False
    if nested:
        what = f"{address}.{name} is a document: a reference into it is not followed in a database"
        form.doubtful(reference.line, where, what)
    return not nested


def _has(fields: Sequence[Field], path: str) -> bool:
    name, _, rest = path.partition(".")
    return any(one.name == name and (not rest or _has(one.fields, rest)) for one in fields)


def _doubt_field(form: Form, field: Field, place: str) -> None:
    for category in field.all_categories():
        if category.partition(".")[0] not in ("user", "system"):
            form.doubtful(
                field.line, place, f"data_categories: {category} is not below user or system"
            )
    for inner in field.fields:
        if inner.identity or inner.references:
            what = "an identity or reference inside a document is not followed in a database"
            form.doubtful(inner.line, f"{place}.{inner.name}", what)


def _doubt_graph(datasets: Sequence[Dataset], places: Places) -> None:
    """Note collections that no identity leads to, and rings in what is to be done after what."""
    graph = build(datasets)
    identities = {
        field.identity
        for collection in graph.collections.values()
        for field in collection.fields
        if field.identity
    }
    reached = plan(graph, graph.starts(identities)).order
    for address, collection in graph.collections.items():
        asked = any(field.custom_request_field for field in collection.fields)
        if address not in reached and not asked:
            form = places[address][0]
            form.doubtful(collection.line, str(address), "no identity leads here: never searched")
    erasing = {address: collection.erase_after for address, (_, collection) in places.items()}
    for key, after in (("after", graph.after), ("erase_after", erasing)):
        for address in rings(after):
            form, collection = places[address]
            form.doubtful(
                collection.line, str(address), f"{key}: is part of a ring or waits for one"
            )
