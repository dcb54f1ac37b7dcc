"""Reading a datamap: what it says, and everything that may be wrong with it."""

import pytest

from dsr.errors import ConfigError
from dsr.sources.datamap import Address, Words, lint, read_datamap, read_datamaps, within

RICH = """
dataset:
  - fides_key: shop
    name: Web shop
    organization_fides_key: us
    tags: [a]
    data_categories: [user]
    fides_meta:
      after: [crm]
      namespace: {schema: main}
      resource_id: "7"
      redact: name
    meta:
      owner: somebody else's key
      dsr:
        label: {en: Web shop, zh: 网店}
        role: processor
        client: acme
        backup_cycle_days: 30
        collections:
          account:
            label: {en: Accounts, zh: 账户}
            purpose: {en: to let you log in, zh: 用于登录}
            basis: contract
            retention: {en: while the account exists}
            origin: {en: you, zh: 您本人提供}
            recipients: [mailer, post]
            role: controller
            kept_by_law:
              citation: {en: E-Commerce Law Art. 31, zh: 《电子商务法》第三十一条}
              until: three years
            fields:
              email: {label: {en: Your address, zh: 您的邮箱}}
    collections:
      - name: account
        description: One row per login
        fides_meta:
          after: [crm.person]
          erase_after: [shop.purchase]
          masking_strategy_override: {strategy: delete}
          partitioning: [{field: id}]
        data_categories: [user.account]
        fields:
          - name: id
            fides_meta: {primary_key: True, data_type: integer}
          - name: email
            data_categories: [user.contact.email]
            fides_meta:
              identity: email
              data_type: string
              read_only: true
              length: 40
              masking_strategy_override:
                strategy: string_rewrite
                configuration: {rewrite_value: GONE, format_preservation: {suffix: "@x"}}
          - name: crm_id
            fides_meta:
              references:
                - {dataset: crm, field: person.id, direction: from}
          - name: notes
            fides_meta: {data_type: "object[]", return_all_elements: true, references: null}
            fields:
              - {name: text, data_categories: [user.content], fides_meta: {data_type: "string[]"}}
      - name: purchase
        fields:
          - name: account_id
            fides_meta: {references: [{dataset: shop, field: account.id}]}
  - fides_key: crm
    collections:
      - name: person
        fields:
          - {name: id}
          - {name: email, fides_meta: {identity: email}}
"""


def test_everything_that_a_datamap_says_is_read(datamap):
    shop, crm = read_datamap(datamap(RICH))
    assert (shop.fides_key, shop.name, shop.after, shop.redact) == (
        "shop",
        "Web shop",
        ("crm",),
        True,
    )
    assert shop.namespace == {"schema": "main"}
    assert (shop.role, shop.client, shop.backup_cycle_days) == ("processor", "acme", 30)
    assert shop.label.said("zh-CN") == "网店"
    account = shop.collection("account")
    assert account.after == (Address("crm", "person"),)
    assert account.erase_after == (Address("shop", "purchase"),)
    assert account.masking.strategy == "delete"
    email = account.field("email")
    assert (email.identity, email.data_type, email.read_only, email.length) == (
        "email",
        "string",
        True,
        40,
    )
    assert email.masking.configuration["format_preservation"] == {"suffix": "@x"}
    reference = account.field("crm_id").references[0]
    assert (reference.address, reference.field, reference.direction) == (
        Address("crm", "person"),
        "id",
        "from",
    )
    assert account.field("notes").fields[0].data_type == "string[]"
    assert account.all_categories() == ("user.account", "user.contact.email", "user.content")
    assert crm.collection("person").field("id").primary_key is False


def test_what_answers_need_lies_beside_what_it_is_about(datamap):
    account, purchase = read_datamap(datamap(RICH))[0].collections
    assert (account.role, account.client) == ("controller", "")
    assert (purchase.role, purchase.client) == ("processor", "acme")
    assert account.purpose == Words("to let you log in", "用于登录")
    assert account.basis == "contract"
    assert account.retention.said("zh") == "while the account exists"
    assert account.recipients == ("mailer", "post")
    assert account.kept_by_law.citation.said("zh") == "《电子商务法》第三十一条"
    assert account.kept_by_law.until == Words("three years", "three years")
    assert account.field("email").label == Words("Your address", "您的邮箱")
    assert purchase.label == Words()


def test_the_old_name_of_fides_meta_and_a_single_dataset_are_read(datamap):
    path = datamap(
        "dataset:\n  fides_key: s\n  collections:\n  - name: a\n    fields:\n"
        "    - {name: e, fidesops_meta: {identity: email}}\n"
    )
    assert read_datamap(path)[0].collection("a").field("e").identity == "email"


FRAME = """dataset:
- fides_key: shop
  collections:
  - name: account
    fields:
    - name: id
    - name: email
{field}
"""


def first_error(path):
    with pytest.raises(ConfigError) as caught:
        read_datamap(path)
    return caught.value


@pytest.mark.parametrize(
    ("field", "line", "said", "hint"),
    [
        ("      fides_meta: {identty: email}", 8, "identty: unknown key", "identity"),
        ("      type: string", 8, "type: unknown key", "data_type? write it inside fides_meta"),
        ("      data_type: string", 8, "data_type: is in the wrong place", "inside fides_meta"),
        ("      references: []", 8, "references: is in the wrong place", "inside fides_meta"),
        ("      identity: email", 8, "identity: is in the wrong place", "inside fides_meta"),
        ("      colour: red", 8, "colour: unknown key", "known: name"),
        (
            "      fides_meta:\n        data_categories: [user]",
            9,
            "data_categories: is in the wrong place",
            "beside fides_meta",
        ),
        ("      fides_meta: {data_type: sting}", 8, "data_type: 'sting' is not known", "string"),
        ("      fides_meta: {data_type: 'int[]'}", 8, "data_type: 'int[]' is not known", ""),
        ("      fides_meta: {primary_key: maybe}", 8, "primary_key: must be true or false", ""),
        ("      fides_meta: {length: 0}", 8, "length: must be a whole number from 1", ""),
        ("      fides_meta: {length: true}", 8, "length: must be a whole number from 1", ""),
        ("      fides_meta: [identity]", 8, "must be a mapping", ""),
        ("      data_categories: user.name", 8, "data_categories: must be a list", ""),
        ("      data_categories: [user name]", 8, "may hold only letters", ""),
        ("      description: yes", 8, "description: must be text", "quotes"),
        ("      fides_meta: {redact: value}", 8, "redact: 'value' is not known", "name"),
        (
            "      fides_meta: {data_type: string}\n      fields: [{name: inner}]",
            8,
            "a field with fields is an object",
            "",
        ),
        (
            "      fides_meta: {masking_strategy_override: {strategy: hmc}}",
            8,
            "strategy: 'hmc' is not known",
            "hmac",
        ),
        (
            "      fides_meta: {masking_strategy_override: {configuration: {rewrite: x}}}",
            8,
            "strategy: is missing",
            "",
        ),
        (
            "      fides_meta: {references: [{dataset: shop, field: id}]}",
            8,
            "needs dataset, and field as collection.field",
            "",
        ),
        (
            "      fides_meta: {references: [{dataset: shop, field: account.id, direction: form}]}",
            8,
            "direction: 'form' is not known",
            "from",
        ),
        (
            "      fides_meta: {references: [{dataset: shp, field: account.id}]}",
            8,
            "there is no dataset shp",
            "shop",
        ),
        (
            "      fides_meta: {references: [{dataset: shop, field: acount.id}]}",
            8,
            "there is no collection shop.acount",
            "shop.account",
        ),
        (
            "      fides_meta:\n        references:\n        - {dataset: shop, field: account.idd}",
            10,
            "there is no field shop.account.idd",
            "id",
        ),
        ("      fides_meta: {}\n      fidesops_meta: {}", 9, "says fides_meta a second time", ""),
        ("    - name: email", 8, "shop.account.email: is described twice", ""),
        ("      name: email", 8, "name: is written twice", ""),
        ("    - description: nameless", 8, "shop.account.field 3: name: is missing", ""),
        ("  - name: account\n    fields: []", 8, "shop.account: is described twice", ""),
        ("  - name: other", 8, "shop.other: fields: is missing", ""),
        (
            "  - {name: other, after: [shop.account], fields: []}",
            8,
            "after: is in the wrong place",
            "inside fides_meta",
        ),
        (
            "  - {name: other, fides_meta: {after: [account]}, fields: []}",
            8,
            "must be written as dataset.collection",
            "",
        ),
        (
            "  - {name: other, fides_meta: {erase_after: [shop.acount]}, fields: []}",
            8,
            "erase_after: there is no collection shop.acount",
            "shop.account",
        ),
        ("  - {name: other, purpose: x, fields: []}", 8, "purpose: is in the wrong place", "meta"),
        ("  meta: {dsr: {labl: x}}", 8, "shop.meta.dsr: labl: unknown key", "label"),
        ("  meta: {dsr: {role: processer}}", 8, "role: 'processer' is not known", "processor"),
        (
            "  meta: {dsr: {collections: {acount: {}}}}",
            8,
            "acount: is not described here",
            "account",
        ),
        (
            "  meta: {dsr: {collections: {account: {basis: consnt}}}}",
            8,
            "shop.meta.dsr.collections.account.basis: 'consnt' is not known",
            "consent",
        ),
        (
            "  meta: {dsr: {collections: {account: {purpose: {eng: x}}}}}",
            8,
            "purpose: eng: unknown key",
            "en",
        ),
        (
            "  meta: {dsr: {collections: {account: {fields: {emial: {label: x}}}}}}",
            8,
            "emial: is not described here",
            "email",
        ),
        (
            "  meta: {dsr: {collections: {account: {kept_by_law: {citation: x}}}}}",
            8,
            "kept_by_law: until: is missing",
            "",
        ),
        ("  meta: [dsr]", 8, "shop.meta: must be a mapping", ""),
        ("  after: [shop]", 8, "after: is in the wrong place", "inside fides_meta"),
        ("  fides_meta: {after: [shp]}", 2, "after: there is no dataset shp", "shop"),
        ("- fides_key: shop\n  collections: []", 8, "fides_key: is used twice", ""),
        ("- fides_key: web shop\n  collections: []", 8, "may hold only letters", ""),
        ("- collections: []", 8, "dataset 2: fides_key: is missing", ""),
        ("- text", 8, "dataset 2: must be a mapping", ""),
        ("system: []", 8, "system: unknown key", "dataset"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_was_meant(datamap, field, line, said, hint):
    path = datamap(FRAME.format(field=field))
    error = first_error(path)
    assert str(error).startswith(f"{path}:{line}: ")
    assert said in str(error)
    assert hint in error.hint


def test_a_reference_to_what_is_left_out_is_an_error(datamap):
    text = FRAME.format(
        field="      fides_meta: {references: [{dataset: shop, field: log.id}]}\n"
        "  - {name: log, fides_meta: {skip_processing: true}, fields: [{name: id}]}"
    )
    assert "left out of the search" in str(first_error(datamap(text)))


def test_all_mistakes_are_collected_and_the_first_is_raised_with_their_number(datamap):
    path = datamap(
        FRAME.format(field="      fides_meta: {identty: x, data_type: y, length: z}\n      type: s")
    )
    problems = [one for one in lint(path) if one.exit_code]
    assert len(problems) == 4
    assert [one.where for one in problems] == [*[f"{path}:8"] * 3, f"{path}:9"]
    error = first_error(path)
    assert str(error).endswith("(and 3 more)")
    assert error.facts == {"others": 3}


def test_a_datamap_without_a_mistake_has_no_problem(datamap):
    assert lint(datamap(RICH)) == ()


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("  - {name: island, fields: [{name: id}]}", "shop.island: no identity leads here"),
        ("      data_categories: [usr.name]", "usr.name is not below user or system"),
        ("      fields: [{name: x, fides_meta: {identity: email}}]", "inside a document"),
        (
            (
                "      fides_meta: {references: [{dataset: shop, field: account.doc.x}]}\n"
                "    - {name: doc, fields: [{name: x}]}"
            ),
            "a reference into it is not followed",
        ),
        ("  meta: {dsr: {role: processor}}", "no client is named"),
        (
            (
                "  - name: note\n    fields:\n    - name: who\n"
                "      fides_meta:\n        references:\n"
                "        - {dataset: shop, field: account.id, direction: from}\n"
                "        - {dataset: shop, field: account.email, direction: from}"
            ),
            "one field refers to two fields of shop.account",
        ),
        (
            (
                "  - {name: a, fides_meta: {after: [shop.b]}, fields: []}\n"
                "  - {name: b, fides_meta: {after: [shop.a]}, fields: []}"
            ),
            "after: is part of a ring",
        ),
        (
            (
                "  - {name: a, fides_meta: {erase_after: [shop.b]}, fields: []}\n"
                "  - {name: b, fides_meta: {erase_after: [shop.a]}, fields: []}"
            ),
            "erase_after: is part of a ring",
        ),
    ],
)
def test_what_is_only_doubtful_is_a_warning_and_the_datamap_is_read(datamap, field, said):
    path = datamap(FRAME.format(field=field))
    assert read_datamap(path)
    warnings = [one for one in lint(path) if one.slug == "warning"]
    assert any(said in one.what for one in warnings)
    assert all(one.exit_code == 0 for one in warnings)


def test_datamaps_may_refer_to_each_other(datamap):
    crm = datamap(
        "dataset: [{fides_key: crm, collections: [{name: p, fields: [{name: id}]}]}]", "crm"
    )
    shop = datamap(
        "dataset: [{fides_key: shop, collections: [{name: a, fields: [{name: c, fides_meta: "
        "{references: [{dataset: crm, field: p.id}]}}]}]}]",
        "shop",
    )
    assert [one.fides_key for one in read_datamaps([shop, crm])] == ["shop", "crm"]
    assert "there is no dataset crm" in str(first_error(shop))
    assert not [one for one in lint(shop, crm) if one.exit_code]


def test_a_category_lies_within_a_target_by_whole_parts():
    assert within("user.device.cookie", ["user.device.cookie"])
    assert within("user.device.cookie.id", ["system", "user.device.cookie"])
    assert not within("user.device.cookie_id", ["user.device.cookie"])
    assert not within("user", ["user.device"])
    assert not within("user", [])
