"""What a datamap keeps, and what an officer keeps: under which ground, and in whose words."""

import pytest

from dsr.errors import ConfigError
from dsr.sources.datamap import read_datamap

KEPT = "--citation 'Tax Law Art. 29' --until 2035-01-01 --internal x"

DATAMAP = """\
dataset:
- fides_key: shop
  meta: {dsr: {collections: {proofs: {kept_by_law: {citation: x, until: y, ground: %s}}}}}
  collections:
  - name: proofs
    fields:
    - name: id
"""


def test_what_no_statute_sets_a_term_for_is_kept_under_the_ground_that_the_datamap_names(walk):
    number = walk.found("deletion --language zh")
    walk(f"propose {number} --draft")
    consents, told = (walk.item(number, f"crm.{name}") for name in ("consents", "disclosures"))
    assert (consents["ground"], told["ground"]) == ("K3", "K1")
    assert "《民法典》第一百八十八条" in consents["citation"]
    assert "保存期限未届满" not in consents["reason"]
    assert "《网络数据安全管理条例》第十二条" in told["citation"]
    letter = walk(f"letter {number} deletion").stdout
    assert "为提起、行使或者抗辩法律主张所必需" in letter


def test_a_datamap_names_no_ground_that_keeps_nothing(tmp_path):
    place = tmp_path / "datamap.yaml"
    place.write_text(DATAMAP % "K3", encoding="utf-8")
    (shop,) = read_datamap(place)
    assert shop.collection("proofs").kept_by_law.ground == "K3"
    place.write_text(DATAMAP % "H1", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"kept_by_law\.ground"):
        read_datamap(place)


def test_a_ground_whose_paragraph_states_no_facts_is_proposed_with_a_reason(walk):
    number = walk.found("deletion")
    walk(f"propose {number} --draft")
    leads = walk.item(number, "crm.leads")["number"]
    line = f"propose {number} --keep {leads} --ground H1 {KEPT}"
    error = walk(line, exits=4).stderr
    assert "H1 needs a reason to the person in words of the case" in error
    assert "--reason" in error.partition("hint:")[2]
    walk(f"{line} --reason 'The tax office may ask for this lead until then.'")


def test_what_is_technically_hard_to_delete_is_kept_and_never_refused(walk):
    number = walk.found("deletion")
    walk(f"propose {number} --draft")
    leads = walk.item(number, "crm.leads")["number"]
    less = "--alternative 'masked in the live system' --until 2027-01-01 --internal x --reason y"
    error = walk(f"refuse {number} S2 --items {leads} {less}", exits=4).stderr
    assert "not refused but kept" in error
    assert "--keep" in error.partition("hint:")[2]
    walk(f"propose {number} --keep {leads} --ground S2 {less}")
