"""The tables of sync, as an append-only history: `ALL` is a tuple of (name, SQL statements).

PostgreSQL takes the same text without `strict` and `without rowid`; `integer primary key autoincrement` is an identity column.

lanes          every lane heard of; the running end (seq and chain) of those held whole
devices        the province's register of enrolled laptops: keys, area, ceiling, certificate, revocation
edits          the log. n is the order in which this store came to hold the edit; received_at the time of arrival there
positions      further places of an edit already held (written again by a restored or cloned laptop)
redactions     fingerprints of edits whose body the law had erased
heads          the latest edits of a field, only where they are not simply the edit that created the record
awaited        replaced edits that have not arrived yet, who replaced them, and of which record that edit is
conflicts      fields with several heads of different value: open until closed_at
feed           what to tell to whom: gap-free, one row for each edit and area; feed_stories: fingerprints of all it has told
placement      the areas a record belongs to (left_n: belonged), the last edit told there, and since which feed number a
               reader has it whole; gone_n: the feed row that tells laptops of the area it left to forget it
departed       on a laptop: records that left its areas; forgotten = 1 once they are blanked here, 2 where that must be once more
held           batches that arrived before the ones they follow
evidence       every signed envelope as received
quarantine     envelopes of revoked lanes, and held batches that turned out unreadable, until a person decides
clock_findings contacts at which a laptop's clock was found wrong by a day or more
reviews        edits kept and acknowledged although the application could not apply them
epochs         one for each life of the province's database; enrolment_codes: one-time codes, hashed
sync_self      what this store is: role, own lane, sentinel; sync_upstream: where the exchange stands
unvouched      edits of authors whom nobody knows here yet: they weigh nothing until then
carried        at the province: laptops that were heard by bundle, and what they had read then
satchel        at a puskesmas PC: bundles and receipts on their way, came_n in their order; passed_at once they went on, heard_at
               once the province of heard_epoch said that it took them; vouched_by: the lane by whose word they were believed
early          at a puskesmas PC: edits known from bundles; those not told since are not stored at the province yet
unbelieved     lanes that the province has named as revoked; unbelieved_list: its newest signed list of them
notices        what an administrator should know: a laptop that was copied or restored, a province put back
"""

_LOG = (
    """create table lanes (
        lane_no integer primary key autoincrement,
        lane text not null unique,
        rank_ceiling integer not null default 4,
        last_seq integer not null default 0,
        chain text not null
    ) strict""",
    """create table edits (
        n integer primary key autoincrement,
        uid text not null unique,
        entity text not null,
        lane_no integer not null references lanes (lane_no),
        seq integer not null,
        origin_lane_no integer references lanes (lane_no),
        origin_seq integer,
        chain8 text,
        received_at text not null,
        body text,
        unique (lane_no, seq)
    ) strict""",
    "create index edits_entity on edits (entity)",
    """create table positions (
        lane_no integer not null references lanes (lane_no),
        seq integer not null,
        uid text not null references edits (uid),
        chain8 text,
        primary key (lane_no, seq)
    ) strict, without rowid""",
    """create table redactions (
        uid text primary key references edits (uid),
        op_hash text not null,
        reason text not null,
        redacted_at text not null
    ) strict""",
)

_STATE = (
    """create table heads (
        entity text not null,
        field integer not null,
        uid text not null,
        primary key (entity, field, uid)
    ) strict, without rowid""",
    """create table awaited (
        uid text not null,
        field integer not null,
        primary key (uid, field)
    ) strict, without rowid""",
    """create table conflicts (
        entity text not null,
        field integer not null,
        opened_at text not null,
        closed_at text,
        primary key (entity, field)
    ) strict, without rowid""",
    "create index conflicts_open on conflicts (opened_at) where closed_at is null",
    """create table reviews (
        uid text primary key references edits (uid),
        entity text not null,
        problem text not null,
        flagged_at text not null,
        settled_at text
    ) strict""",
)

_FEED = (
    """create table feed (
        n integer primary key autoincrement,
        area text not null,
        edit integer not null references edits (n)
    ) strict""",
    "create index feed_area on feed (area, n, edit)",
    """create table placement (
        entity text not null,
        area text not null,
        told integer not null,
        primary key (entity, area)
    ) strict, without rowid""",
    """create table epochs (
        epoch_no integer primary key autoincrement,
        epoch text not null unique,
        from_n integer not null,
        since_at text not null
    ) strict""",
)

_PROVINCE = (
    """create table devices (
        lane_no integer primary key references lanes (lane_no),
        sign_key text not null,
        box_key text not null,
        area text not null,
        label text not null,
        machine text not null,
        certificate text not null,
        enrolled_at text not null,
        last_seen_at text,
        recorded integer not null default 0,
        app text,
        clock_offset_s integer,
        revoked_at text
    ) strict""",
    """create table enrolment_codes (
        code_no integer primary key autoincrement,
        selector text not null,
        secret_hash text not null,
        area text not null,
        rank_ceiling integer not null,
        label text not null,
        expires_at text not null,
        tries integer not null default 0,
        used_by text,
        used_at text
    ) strict""",
    "create index enrolment_codes_selector on enrolment_codes (selector)",
    """create table held (
        lane_no integer not null references lanes (lane_no),
        first_seq integer not null,
        last_seq integer not null,
        received_at text not null,
        envelope blob not null,
        primary key (lane_no, first_seq, last_seq)
    ) strict""",
    """create table evidence (
        evidence_no integer primary key autoincrement,
        lane_no integer not null references lanes (lane_no),
        first_seq integer not null,
        last_seq integer not null,
        received_at text not null,
        envelope blob not null
    ) strict""",
    """create table quarantine (
        quarantine_no integer primary key autoincrement,
        lane_no integer not null references lanes (lane_no),
        reason text not null,
        received_at text not null,
        fingerprint text not null unique,
        envelope blob not null,
        released_at text
    ) strict""",
)

_SELF = (
    """create table sync_self (
        id integer primary key check (id = 1),
        role text not null check (role in ('device', 'province')),
        lane_no integer not null references lanes (lane_no),
        sentinel text not null
    ) strict""",
    """create table sync_upstream (
        id integer primary key check (id = 1),
        certificate text,
        server_sign_key text,
        server_box_key text,
        area text,
        epoch text not null default '',
        ack integer not null default 0,
        acknowledged_at text,
        cursor_n integer not null default 0,
        scope_hash text not null default '',
        scope text not null default '[]',
        last_try_at text,
        last_error text,
        next_try_at text,
        failures integer not null default 0,
        batch_bytes integer not null default 32768,
        spell integer not null default 0,
        clock_offset_s integer,
        min_version text
    ) strict""",
)

# Laptops that were cloned or restored: lanes that end, and those that follow them.
_LIVES = (
    "alter table lanes add column successor_no integer references lanes (lane_no)",
    "alter table sync_self add column earlier integer not null default 0",
    "alter table sync_self add column guarded_seq integer not null default 0",
    "alter table devices add column closed_at text",
    "alter table devices add column succeeds_no integer references lanes (lane_no)",
    """create table notices (
        notice_no integer primary key autoincrement,
        kind text not null,
        lane text not null,
        detail text not null,
        noticed_at text not null,
        settled_at text
    ) strict""",
    "create unique index notices_open on notices (kind, lane) where settled_at is null",
)

# A province that was put back: which edits it has told since, so that the others are given back to it.
_GIVING = (
    "alter table edits add column told integer not null default 0",
    "alter table sync_upstream add column giving integer not null default 0",
    "alter table sync_upstream add column checked_at text",
)

# What an author's word weighs, where it is not simply min(rank, ceiling of the lane).
_WEIGHTS = (
    "alter table edits add column authority integer",
    "create table unvouched (uid text primary key references edits (uid), author text not null) strict",
)

# Records that leave an area: who was told them, who must forget them, and who has forgotten them.
_DEPARTURES = (
    "alter table placement add column since_n integer not null default 0",
    "alter table placement add column left_n integer",
    "alter table placement add column gone_n integer",
    "create index placement_leaving on placement (area) where left_n is not null and gone_n is null",
    "alter table feed add column gone integer not null default 0",
    "alter table devices add column read_n integer not null default 0",
    "create table departed (entity text primary key, forgotten integer not null default 0) strict",
    "alter table sync_upstream add column leaving text",
)

# What travels by flash disk, memory card or a puskesmas PC.
_COURIER = (
    "alter table sync_upstream add column relays text not null default '[]'",
    "alter table sync_upstream add column entrusted_seq integer not null default 0",
    "alter table sync_upstream add column entrusted_at text",
    "alter table sync_upstream add column entrusted_to text",
    "alter table enrolment_codes add column code_key text not null default ''",
    """create table carried (
        lane_no integer primary key references lanes (lane_no),
        epoch text not null,
        cursor_n integer not null,
        scope_hash text not null,
        app text not null,
        schema_version integer not null,
        relays text not null,
        last_seq integer not null,
        heard_at text not null
    ) strict""",
    """create table satchel (
        fingerprint text primary key,
        kind integer not null,
        lane text not null,
        first_seq integer not null,
        last_seq integer not null,
        label text not null,
        received_at text not null,
        passed_at text,
        bundle blob not null
    ) strict""",
    "create index satchel_lane on satchel (lane, kind)",
    "create table unbelieved (lane text primary key, named_at text not null) strict, without rowid",
    """create table unbelieved_list (
        id integer primary key check (id = 1),
        serial integer not null,
        bundle blob not null
    ) strict""",
)

# Records that a puskesmas PC knows from bundles before the province has told them; bundles that the province refused.
_EARLY = (
    "create table early (uid text primary key references edits (uid)) strict, without rowid",
    "alter table satchel add column refused text not null default ''",
)

# Contacts at which a laptop's clock was found wrong by a day or more, by the province's clock, and by how much.
_CLOCKS = (
    """create table clock_findings (
        finding_no integer primary key autoincrement,
        lane_no integer not null references lanes (lane_no),
        found_at text not null,
        offset_s integer not null,
        unique (lane_no, found_at)
    ) strict""",
)

# By which lane's word a PC believed what it knows early; marks of what the province has told since go at once from now on.
_VOUCHED_BY = (
    "alter table early add column vouched_by text",
    "delete from early where uid in (select uid from edits where told = 1)",
)

# What an edit replaces counts within its own record only. Of what was noted before s013 nobody knows of which that was.
_AWAITED_OF = (
    """create table awaited_of (
        entity text not null,
        uid text not null,
        field integer not null,
        asked_by text,
        primary key (uid, field, entity)
    ) strict, without rowid""",
    """insert into awaited_of (entity, uid, field, asked_by)
        select coalesce(e.entity, ''), a.uid, a.field, a.asked_by
        from awaited a left join edits e on e.uid = a.asked_by""",
    "drop table awaited",
    "alter table awaited_of rename to awaited",
)

# What a laptop asked in its newest bundle, for later receipts; two copies' batches side by side; our own lane is not known early.
_BY_STICK = (
    "alter table carried add column asks text not null default '{}'",
    "alter table held rename to held_once",
    """create table held (
        lane_no integer not null references lanes (lane_no),
        first_seq integer not null,
        last_seq integer not null,
        end_chain text not null default '',
        received_at text not null,
        envelope blob not null,
        primary key (lane_no, first_seq, last_seq, end_chain)
    ) strict""",
    """insert into held (lane_no, first_seq, last_seq, received_at, envelope)
        select lane_no, first_seq, last_seq, received_at, envelope from held_once""",
    "drop table held_once",
    "delete from early where uid in (select uid from edits where lane_no = (select lane_no from sync_self))",
    "delete from early where uid in (select uid from positions where lane_no = (select lane_no from sync_self))",
)

# In which order bundles came, when each went on first, whose word it has, in which life of the province it was heard.
_SATCHEL_ROOM = (
    "alter table satchel add column came_n integer not null default 0",
    "alter table satchel add column first_passed_at text",
    "alter table satchel add column vouched_by text not null default ''",
    "alter table satchel add column heard_epoch text not null default ''",
    "update satchel set first_passed_at = passed_at, heard_epoch = coalesce((select epoch from sync_upstream), '')",
    "update satchel set vouched_by = lane where label <> ''",
)

# What the feed has told, each time that it grew: a number alone may mean something else after a restore.
_STORIES = (
    "create table feed_stories (n integer primary key, story text not null) strict",
    "alter table sync_upstream add column story text not null default ''",
)

ALL: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("s001_log", _LOG),
    ("s002_state", _STATE),
    ("s003_feed", _FEED),
    ("s004_province", _PROVINCE),
    ("s005_self", _SELF),
    ("s006_lives", _LIVES),
    ("s007_giving", _GIVING),
    ("s008_weights", _WEIGHTS),
    ("s009_departures", _DEPARTURES),
    ("s010_courier", _COURIER),
    ("s011_versions", ("alter table sync_upstream add column schema_version integer not null default 1",)),
    ("s012_early", _EARLY),
    # Who waits for an edit that has not come: the one that replaced it.
    ("s013_asked_by", ("alter table awaited add column asked_by text",)),
    # Envelopes under quarantine that a person looked at and did not take in.
    ("s014_put_aside", ("alter table quarantine add column put_aside_at text",)),
    ("s015_clocks", _CLOCKS),
    # A laptop that has lost an area asks by the names of its records, from the first one on.
    ("s016_left_by_name", ("""update sync_upstream set leaving = '["", ""]' where leaving is not null""",)),
    ("s017_vouched_by", _VOUCHED_BY),
    # What was first written in a lane and stands in another.
    (
        "s018_origins",
        ("create index edits_origin on edits (origin_lane_no) where origin_lane_no is not null",),
    ),
    # What an edit may weigh whoever wrote it, by the lane that brought it: it may stand in the province's own.
    ("s019_most", ("alter table unvouched add column most integer not null default 4",)),
    ("s020_awaited_of", _AWAITED_OF),
    # The areas of which a laptop had read what they were told up to read_n: of others it was told nothing.
    ("s021_read_areas", ("alter table devices add column read_areas text not null default '[]'",)),
    ("s022_by_stick", _BY_STICK),
    # When the province said of a bundle that it took it: only that takes it out of the satchel soon.
    ("s023_heard", ("alter table satchel add column heard_at text",)),
    # How far a laptop had read when it began to read everything again.
    ("s024_had_read", ("alter table sync_upstream add column read_n integer not null default 0",)),
    ("s026_satchel_room", _SATCHEL_ROOM),
    ("s027_stories", _STORIES),
)
