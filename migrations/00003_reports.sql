-- SPDX-License-Identifier: Apache-2.0
-- Reports and what hangs on them. Only the ledger writes here.

-- +goose Up
CREATE TABLE reports (
    jurisdiction_id    integer     NOT NULL,
    id                 uuid        NOT NULL,
    code               text        NOT NULL,
    pack_version       integer     NOT NULL,
    workflow           text        NOT NULL,
    state              text        NOT NULL,
    phase              text        NOT NULL,
    previous_state     text,
    visibility         text        NOT NULL,
    hidden_reason      text,
    shown              text        NOT NULL,
    category           text        NOT NULL,
    area               text,
    lead_unit          text,
    urgency            text        NOT NULL,
    channel            text        NOT NULL,
    language           text        NOT NULL,
    origin             text        NOT NULL,
    lat                double precision,
    lon                double precision,
    tile               bigint,
    public_tile        bigint,
    accuracy_m         double precision,
    location_source    text        NOT NULL,
    location_precision text        NOT NULL,
    attributes         jsonb       NOT NULL,
    sos                jsonb,
    observed_at        timestamptz,
    description_id     uuid        NOT NULL,
    shared_text_id     uuid,
    answer_id          uuid,
    outcome            text,
    rating             text,
    duplicate_of       uuid,
    transferred_to     text,
    scheduled_for      timestamptz,
    citizen_id         uuid,
    device_id          uuid,
    agent_id           uuid,
    has_contact        boolean     NOT NULL DEFAULT false,
    hide_name          boolean     NOT NULL DEFAULT true,
    external_ref       text,
    claimed_by         uuid,
    claimed_until      timestamptz,
    reopens            smallint    NOT NULL DEFAULT 0,
    appeals            smallint    NOT NULL DEFAULT 0,
    version            bigint      NOT NULL DEFAULT 1,
    event_seq          bigint      NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    accepted_at        timestamptz,
    resolved_at        timestamptz,
    approved_at        timestamptz,
    published_at       timestamptz,
    ended_at           timestamptz,
    CONSTRAINT reports_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT reports_code_key UNIQUE (jurisdiction_id, code),
    CONSTRAINT reports_phase_known CHECK (phase IN ('received', 'working', 'answered', 'ended')),
    CONSTRAINT reports_visibility_known CHECK (visibility IN ('private', 'public', 'restricted', 'hidden')),
    CONSTRAINT reports_hidden_has_reason CHECK ((visibility = 'hidden') = (hidden_reason IS NOT NULL)),
    CONSTRAINT reports_shown_known CHECK (shown IN ('none', 'status', 'link', 'full')),
    CONSTRAINT reports_shown_only_public CHECK (shown = 'none' OR visibility = 'public'),
    CONSTRAINT reports_public_tile_only_shown CHECK (public_tile IS NULL OR shown = 'full'),
    CONSTRAINT reports_urgency_known CHECK (urgency IN ('normal', 'urgent', 'sos')),
    CONSTRAINT reports_channel_known CHECK (channel IN ('app', 'web', 'hotline', 'agent', 'machine', 'open311', 'sms', 'import')),
    CONSTRAINT reports_origin_known CHECK (origin IN ('live', 'import', 'demo', 'drill')),
    CONSTRAINT reports_place_whole CHECK ((lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (tile IS NULL)),
    CONSTRAINT reports_place_range CHECK (lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180),
    CONSTRAINT reports_source_known CHECK (location_source IN ('gps', 'photo', 'pin', 'address', 'words')),
    CONSTRAINT reports_precision_known CHECK (location_precision IN ('exact', 'snapped', 'ward')),
    CONSTRAINT reports_outcome_known CHECK (outcome IN ('fixed', 'planned', 'nothing_found', 'not_possible')),
    CONSTRAINT reports_rating_known CHECK (rating IN ('satisfied', 'acceptable', 'unsatisfied')),
    CONSTRAINT reports_answered_has_answer CHECK (phase <> 'answered' OR (answer_id IS NOT NULL AND outcome IS NOT NULL AND published_at IS NOT NULL)),
    CONSTRAINT reports_ended_has_time CHECK ((phase = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT reports_working_was_accepted CHECK (phase NOT IN ('working', 'answered') OR accepted_at IS NOT NULL),
    CONSTRAINT reports_claim_whole CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
    CONSTRAINT reports_not_its_own_duplicate CHECK (duplicate_of <> id),
    CONSTRAINT reports_reopens_range CHECK (reopens BETWEEN 0 AND 100 AND appeals BETWEEN 0 AND 100),
    CONSTRAINT reports_counters_positive CHECK (version > 0 AND event_seq > 0),
    CONSTRAINT reports_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id)
) WITH (fillfactor = 85);
CREATE INDEX reports_state_idx ON reports (jurisdiction_id, state, id);
CREATE INDEX reports_tile_idx ON reports (jurisdiction_id, tile) WHERE tile IS NOT NULL;
CREATE INDEX reports_public_tile_idx ON reports (jurisdiction_id, public_tile) WHERE public_tile IS NOT NULL;
CREATE INDEX reports_shown_idx ON reports (jurisdiction_id, id) WHERE shown <> 'none';
CREATE INDEX reports_citizen_idx ON reports (jurisdiction_id, citizen_id, id) WHERE citizen_id IS NOT NULL;
CREATE INDEX reports_device_idx ON reports (jurisdiction_id, device_id, id) WHERE device_id IS NOT NULL;
CREATE INDEX reports_updated_idx ON reports (jurisdiction_id, updated_at);
CREATE UNIQUE INDEX reports_external_ref_key ON reports (jurisdiction_id, channel, external_ref) WHERE external_ref IS NOT NULL;

CREATE TABLE texts (
    jurisdiction_id integer     NOT NULL,
    id              uuid        NOT NULL,
    report_id       uuid        NOT NULL,
    kind            text        NOT NULL,
    language        text        NOT NULL,
    body            text,
    salt            bytea       NOT NULL,
    digest          bytea       NOT NULL,
    author          text        NOT NULL,
    created_at      timestamptz NOT NULL,
    erased_at       timestamptz,
    CONSTRAINT texts_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT texts_report_fkey FOREIGN KEY (jurisdiction_id, report_id) REFERENCES reports (jurisdiction_id, id),
    CONSTRAINT texts_kind_known CHECK (kind IN ('description', 'shared', 'address', 'answer', 'reason', 'question', 'reply', 'note', 'comment', 'document')),
    CONSTRAINT texts_erased_is_empty CHECK ((body IS NULL) = (erased_at IS NOT NULL)),
    CONSTRAINT texts_digest_length CHECK (octet_length(salt) = 16 AND octet_length(digest) = 32),
    CONSTRAINT texts_body_length CHECK (length(body) <= 20000)
);
CREATE INDEX texts_report_idx ON texts (jurisdiction_id, report_id);

CREATE TABLE contacts (
    jurisdiction_id integer     NOT NULL,
    report_id       uuid        NOT NULL,
    key_id          text        NOT NULL,
    name_sealed     bytea,
    phone_sealed    bytea,
    phone_index     bytea,
    phone_last4     bytea,
    email_sealed    bytea,
    created_at      timestamptz NOT NULL,
    erased_at       timestamptz,
    CONSTRAINT contacts_pkey PRIMARY KEY (jurisdiction_id, report_id),
    CONSTRAINT contacts_report_fkey FOREIGN KEY (jurisdiction_id, report_id) REFERENCES reports (jurisdiction_id, id),
    CONSTRAINT contacts_phone_whole CHECK ((phone_sealed IS NULL) = (phone_index IS NULL) AND (phone_sealed IS NULL) = (phone_last4 IS NULL)),
    CONSTRAINT contacts_erased_is_empty CHECK (erased_at IS NULL OR (name_sealed IS NULL AND phone_sealed IS NULL AND email_sealed IS NULL))
);
CREATE INDEX contacts_phone_idx ON contacts (jurisdiction_id, phone_index) WHERE phone_index IS NOT NULL;

CREATE TABLE tasks (
    jurisdiction_id integer     NOT NULL,
    id              uuid        NOT NULL,
    report_id       uuid        NOT NULL,
    unit            text        NOT NULL,
    lead            boolean     NOT NULL,
    state           text        NOT NULL,
    handler_id      uuid,
    version         bigint      NOT NULL DEFAULT 1,
    route           jsonb,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT tasks_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT tasks_report_fkey FOREIGN KEY (jurisdiction_id, report_id) REFERENCES reports (jurisdiction_id, id),
    CONSTRAINT tasks_state_known CHECK (state IN ('open', 'working', 'done', 'returned', 'cancelled')),
    CONSTRAINT tasks_version_positive CHECK (version > 0)
);
CREATE INDEX tasks_report_idx ON tasks (jurisdiction_id, report_id);
CREATE INDEX tasks_unit_idx ON tasks (jurisdiction_id, unit, report_id);
CREATE UNIQUE INDEX tasks_one_lead_key ON tasks (jurisdiction_id, report_id) WHERE lead AND state IN ('open', 'working', 'done');

CREATE TABLE deadlines (
    jurisdiction_id integer     NOT NULL,
    id              uuid        NOT NULL,
    report_id       uuid        NOT NULL,
    kind            text        NOT NULL,
    unit            text,
    counts          text        NOT NULL,
    rule            text        NOT NULL,
    started_at      timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    paused_at       timestamptz,
    remaining_s     bigint,
    stopped_at      timestamptz,
    overdue_at      timestamptz,
    CONSTRAINT deadlines_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT deadlines_report_fkey FOREIGN KEY (jurisdiction_id, report_id) REFERENCES reports (jurisdiction_id, id),
    CONSTRAINT deadlines_counts_known CHECK (counts IN ('working', 'wall')),
    CONSTRAINT deadlines_standing_has_remaining CHECK ((paused_at IS NULL AND stopped_at IS NULL) = (remaining_s IS NULL))
);
CREATE INDEX deadlines_report_idx ON deadlines (jurisdiction_id, report_id);
CREATE INDEX deadlines_due_idx ON deadlines (jurisdiction_id, due_at) WHERE stopped_at IS NULL AND paused_at IS NULL;

CREATE TABLE ratings (
    jurisdiction_id integer     NOT NULL,
    report_id       uuid        NOT NULL,
    round           smallint    NOT NULL,
    level           text        NOT NULL,
    comment_id      uuid,
    created_at      timestamptz NOT NULL,
    CONSTRAINT ratings_pkey PRIMARY KEY (jurisdiction_id, report_id, round),
    CONSTRAINT ratings_report_fkey FOREIGN KEY (jurisdiction_id, report_id) REFERENCES reports (jurisdiction_id, id),
    CONSTRAINT ratings_level_known CHECK (level IN ('satisfied', 'acceptable', 'unsatisfied'))
);

CREATE TABLE photos (
    jurisdiction_id integer     NOT NULL,
    id              uuid        NOT NULL,
    report_id       uuid,
    owner           text        NOT NULL,
    kind            text        NOT NULL,
    status          text        NOT NULL,
    reason          text,
    sha256          bytea       NOT NULL,
    bytes           bigint      NOT NULL,
    format          text        NOT NULL,
    width           integer     NOT NULL,
    height          integer     NOT NULL,
    blurhash        text,
    dhash           bigint,
    taken_at        timestamptz,
    lat             double precision,
    lon             double precision,
    alt             text,
    origin          text        NOT NULL,
    event_seq       bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    rendered_at     timestamptz,
    CONSTRAINT photos_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT photos_report_fkey FOREIGN KEY (jurisdiction_id, report_id) REFERENCES reports (jurisdiction_id, id),
    CONSTRAINT photos_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id),
    CONSTRAINT photos_kind_known CHECK (kind IN ('before', 'after', 'document')),
    CONSTRAINT photos_status_known CHECK (status IN ('pending', 'ready', 'refused')),
    CONSTRAINT photos_refused_has_reason CHECK ((status = 'refused') = (reason IS NOT NULL)),
    CONSTRAINT photos_ready_is_rendered CHECK ((status = 'ready') = (rendered_at IS NOT NULL AND blurhash IS NOT NULL)),
    CONSTRAINT photos_size_positive CHECK (bytes > 0 AND width > 0 AND height > 0),
    CONSTRAINT photos_sha256_length CHECK (octet_length(sha256) = 32)
);
CREATE INDEX photos_report_idx ON photos (jurisdiction_id, report_id) WHERE report_id IS NOT NULL;
CREATE INDEX photos_loose_idx ON photos (jurisdiction_id, created_at) WHERE report_id IS NULL;

-- +goose Down
DROP TABLE photos;
DROP TABLE ratings;
DROP TABLE deadlines;
DROP TABLE tasks;
DROP TABLE contacts;
DROP TABLE texts;
DROP TABLE reports;
