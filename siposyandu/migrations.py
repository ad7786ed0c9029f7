"""The history of the tables: each step is added at the end and never changed once released.

Tables named after a form hold what the log of edits says (see records.py) and can be rebuilt from it.
Tables under "derived" can be rebuilt from those (see `siposyandu recount`). Tables under "this machine only"
never leave it.
"""

from collections.abc import Callable

from siposyandu import postgres_tables
from siposyandu.encryption import Database, Migrations
from siposyandu.errors import BadConfig
from siposyandu.store import SqliteStore, Store
from sync import migrations as sync_migrations

PLACES = (
    """create table puskesmas (
        id text primary key, code text, name text, kecamatan_code text, desa_codes text, retracted integer not null default 0
    ) strict""",
    """create table posyandu (
        id text primary key, code text, name text, desa_code text, puskesmas text, dusun text, active integer,
        retracted integer not null default 0
    ) strict""",
    "create index posyandu_by_desa on posyandu (desa_code)",
    """create table worker (
        id text primary key, name text, username text, role text, area text, active integer,
        retracted integer not null default 0
    ) strict""",
)

PEOPLE = (
    """create table family (
        id text primary key, posyandu text, kk_number text, head_name text, address text, dusun text, rt text, rw text,
        desa_code text, phone text, retracted integer not null default 0
    ) strict""",
    # search_row: the full-text index needs a row number that VACUUM never changes.
    """create table person (
        search_row integer primary key, id text not null unique, posyandu text, posyandu_since text, family text,
        name text, nik text, nik_missing_reason text,
        sex text, birth_date text, mother_name text, mother_nik text, father_name text, phone text, address text,
        dusun text, rt text, rw text, desa_code text, status text, status_date text, birth_order integer,
        gestation_weeks integer, birth_weight_g integer, birth_length_mm integer, birth_head_circumference_mm integer,
        kia_book integer, kia_book_small_baby integer, early_initiation integer, registered_date text,
        retracted integer not null default 0
    ) strict""",
    "create index person_by_posyandu on person (posyandu)",
    "create index person_by_nik on person (nik) where nik is not null",
)

VISITS = (
    """create table balita (
        id text primary key, person text, posyandu text, visit_date text, weight_g integer, weight_again_g integer,
        length_height_mm integer, length_height_again_mm integer, measured text, head_circumference_mm integer,
        muac_mm integer, triceps_tenth_mm integer, subscapular_tenth_mm integer, oedema text,
        development_checklist text, tb_cough integer, tb_fever integer, tb_weight integer, tb_contact integer,
        exclusive_breastfeeding integer, breastfed_month_0 integer, breastfed_month_1 integer,
        breastfed_month_2 integer, breastfed_month_3 integer, breastfed_month_4 integer, breastfed_month_5 integer,
        breastfed_month_6 integer, complementary_feeding integer, immunisation_complete integer, immunisations text,
        vitamin_a integer, deworming integer, local_food integer, local_food_portion text, counselling text,
        illness text, referral text, mother_class integer, mbg integer, gain_override text, gain_override_reason text,
        correction_reason text, note text, retracted integer not null default 0
    ) strict""",
    "create index balita_by_person on balita (person, visit_date)",
    "create index balita_by_posyandu on balita (posyandu, visit_date)",
)

DERIVED = (
    """create table balita_growth (
        id text primary key, person text not null, visit_date text not null, month text not null,
        sex text not null, age_days integer not null, age_months integer not null, standard text not null,
        length_used_mm integer, bmi real, waz real, haz real, whz real, baz real, hcz real, acz real, tsz real, ssz real,
        waz_flag integer, haz_flag integer, whz_flag integer, baz_flag integer, hcz_flag integer, acz_flag integer,
        tsz_flag integer, ssz_flag integer, position_flag integer,
        waz_category text, haz_category text, whz_category text, baz_category text, hcz_category text,
        muac_category text, oedema integer not null, severe_malnutrition integer not null,
        counts_weight integer not null, counts_length integer not null,
        gain text, gain_g integer, minimum_gain_g integer, two_t integer not null, below_red_line integer not null
    ) strict""",
    "create index balita_growth_by_person on balita_growth (person, visit_date)",
    "create index balita_growth_by_month on balita_growth (month, person)",
    """create table membership (
        person text not null, posyandu text not null, from_date text not null, until_date text,
        primary key (person, from_date)
    ) strict""",
    "create index membership_by_posyandu on membership (posyandu, from_date)",
    """create table tally (
        posyandu text not null, month text not null, age_group text not null, sex text not null,
        s integer not null, k integer not null, d integer not null, n integer not null, t integer not null,
        o integer not null, b integer not null, two_t integer not null, bgm integer not null,
        haz_measured integer not null, stunted integer not null, severely_stunted integer not null,
        whz_measured integer not null, wasted integer not null, severely_wasted integer not null,
        overweight integer not null, obese integer not null,
        waz_measured integer not null, underweight integer not null, severely_underweight integer not null,
        primary key (posyandu, month, age_group, sex)
    ) strict, without rowid""",
    "create index tally_by_month on tally (month)",
    "create table tally_due (posyandu text not null, month text not null, primary key (posyandu, month)) strict",
)

THIS_MACHINE = (
    """create table credential (
        worker text primary key, secret_hash text not null, changed_at text not null
    ) strict""",
    """create table login_session (
        id_hash text primary key, worker text not null, day text, started_at text not null, seen_at text not null,
        ended_at text
    ) strict""",
    """create table login_failure (subject text not null, failed_at text not null) strict""",
    "create index login_failure_by_subject on login_failure (subject, failed_at)",
    """create table draft (
        worker text not null, page text not null, typed text not null, saved_at text not null, primary key (worker, page)
    ) strict""",
    """create table person_view (
        worker text not null, person text not null, page text not null, viewed_at text not null
    ) strict""",
)

PERSON_SEARCH = (
    """create virtual table person_search using fts5 (
        name, mother_name, nik, content='person', content_rowid='search_row',
        tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
    )""",
    """create trigger person_search_added after insert on person begin
        insert into person_search (rowid, name, mother_name, nik) values (new.search_row, new.name, new.mother_name, new.nik);
    end""",
    """create trigger person_search_removed after delete on person begin
        insert into person_search (person_search, rowid, name, mother_name, nik)
        values ('delete', old.search_row, old.name, old.mother_name, old.nik);
    end""",
    """create trigger person_search_changed after update of name, mother_name, nik on person begin
        insert into person_search (person_search, rowid, name, mother_name, nik)
        values ('delete', old.search_row, old.name, old.mother_name, old.nik);
        insert into person_search (rowid, name, mother_name, nik) values (new.search_row, new.name, new.mother_name, new.nik);
    end""",
)

# Copies: what lies on which shelf, and whether one was ever restored for proof (copies/).
COPIES = (
    """create table copy_kept (
        shelf text primary key, kind text not null, name text not null, elsewhere integer not null, file text,
        number integer, made_at text, lane text, last_seq integer, edits integer, bytes integer, content_key text,
        fault text, fault_at text
    ) strict""",
    """create table copy_proof (
        proof_no integer primary key autoincrement, proved_at text not null, shelf text not null, file text not null,
        made_at text not null, edits integer not null, fault text not null
    ) strict""",
)

# Records with fields or of forms that this version does not know: folded once more when a later one opens the database.
UNREAD = ("create table unread (entity text primary key) strict",)

HISTORY = "siposyandu"
HISTORY_TABLE: str = Migrations.migrations_table

# A place put back from a copy: where the lost laptop's lane stood in the copy, and what the province last heard of it.
RESTORATION = (
    """create table restoration (
        restoration_no integer primary key autoincrement, copied_at text not null, clock_offset_s integer not null,
        lane text not null, copy_seq integer not null, asked_at text, acknowledged integer, recorded integer, seen_at text
    ) strict""",
)

# At the province: what keepers decided about laptops and their envelopes, who and why; never sent.
OFFICE = (
    """create table office_act (
        act_no integer primary key autoincrement, kind text not null, about text not null, why text not null,
        worker text not null, acted_at text not null
    ) strict""",
    "create index office_act_about on office_act (about)",
)

# Why a visit's day is doubted, if it is; and up to which edit something was looked through.
DATES = (
    "alter table balita add column date_doubt text",
    "create index balita_by_doubt on balita (date_doubt) where date_doubt is not null",
    "create table looked (what text primary key, upto integer not null) strict",
)

# A child is found by the end of her id (child_code.py). The keys of names PostgreSQL keeps itself (postgres_tables.py).
NAMES = ("create index person_by_code on person (substr(id, 24))",)

# A day of a posyandu that was opened: who was present, and what its minutes say (opened_days.py).
SESSION = (
    """create table session (
        id text primary key, posyandu text, session_date text, place text, workers_present text, others_present text,
        health_workers_present text, pmt_menu text, visitors integer, problems text, agreed text, closed integer,
        retracted integer not null default 0
    ) strict""",
    "create index session_by_day on session (posyandu, session_date)",
)

# What is written about a child beside her weighings: visits to her home, and how her referrals ended.
FOLLOW_UP = (
    """create table home_visit (
        id text primary key, person text, posyandu text, visit_date text, reason text, met text, baby_signs text,
        danger_signs text, tb_signs text, problems text, agreed text, advice text, note text, correction_reason text,
        retracted integer not null default 0
    ) strict""",
    "create index home_visit_by_person on home_visit (person, visit_date)",
    """create table referral_return (
        id text primary key, person text, posyandu text, visit text, came_to text, went_date text, returned_date text,
        found text, treatment text, follow_up text, correction_reason text, retracted integer not null default 0
    ) strict""",
    "create index referral_return_by_person on referral_return (person)",
    "create index balita_by_referral on balita (person, visit_date) where referral <> 'none'",
)

# Two cards of one child: what was said of it, and which card stays, derived from that (joined_cards.py).
SAME_PERSON = (
    """create table same_person (
        id text primary key, person_goes text, person_stays text, posyandu text, reason text, note text, values_edit text,
        retracted integer not null default 0
    ) strict""",
    "create index same_person_by_goes on same_person (person_goes)",
    "create index same_person_by_stays on same_person (person_stays)",
    "create table joined_card (person text primary key, stays text not null, withdrawn integer not null) strict",
    "create index joined_card_by_stays on joined_card (stays)",
)

# Five langkah on the laptop's hotspot, this machine only: the door for phones, who holds which langkah, who waits where.
STATIONS = (
    """create table hotspot (
        one integer primary key, code text not null, opened_on text not null, address text not null, day text
    ) strict""",
    """create table phone (
        phone_no integer primary key autoincrement, secret_hash text not null unique, kind text not null, worker text,
        joined_at text not null, seen_at text not null
    ) strict""",
    """create table station_held (
        worker text not null, day text not null, station text not null, primary key (worker, day, station)
    ) strict""",
    """create table arrival (
        posyandu text not null, day text not null, person text not null, number integer not null, station text not null,
        arrived_at text not null, moved_at text not null, taken_by text, primary key (posyandu, day, person)
    ) strict""",
    "create unique index arrival_by_number on arrival (posyandu, day, number)",
)

# A page of the book as it is being typed: each cell by itself, so that two tabs do not overwrite each other.
GRID = (
    """create table grid_cell (
        worker text not null, posyandu text not null, visit_date text not null, person text not null, field text not null,
        typed text not null, saved_at text not null, primary key (worker, posyandu, visit_date, person, field)
    ) strict""",
)

# Uji kader: the trials of this machine's workers, drawn again from seed and day to be marked; never sent.
LEARNING = (
    """create table exam (
        exam_no integer primary key autoincrement, worker text not null, seed text not null, day text not null,
        started_at text not null
    ) strict""",
    "create index exam_by_worker on exam (worker)",
    """create table exam_answer (
        exam_no integer not null, number integer not null, typed text not null, is_right integer not null,
        answered_at text not null, primary key (exam_no, number)
    ) strict""",
)

# Two cards that somebody said to be two children's, so that nobody is asked about them again (joined_cards.py).
TWO_CHILDREN = (
    """create table two_children (
        id text primary key, person_one text, person_other text, posyandu text, retracted integer not null default 0
    ) strict""",
    "create index two_children_by_one on two_children (person_one)",
    "create index two_children_by_other on two_children (person_other)",
)

# In which order it was written, for no clock says so: one that was set right made this morning's older than last month's.
# What was written before this step stays as 0, in the order of its time.
IN_ORDER = (
    "alter table draft add column written_no integer not null default 0",
    "alter table grid_cell add column written_no integer not null default 0",
)
MOVED_IN_ORDER = ("alter table arrival add column moved_no integer not null default 0",)

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *sync_migrations.ALL,
    ("m001_places", PLACES),
    ("m002_people", PEOPLE),
    ("m003_visits", VISITS),
    ("m004_derived", DERIVED),
    ("m005_this_machine", THIS_MACHINE),
    ("m006_person_search", PERSON_SEARCH),
    ("m007_copies", COPIES),
    ("m008_restoration", RESTORATION),
    ("m009_unread", UNREAD),
    ("m010_office", OFFICE),
    ("m011_dates", DATES),
    ("m012_names", NAMES),
    ("m013_session", SESSION),
    ("m014_follow_up", FOLLOW_UP),
    ("m015_same_person", SAME_PERSON),
    ("m016_stations", STATIONS),
    ("m017_grid", GRID),
    ("m019_learning", LEARNING),
    ("m020_two_children", TWO_CHILDREN),
    ("m021_in_order", IN_ORDER),
    ("m022_moved_in_order", MOVED_IN_ORDER),
)


def migrate(store: Store) -> list[str]:
    """Bring a database up to date; returns the names of the steps that were taken."""
    return _on_sqlite(store) if isinstance(store, SqliteStore) else _on_postgresql(store)


def _on_sqlite(store: SqliteStore) -> list[str]:
    """Take the steps that wait, all in one transaction: of several programs that start at once, one takes them."""
    history = Migrations(HISTORY)
    for name, statements in STEPS:
        history(name=name)(_step(statements))
    if not history.pending(store.database):
        return []
    with store.write():
        waiting = [step.name for step in history.pending(store.database)]
        history.apply(store.database)
    return waiting


def _step(statements: tuple[str, ...]) -> Callable[[Database], None]:
    def take(database: Database) -> None:
        for statement in statements:
            database.execute(statement)

    return take


def _on_postgresql(store: Store) -> list[str]:
    """Take the steps that wait, all in one transaction: of several processes that start at once, one takes them."""
    _must_sort_as_sqlite(store)
    with store.write():
        store.run(
            f"""create table if not exists {HISTORY_TABLE} (
            migration_set text not null, name text not null, applied_at text not null, primary key (migration_set, name))"""
        )
        sql = f"select name from {HISTORY_TABLE} where migration_set = $1"
        taken = {row["name"] for row in store.rows(sql, HISTORY)}
        waiting = [(name, statements) for name, statements in STEPS if name not in taken]
        for name, statements in waiting:
            for statement in postgres_tables.statements_of(name, statements):
                store.run(statement)
            store.run(
                f"""insert into {HISTORY_TABLE} (migration_set, name, applied_at)
                values ($1, $2, cast(now() as text))""",
                HISTORY,
                name,
            )
    return [name for name, _ in waiting]


def _must_sort_as_sqlite(store: Store) -> None:
    made = store.one(
        """select datcollate as collation, pg_encoding_to_char(encoding) as encoding
        from pg_database where datname = current_database()"""
    )
    if made != {"collation": "C", "encoding": "UTF8"}:
        raise BadConfig(
            f"the database sorts and stores text by {made}",
            "make it with: encoding 'UTF8' lc_collate 'C' lc_ctype 'C'",
        )
