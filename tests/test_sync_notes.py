"""The note of what became of bundles, which comes back over a wire: only the province's own word about this very post counts."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sync import bundle, courier, keys, satchel, titipan
from sync.bundle import Bundle, Label
from tests.sync_relay import Internet, hand_over, puskesmas_pc, with_relays
from tests.sync_world import Place, World, names

TAKEN, REFUSED = "", "malformed"


@pytest.fixture
def world(sync_database) -> World:
    return with_relays()


@pytest.fixture
def pc(world: World) -> Place:
    return puskesmas_pc(world)


@pytest.fixture
def melati(world: World, pc: Place) -> Place:
    """A posyandu whose bundle lies at the PC, which has read it."""
    place = world.laptop("melati")
    place.exchange()
    place.writer.child("Aminah")
    hand_over(place, pc)
    return place


@dataclass
class Wire(Internet):
    """The PC's own internet, on which somebody sits who changes notes and can reckon a SHA-256, and keeps receipts back."""

    change: Callable[[Bundle], bytes] = lambda note: note.data
    is_kept_back: bool = True

    def post(self, path: str, body: bytes) -> bytes:
        """Carry bundles to the province, and its answer back, changed."""
        note, *rest = bundle.split(super().post(path, body))
        assert isinstance(note, Bundle)
        kept = [] if self.is_kept_back else [each.data for each in rest if isinstance(each, Bundle)]
        return self.change(note) + b"".join(kept)


def saying(refused: str, *, signed: bool) -> Callable[[Bundle], bytes]:
    """Return who changes the refusals in a note and leaves its signature or takes it away."""

    def change(note: Bundle) -> bytes:
        *rows, signature = json.loads(note.body)
        said = [[lane, first, last, refused] for lane, first, last, _ in rows]
        body = json.dumps([*said, signature] if signed else said).encode()
        return bundle.plain(Label(note.kind, note.key_id, note.lane, 0, len(said)), body)

    return change


def forwarded(world: World, pc: Place, change: Callable[[Bundle], bytes]) -> list[str]:
    """Let the PC pass on over a wire what waits; return what it hears was refused."""
    return [each.refused for each in satchel.forward(pc.laptop, Wire(world, change))]


def carried(pc: Place) -> list[str]:
    """Return what is noted as refused of the bundles that lie at the PC."""
    return [each.refused for each in satchel.carried(pc.store)]


@pytest.mark.parametrize("signed", [True, False])
def test_a_note_that_was_changed_on_the_wire_lets_no_honest_bundle_be_refused(world, pc, melati, signed):
    heard = forwarded(world, pc, saying(REFUSED, signed=signed))
    waits = carried(pc)
    known = names(pc)
    again = [each.refused for each in satchel.forward(pc.laptop, Internet(world))]
    assert (heard, waits, known, again) == (["signature"], [""], ["Aminah"], [""])


@pytest.mark.parametrize("signed", [True, False])
def test_a_note_that_was_changed_on_the_wire_takes_no_bundle_out_that_the_province_refused(
    world, pc, melati, signed
):
    label = Label(bundle.PUSH, keys.key_id(world.province.keys.sign_key), "0a" * 16, 1, 1)
    satchel.collect(pc.laptop, bundle.plain(label, bytes(200)))
    heard = forwarded(world, pc, saying(TAKEN, signed=signed))
    still = [each.refused for each in satchel.forward(pc.laptop, Internet(world))]
    assert (heard, sorted(still), sorted(carried(pc))) == (
        ["signature"],
        ["", "malformed"],
        ["", "malformed"],
    )


def test_the_note_of_another_post_says_nothing_of_this_one(world, pc, melati):
    earlier: list[bytes] = []

    def remember(note: Bundle) -> bytes:
        earlier.append(note.data)
        return note.data

    first = forwarded(world, pc, remember)
    melati.writer.child("Baiq")
    hand_over(melati, pc)
    heard = forwarded(world, pc, lambda note: earlier[0])
    assert (first, heard, names(world.province)) == ([""], ["signature"], ["Aminah", "Baiq"])
    assert [each.refused for each in satchel.forward(pc.laptop, Internet(world))] == [""]


def test_an_earlier_version_reads_the_signature_as_one_remark_more_about_no_bundle(world, melati):
    posted = courier.export(melati.laptop)
    (note, *_) = bundle.split(titipan.answered(world.province, posted))
    assert isinstance(note, Bundle)
    said = json.loads(note.body)
    assert [row[1:] for row in said] == [[1, 1, ""], [0, 0, ""]]
    assert said[0][0] == melati.lane
    assert [type(row[0]) for row in said] == [str, str]


@pytest.mark.parametrize("body", [b"7", b'[["", 1]]', b"[[]]", b"[null]", b"{", b'["' + b"0" * 128 + b'"]'])
def test_a_note_in_no_form_is_refused_and_the_receipts_beside_it_are_kept(world, pc, melati, body):
    def change(note: Bundle) -> bytes:
        return bundle.plain(Label(note.kind, note.key_id, note.lane, 0, 1), body)

    (heard,) = satchel.forward(pc.laptop, Wire(world, change, is_kept_back=False))
    assert (heard.refused in ("malformed", "signature"), satchel.receipts_kept(pc.store)) == (True, 1)
