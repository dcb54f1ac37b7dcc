"""Letters that are laid down: in no other place than named, and nobody else's for a moment."""

from stat import S_IMODE

import pytest

from dsr.domain.vocabulary import LetterName
from dsr.errors import ConflictError
from dsr.letters.forms import forms_here
from dsr.services import mails
from dsr.services.letters import LetterRequest

NAMES = tuple(f"acknowledgement{end}" for end in (*(f.ending for f in forms_here()), ".eml"))


@pytest.fixture
def lay(desk, opened, tmp_path):
    """Return what lays the acknowledgement of a ticket into a folder, and the folder."""
    number = opened(laws=("CN",))
    request = LetterRequest(LetterName.ACKNOWLEDGEMENT)
    folder = tmp_path / "letters"

    def work():
        mails.freeze(desk, number, request, folder)
        return folder

    return work


def test_a_letter_is_its_owners_alone_and_is_replaced_by_a_new_file(lay):
    folder = lay()
    before = {name: (folder / name).stat().st_ino for name in NAMES}
    (folder / NAMES[0]).chmod(0o644)
    (folder / NAMES[0]).write_text("older")
    with (folder / NAMES[0]).open() as held:
        lay()
        assert held.read() == "older"  # who has the old file open does not see the new one
    assert {S_IMODE((folder / name).stat().st_mode) for name in NAMES} == {0o600}
    assert (folder / NAMES[0]).stat().st_ino != before[NAMES[0]]
    assert {each.name for each in folder.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dangles", [True, False])
def test_a_link_in_the_place_of_a_letter_is_refused_and_not_followed(lay, tmp_path, name, dangles):
    folder, target = tmp_path / "letters", tmp_path / "target"
    folder.mkdir()
    if not dangles:
        target.write_text("theirs")
    (folder / name).symlink_to(target)
    with pytest.raises(ConflictError) as refused:
        lay()
    assert refused.value.hint
    assert (folder / name).is_symlink()
    assert not target.exists() if dangles else target.read_text() == "theirs"
