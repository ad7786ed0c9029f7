"""Copies kept upstream: sealed, resumed after a cut, believed only when signed, never more than the disk bears."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from random import Random
from threading import Barrier, Thread

import pytest
from flask.testing import FlaskClient

from siposyandu import as_laptop, as_province, backups, config, uploads
from siposyandu.copies import held, locks, sealed
from siposyandu.copies.held import HeldCopies
from siposyandu.instance import Instance
from siposyandu.periods import instant_text
from sync import client, devices, joining, parcels, upstream
from sync.errors import Malformed, Refused, SyncError, TooLarge, Unreachable
from sync.parcels import Part
from tests.conftest import NOW, Village, app_of, sign_in

PUBLIC, _ = locks.new_paper(bytes(32))


class Road:
    """The road to the province: a browser's road without a browser, that may be cut after so many messages."""

    def __init__(self, client: FlaskClient) -> None:
        self._client, self.sent, self.cut_after, self.bytes = client, 0, 1 << 30, 0

    def post(self, path: str, body: bytes) -> bytes:
        """Bring a message to the province."""
        self.sent += 1
        if self.sent > self.cut_after:
            raise Unreachable
        self.bytes += len(body)
        return self._client.post(path, data=body).data

    def get(self, path: str) -> bytes:
        """Ask the province for what lies at an address."""
        return self._client.get(path).data


@pytest.fixture
def road(province: Village) -> Road:
    """The road to the province."""
    return Road(app_of(province).test_client())


@pytest.fixture
def laptop(province: Village, road: Road, tmp_path: Path) -> Instance:
    """Melati's laptop, joined to the province, its copies locked to a recovery key."""
    return joined(province, road, tmp_path / "melati")


def joined(province: Village, road: Road, folder: Path, posyandu: str = "") -> Instance:
    """A laptop that has joined and fetched everything."""
    settings = config.Config(folder, area="", upstream="http://127.0.0.1:9", copy_key=PUBLIC, flash_disks="")
    laptop = Instance(settings, clock=lambda: NOW)
    with province.instance.store_for_job() as store:
        code = as_province.new_enrolment_code(province.instance, store, posyandu or province.melati)
    with laptop.store_for_job() as store:
        ports = as_laptop.ports(laptop, store, road)
        laptop.config = replace(laptop.config, area=joining.enrol(ports, code))
        client.exchange(ports)
    return laptop


def bring(laptop: Instance, road: Road, content: bytes, most: int = 1 << 30) -> bool:
    """Bring a copy to the province."""
    with laptop.store_for_job() as store:
        to = uploads.sender(laptop, store, road)
    return parcels.send(
        to, sha256(content).hexdigest(), len(content), lambda at, count: content[at : at + count], most=most
    )


def a_copy(laptop: Instance) -> bytes:
    """A copy just made."""
    return (laptop.config.folder / "copies" / backups.make_now(laptop).file).read_bytes()


def a_large_copy(laptop: Instance) -> bytes:
    """A copy of some hundred kB: somebody has left much half typed."""
    typed = [(f"{n}", "page", Random(n).randbytes(400).hex(), "2026-08-03T01:00:00Z") for n in range(300)]
    with laptop.store_for_job() as store, store.write():
        store.many("insert into draft (worker, page, typed, saved_at) values ($1, $2, $3, $4)", typed)
    return a_copy(laptop)


def kept(province: Village) -> list[bytes]:
    """What the province keeps, newest first."""
    return [copy.path.read_bytes() for copy in HeldCopies(province.instance.config.folder).everyones()]


def test_a_copy_arrives_whole_and_is_not_sent_twice(province: Village, laptop: Instance, road: Road) -> None:
    content = a_copy(laptop)
    assert bring(laptop, road, content)
    before = road.bytes
    assert bring(laptop, road, content)
    assert kept(province) == [content]
    assert road.bytes - before < 1000


def test_a_cut_costs_one_part_wherever_it_comes(province: Village, laptop: Instance, road: Road) -> None:
    content = a_large_copy(laptop)
    cuts = 0
    for number in range(1, 40):
        road.sent, road.cut_after = 0, 2 + number % 2
        try:
            bring(laptop, road, content)
            break
        except Unreachable:
            cuts += 1
    assert cuts > 0
    assert kept(province) == [content]
    assert road.bytes < 2 * len(content) + 40 * 1000


def test_a_look_sends_no_more_than_it_may(province: Village, laptop: Instance, road: Road) -> None:
    content, looks = a_large_copy(laptop), 1
    while not bring(laptop, road, content, most=8 * 1024):
        looks += 1
    assert kept(province) == [content]
    assert looks > 10


def test_only_the_last_three_copies_of_a_laptop_are_kept(
    province: Village, laptop: Instance, road: Road
) -> None:
    contents = [a_copy(laptop) for _ in range(5)]
    for content in contents:
        bring(laptop, road, content)
    assert kept(province) == contents[:1:-1]


def test_every_bit_changed_on_the_way_is_refused(province: Village, laptop: Instance, road: Road) -> None:
    content = a_copy(laptop)
    with laptop.store_for_job() as store:
        to = uploads.sender(laptop, store, road)
    said = {"do": "put", "name": sha256(content).hexdigest(), "size": len(content), "offset": 0}
    message = parcels._message(to, said, content[:200])
    with province.instance.store_for_job() as store:
        door = uploads.door(province.instance, store)
        taken = []
        for bit in range(len(message) * 8):
            changed = bytearray(message)
            changed[bit // 8] ^= 1 << bit % 8
            if not parcels.receive(door, bytes(changed))[1]:
                taken.append(bit)
    assert taken in ([], [8 + bit for bit in range(8)])  # flags: none are known yet
    assert kept(province) == []


def test_a_laptop_that_is_no_longer_believed_brings_nothing(
    province: Village, laptop: Instance, road: Road
) -> None:
    content = a_copy(laptop)
    with province.instance.store_for_job() as store:
        devices.revoke(store, laptop.lane, instant_text(NOW))
    with pytest.raises(Refused) as refused:
        bring(laptop, road, content)
    assert (refused.value.code, kept(province)) == ("revoked", [])


def test_what_is_no_copy_of_this_laptop_is_not_kept(
    province: Village, laptop: Instance, road: Road, tmp_path: Path
) -> None:
    other = joined(province, road, tmp_path / "kenanga", province.kenanga)
    refused = []
    for content in (b"a film" * 1000, a_copy(other), a_copy(laptop)[:-1] + b"?"):
        with pytest.raises(Refused) as why:
            bring(laptop, road, content)
        refused.append(why.value.code)
    assert (refused, kept(province)) == (["malformed"] * 3, [])
    assert list((province.instance.config.folder / held.FOLDER).rglob("*.*")) == []


def test_a_part_that_comes_twice_at_once_is_kept_once(tmp_path: Path) -> None:
    content = Random(1).randbytes(20 * 61440)
    part = Part(sha256(content).hexdigest(), len(content), 0, content[:61440])
    for turn in range(20):
        keeper, both = HeldCopies(tmp_path / str(turn)), Barrier(2)

        def put(keeper: HeldCopies = keeper, both: Barrier = both) -> None:
            both.wait()
            keeper.put("lane", part)

        threads = [Thread(target=put) for _ in range(2)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert {draft.read_bytes() == part.content for draft in tmp_path.rglob("*.part")} == {True}


def test_no_laptop_can_fill_the_disk(tmp_path: Path) -> None:
    keeper, name = HeldCopies(tmp_path), "ab" * 32
    with pytest.raises(TooLarge):
        keeper.put("lane", Part(name, held.LARGEST_BYTES + 1, 0, b""))
    with pytest.raises(Malformed):
        keeper.put("lane", Part("../../etc/passwd", 5, 0, b"12345"))
    for number in range(20):  # twenty begun, one is kept
        keeper.put("lane", Part(f"{number:064x}", 500, 0, b"12345"))
    assert len(list(tmp_path.rglob("*.part"))) == 1


def test_a_stranger_is_asked_for_a_certificate_of_this_province(
    province: Village, laptop: Instance, road: Road
) -> None:
    with laptop.store_for_job() as store:
        to = uploads.sender(laptop, store, road)
    forged = replace(to, certificate=to.certificate[:-1] + b"?")
    codes = []
    for chance in (Random(1), Random(2)):
        noise = chance.randbytes(300)
        with province.instance.store_for_job() as store:
            codes.append(parcels.receive(uploads.door(province.instance, store), noise)[1])
    with pytest.raises(SyncError) as refused:
        parcels.ask_lane(forged, laptop.lane)
    assert (refused.value.code, codes) == ("signature", ["malformed"] * 2)


def test_only_a_laptop_of_the_same_posyandu_is_told_of_a_lane(
    province: Village, laptop: Instance, road: Road, tmp_path: Path
) -> None:
    dedis = joined(province, road, tmp_path / "kenanga", province.kenanga)
    told = []
    for asker in (laptop, dedis):
        with asker.store_for_job() as store:
            told.append(parcels.ask_lane(uploads.sender(asker, store, road), laptop.lane))
    assert told == [{"acknowledged": 0, "recorded": 0, "seen_at": "2026-08-03T01:00:00Z"}, {}]


def test_nobody_else_answers_for_the_province(province: Village, laptop: Instance, road: Road) -> None:
    class Liar(Road):
        def post(self, path: str, body: bytes) -> bytes:
            answer = super().post(path, body)
            return answer.replace(b'"have":0', b'"have":9')

    liar = Liar(road._client)
    with pytest.raises(SyncError) as refused:
        bring(laptop, liar, a_copy(laptop))
    assert refused.value.code == "signature"


def test_what_the_province_keeps_says_whose_it_is(province: Village, laptop: Instance, road: Road) -> None:
    bring(laptop, road, a_copy(laptop))
    (copy,) = HeldCopies(province.instance.config.folder).everyones()
    assert sealed.check(copy.path).lane == laptop.lane


def test_the_office_hands_a_copy_out_to_keepers_of_that_area_only(
    province: Village, province_client: FlaskClient, laptop: Instance, road: Road
) -> None:
    content = a_copy(laptop)
    bring(laptop, road, content)
    page = sign_in(province_client, province.citra).get(f"/kelola/laptop/{laptop.lane}").text
    (address,) = re.findall(r'href="(/kelola/laptop/[^"]+/salinan/[^"]+)"', page)
    taken = province_client.get(address)
    stranger = app_of(province).test_client().get(address)
    dedi = sign_in(app_of(province).test_client(), province.dedi).get(address)
    assert (taken.data, stranger.status_code, dedi.status_code) == (content, 302, 403)
    assert taken.headers["Content-Disposition"].endswith(".sipc")


def test_a_puskesmas_keeps_copies_by_the_provinces_certificate_alone(
    province: Village, laptop: Instance, road: Road, tmp_path: Path
) -> None:
    puskesmas = joined(province, road, tmp_path / "puskesmas", province.puskesmas)
    there, content = Road(app_of(replace(province, instance=puskesmas)).test_client()), a_copy(laptop)
    assert bring(laptop, there, content)
    (kept_there,) = HeldCopies(puskesmas.config.folder).everyones()
    with laptop.store_for_job() as store:
        to = uploads.sender(laptop, store, there)
    assert (kept_there.path.read_bytes(), parcels.ask_lane(to, laptop.lane)) == (content, {})
    with puskesmas.store_for_job() as store, store.write():
        store.run("insert into unbelieved (lane, named_at) values ($1, '2026-08-03T01:00:00Z')", laptop.lane)
    with pytest.raises(Refused) as refused:
        bring(laptop, there, content)
    assert refused.value.code == "revoked"


def test_a_kader_elsewhere_who_plays_the_puskesmas_makes_no_laptop_believe_that_its_copy_is_kept(
    province: Village, laptop: Instance, road: Road, tmp_path: Path
) -> None:
    dedis = joined(province, road, tmp_path / "kenanga", province.kenanga)
    with dedis.store_for_job() as store:
        state = upstream.state(store)
    folder = HeldCopies(dedis.config.folder)
    door = parcels.Door(
        state.server_key, dedis.ring.keys, state.certificate, folder, lambda lane: None, lambda area, lane: {}
    )

    class FalsePuskesmas(Road):
        def post(self, path: str, body: bytes) -> bytes:
            return parcels.receive(door, body)[0]

    with pytest.raises(SyncError) as refused:
        bring(laptop, FalsePuskesmas(road._client), a_copy(laptop))
    assert refused.value.code == "signature"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("number", "1"),
        ("number", 1 << 60),
        ("made_at", 5),
        ("made_at", "9999-12-31T23:59:59Z"),
        ("made_at", '2026\r\n"'),
        ("edits", None),
        ("lock", []),
    ],
)
def test_a_stolen_laptop_that_brings_a_crafted_copy_can_still_be_shut_out(
    province: Village, province_client: FlaskClient, laptop: Instance, road: Road, part: str, said: object
) -> None:
    content = a_copy(laptop)
    length = int.from_bytes(content[5:9], "big")
    head = json.dumps(json.loads(content[9 : 9 + length]) | {part: said}).encode()
    crafted = content[:5] + len(head).to_bytes(4, "big") + head + content[9 + length : -32]
    crafted += sha256(crafted).digest()
    with pytest.raises(SyncError) as refused:
        bring(laptop, road, crafted)
    page = sign_in(province_client, province.citra).get(f"/kelola/laptop/{laptop.lane}")
    assert (refused.value.code, page.status_code, kept(province)) == ("malformed", 200, [])
