"""The demonstration: a province and two posyandu on this machine, a year of synthetic children between them.

1. Found the province with its puskesmas, posyandu and workers; logins are made up once and kept.
2. Start the province and join two laptops to it with one-time codes.
3. Let the kader write their year, one laptop with a clock a year behind, and send it.
4. Start the laptops, print addresses and logins, and wait for Ctrl-C.

Stopped at any moment and run again, it goes on from there.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

from siposyandu import as_laptop, as_province, config, credentials
from siposyandu.access import Worker
from siposyandu.config import Config
from siposyandu.demo import stage
from siposyandu.demo.children import SyntheticChild, clock_offset_days, village
from siposyandu.demo.fill import Table, fill, fill_guests, open_days
from siposyandu.demo.stage import KADER, POSTS, Cast, Post, laptop_of
from siposyandu.errors import Refused, WrongPassphrase
from siposyandu.instance import Instance
from siposyandu.periods import Month, local_date
from sync.status import status

FIRST_PORT = 8520
MONTHS = 12
ADDRESS_WORD = "SIPosyandu: "

Say = Callable[[str], None]


def show(folder: Path, say: Say) -> None:
    """Show everything, from an empty folder or from where it was stopped, until Ctrl-C."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret_of = stage.logins(folder / "logins.json")
    province = _open(Config(folder / "province", area="52", port=FIRST_PORT))
    say("Founding the province ...")
    cast = stage.found(province, secret_of)
    today = local_date(province.now())
    with ExitStack() as running:
        address = running.enter_context(Server(province))
        _write_books(province, cast, today, say)
        laptops = {post.name: _open_laptop(folder, post, number, address.url, secret_of)
                   for number, post in enumerate(_with_laptop(), 1)}  # fmt: skip
        for name, laptop in laptops.items():
            _join(laptop, name, province, cast, today)
        _write_year(laptops, cast, today, secret_of, say)
        addresses = {}
        for name, laptop in laptops.items():
            addresses[name] = running.enter_context(Server(laptop, secret_of.get(laptop_of(name)))).url
            laptop.lock()
        _print_logins(address.url, addresses, secret_of, say)
        address.wait()


class Server:
    """One place's own process, `siposyandu serve`, stopped when the demonstration ends; an encrypted place it opens."""

    def __init__(self, instance: Instance, passphrase: str | None = None) -> None:
        self._folder = instance.config.folder
        self._passphrase = passphrase if instance.door.has_lock else None
        self.url = ""

    def __enter__(self) -> "Server":
        log = (self._folder / "serve.log").open("ab")
        command = [sys.executable, "-m", "siposyandu", "serve", "--folder", str(self._folder)]
        command += ["--passphrase-stdin"] if self._passphrase else []
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._process.stdin as said:
            said.write(f"{self._passphrase or ''}\n")
        line = self._process.stdout.readline()
        if not line.startswith(ADDRESS_WORD):
            raise Refused(f"{self._folder} does not start; see {log.name}", "is one of the ports in use?")
        self.url = line.removeprefix(ADDRESS_WORD).strip()
        return self

    def wait(self) -> None:
        """Wait until it ends, or until Ctrl-C."""
        self._process.wait()

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def _open(place: Config) -> Instance:
    if not (place.folder / config.FILE_NAME).is_file():
        config.save(place)
    return Instance(config.load(place.folder))


def _with_laptop() -> list[Post]:
    return [post for post in POSTS if post.laptop]


def _open_laptop(
    folder: Path, post: Post, number: int, address: str, secret_of: Mapping[str, str]
) -> Instance:
    """Open a posyandu's laptop by its passphrase, which it is given the first time."""
    place = Config(
        folder / post.name.lower(), area="", upstream=address, port=FIRST_PORT + number, encrypted=True
    )
    laptop = _open(place)
    if laptop.door.is_new:
        laptop.begin_vault(secret_of[laptop_of(post.name)])
    elif not laptop.is_open:
        _unlock(laptop, secret_of[laptop_of(post.name)])
    return laptop


def _unlock(laptop: Instance, passphrase: str) -> None:
    try:
        laptop.unlock(passphrase)
    except WrongPassphrase as changed:
        hint = (
            f"write the new one into {laptop.config.folder.parent / 'logins.json'}, or begin anew: make clean"
        )
        raise Refused("the passphrase of a laptop was changed", hint) from changed


def _join(laptop: Instance, name: str, province: Instance, cast: Cast, today: date) -> None:
    """Join a posyandu's laptop to the province by a one-time code, the first time."""
    with laptop.store_for_job() as store:
        enrolled = status(store).enrolled
    if not enrolled:
        with province.store_for_job() as store:
            code = as_province.new_enrolment_code(province, store, cast.posyandu[name])
        as_laptop.enrol(laptop, laptop.config.upstream, code, laptop_of(name))
        _joined_when_its_year_began(province, laptop, today)


def _joined_when_its_year_began(province: Instance, laptop: Instance, today: date) -> None:
    """Let the laptop have joined before it wrote the year that is written now: no clock ran before its laptop joined."""
    began = f"{Month.of(today).shifted(1 - MONTHS).first.isoformat()}T00:00:00Z"
    with province.store_for_job() as store, store.write():
        sql = (
            "update devices set enrolled_at = $2 where lane_no = (select lane_no from lanes where lane = $1)"
        )
        store.run(sql, laptop.lane, began)


def _write_books(province: Instance, cast: Cast, today: date, say: Say) -> None:
    """Write the posyandu without a laptop at the province, as their puskesmas types their books."""
    for post in POSTS:
        if post.laptop or not post.children:
            continue
        table = _table(post, province.lane, (cast.workers["citra"],), cast, today)
        with province.store_for_job() as store:
            fill(store, table, _children(post, today), _progress(post, say))


def _write_year(
    laptops: Mapping[str, Instance], cast: Cast, today: date, secret_of: Mapping[str, str], say: Say
) -> None:
    """Let the kader write their year and send it; a child who moved is weighed on at the new posyandu."""
    posts = {post.name: post for post in _with_laptop()}
    tables = {
        name: _table(posts[name], laptop.lane, _kader(name, cast), cast, today)
        for name, laptop in laptops.items()
    }
    for name, laptop in laptops.items():
        with laptop.store_for_job() as store:
            for worker in _kader(name, cast):
                if not credentials.has_secret(store, worker.id):
                    credentials.set_pin(store, worker.id, secret_of[worker.name], laptop.now())
            fill(store, tables[name], _children(posts[name], today), _progress(posts[name], say))
            open_days(store, tables[name])
        say(f"Posyandu {name}: sending ...")
        as_laptop.exchange(laptop)
    for name, laptop in laptops.items():
        as_laptop.exchange(laptop)
        with laptop.store_for_job() as store:
            for other in posts.keys() - {name}:
                fill_guests(store, tables[name], _children(posts[other], today))
        as_laptop.exchange(laptop)


def _kader(post_name: str, cast: Cast) -> tuple[Worker, ...]:
    return tuple(cast.workers[name] for name in KADER[post_name])


def _table(post: Post, lane: str, kader: tuple[Worker, ...], cast: Cast, today: date) -> Table:
    opened = Month.of(today).shifted(1 - MONTHS).first.isoformat()
    offset = timedelta(days=clock_offset_days(post.seed))
    return Table(post.name, opened, cast.posyandu, lane, kader, offset)


def _children(post: Post, today: date) -> list[SyntheticChild]:
    last = Month.of(today).shifted(-post.silent_months)
    first = Month.of(today).shifted(1 - MONTHS)
    return village(
        post.seed,
        posyandu_name=post.name,
        children=post.children,
        months=[(month.year, month.number) for month in first.until(last)],
        end=min(today, last.last),
        desa_code=post.desa_code,
        neighbour=next((other.name for other in _with_laptop() if other != post), None)
        if post.laptop
        else None,
    )


def _progress(post: Post, say: Say) -> Callable[[int], None]:
    def show_number(done: int) -> None:
        if done % 10 == 0 or done == post.children:
            say(f"Posyandu {post.name}: {done} of {post.children} children written")

    return show_number


def _print_logins(province: str, laptops: Mapping[str, str], secret_of: Mapping[str, str], say: Say) -> None:
    say("")
    say(f"Province        {province}")
    for name, username, role, _ in stage.OFFICE:
        say(f"    {username:<8} {secret_of[username]:<16} {name}, {role}")
    for post_name, address in laptops.items():
        say(f"Posyandu {post_name:<8}{address}")
        if laptop_of(post_name) in secret_of:
            say(f"    {'passphrase':<16} {secret_of[laptop_of(post_name)]}")
        for name in KADER[post_name]:
            say(f"    {name:<16} PIN {secret_of[name]}")
    say(
        "\nThe laptops are open. Tutup laptop (Laptop, or at the door) closes one; the words above open it again."
    )
    say("Ctrl-C stops all of it; run it again and it goes on from here.")
