-- SPDX-License-Identifier: Apache-2.0
-- The log: who it belongs to, its head, its events, and how far each reader has come.

-- +goose Up
CREATE TABLE jurisdictions (
    id         integer     NOT NULL,
    code       text        NOT NULL,
    host       text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT jurisdictions_pkey PRIMARY KEY (id),
    CONSTRAINT jurisdictions_code_key UNIQUE (code),
    CONSTRAINT jurisdictions_host_key UNIQUE (host),
    CONSTRAINT jurisdictions_id_positive CHECK (id > 0),
    CONSTRAINT jurisdictions_code_form CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,62}$')
);

-- One row a jurisdiction; its lock is what makes positions gapless.
CREATE TABLE log_head (
    jurisdiction_id integer NOT NULL,
    pos             bigint  NOT NULL DEFAULT 0,
    hash            bytea   NOT NULL,
    epoch           uuid    NOT NULL DEFAULT gen_random_uuid(),
    CONSTRAINT log_head_pkey PRIMARY KEY (jurisdiction_id),
    CONSTRAINT log_head_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id),
    CONSTRAINT log_head_pos_positive CHECK (pos >= 0),
    CONSTRAINT log_head_hash_length CHECK (octet_length(hash) = 32)
) WITH (fillfactor = 10);

-- +goose StatementBegin
CREATE FUNCTION jurisdictions_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO log_head (jurisdiction_id, hash) VALUES (NEW.id, decode(repeat('00', 32), 'hex'));
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER jurisdictions_head AFTER INSERT ON jurisdictions FOR EACH ROW EXECUTE FUNCTION jurisdictions_head();

CREATE TABLE events (
    jurisdiction_id integer     NOT NULL,
    pos             bigint      NOT NULL,
    subject_kind    text        NOT NULL,
    subject_id      uuid        NOT NULL,
    subject_seq     bigint      NOT NULL,
    kind            text        NOT NULL,
    origin          text        NOT NULL,
    actor           text        NOT NULL,
    at              timestamptz NOT NULL,
    body            text        NOT NULL,
    hash            bytea       NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (jurisdiction_id, pos),
    CONSTRAINT events_pos_positive CHECK (pos > 0),
    CONSTRAINT events_origin_known CHECK (origin IN ('live', 'import', 'demo', 'drill')),
    CONSTRAINT events_hash_length CHECK (octet_length(hash) = 32)
) PARTITION BY RANGE (pos);
CREATE INDEX events_subject_idx ON events (jurisdiction_id, subject_id, pos);

-- Keeps three partitions of ten million positions ahead of the furthest head. The
-- application may call it; it runs with its owner's rights because the application's
-- own role makes no tables.
-- +goose StatementBegin
CREATE FUNCTION ensure_event_partitions() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    size  constant bigint := 10000000;
    head  bigint;
    k     bigint;
    made  integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ensure_event_partitions'));
    SELECT coalesce(max(pos), 0) INTO head FROM log_head;
    FOR k IN 0 .. head / size + 2 LOOP
        IF to_regclass(format('events_%s', k)) IS NULL THEN
            EXECUTE format('CREATE TABLE events_%s PARTITION OF events FOR VALUES FROM (%s) TO (%s)', k, k * size, (k + 1) * size);
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
-- +goose StatementEnd
SELECT ensure_event_partitions();

CREATE TABLE cursors (
    jurisdiction_id integer     NOT NULL,
    reader          text        NOT NULL,
    pos             bigint      NOT NULL DEFAULT 0,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT cursors_pkey PRIMARY KEY (jurisdiction_id, reader),
    CONSTRAINT cursors_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id),
    CONSTRAINT cursors_pos_positive CHECK (pos >= 0)
);

CREATE TABLE idempotency_keys (
    jurisdiction_id integer     NOT NULL,
    installation    uuid        NOT NULL,
    key             uuid        NOT NULL,
    fingerprint     bytea       NOT NULL,
    subject_id      uuid        NOT NULL,
    created_at      timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (jurisdiction_id, installation, key),
    CONSTRAINT idempotency_keys_fingerprint_length CHECK (octet_length(fingerprint) = 32)
);

CREATE TABLE pack_versions (
    jurisdiction_id integer     NOT NULL,
    number          integer     NOT NULL,
    id              uuid        NOT NULL,
    digest          bytea       NOT NULL,
    files           bytea       NOT NULL,
    document        text        NOT NULL DEFAULT '',
    effective_at    timestamptz NOT NULL,
    applied_at      timestamptz NOT NULL,
    applied_by      text        NOT NULL,
    CONSTRAINT pack_versions_pkey PRIMARY KEY (jurisdiction_id, number),
    CONSTRAINT pack_versions_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id),
    CONSTRAINT pack_versions_number_positive CHECK (number > 0),
    CONSTRAINT pack_versions_digest_length CHECK (octet_length(digest) = 32)
);

-- +goose Down
DROP TABLE pack_versions;
DROP TABLE idempotency_keys;
DROP TABLE cursors;
DROP TABLE events;
DROP FUNCTION ensure_event_partitions();
DROP TABLE log_head;
DROP TABLE jurisdictions;
DROP FUNCTION jurisdictions_head();
