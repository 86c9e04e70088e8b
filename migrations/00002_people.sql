-- SPDX-License-Identifier: Apache-2.0
-- Who calls: citizens, their devices, staff, what they hold to prove it.

-- +goose Up
CREATE TABLE citizens (
    jurisdiction_id integer     NOT NULL,
    id              uuid        NOT NULL,
    phone_index     bytea       NOT NULL,
    key_id          text        NOT NULL,
    phone_sealed    bytea       NOT NULL,
    name_sealed     bytea,
    language        text        NOT NULL,
    created_at      timestamptz NOT NULL,
    CONSTRAINT citizens_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT citizens_phone_key UNIQUE (jurisdiction_id, phone_index),
    CONSTRAINT citizens_phone_index_length CHECK (octet_length(phone_index) = 32),
    CONSTRAINT citizens_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id)
);

CREATE TABLE devices (
    jurisdiction_id integer     NOT NULL,
    id              uuid        NOT NULL,
    secret_hash     bytea       NOT NULL,
    citizen_id      uuid,
    platform        text        NOT NULL,
    app_version     text        NOT NULL DEFAULT '',
    language        text        NOT NULL,
    fcm_token       text,
    demo            boolean     NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT devices_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT devices_citizen_fkey FOREIGN KEY (jurisdiction_id, citizen_id) REFERENCES citizens (jurisdiction_id, id),
    CONSTRAINT devices_secret_length CHECK (octet_length(secret_hash) = 32),
    CONSTRAINT devices_platform_known CHECK (platform IN ('android', 'ios', 'web')),
    CONSTRAINT devices_fcm_token_length CHECK (length(fcm_token) BETWEEN 1 AND 4096)
);
CREATE INDEX devices_citizen_idx ON devices (jurisdiction_id, citizen_id) WHERE citizen_id IS NOT NULL;
CREATE UNIQUE INDEX devices_fcm_token_key ON devices (jurisdiction_id, md5(fcm_token)) WHERE fcm_token IS NOT NULL;

CREATE TABLE staff (
    jurisdiction_id integer     NOT NULL,
    id              uuid        NOT NULL,
    login           text        NOT NULL,
    name            text        NOT NULL,
    password_hash   text        NOT NULL,
    roles           jsonb       NOT NULL,
    unit            text,
    active          boolean     NOT NULL DEFAULT true,
    created_at      timestamptz NOT NULL,
    CONSTRAINT staff_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT staff_login_key UNIQUE (jurisdiction_id, login),
    CONSTRAINT staff_login_form CHECK (login = lower(login) AND length(login) BETWEEN 2 AND 64),
    CONSTRAINT staff_roles_list CHECK (jsonb_typeof(roles) = 'array' AND jsonb_array_length(roles) > 0),
    CONSTRAINT staff_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id)
);

CREATE TABLE tokens (
    hash            bytea       NOT NULL,
    jurisdiction_id integer     NOT NULL,
    session_id      uuid        NOT NULL,
    kind            text        NOT NULL,
    actor_kind      text        NOT NULL,
    actor_id        uuid        NOT NULL,
    issued_at       timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    revoked_at      timestamptz,
    CONSTRAINT tokens_pkey PRIMARY KEY (hash),
    CONSTRAINT tokens_hash_length CHECK (octet_length(hash) = 32),
    CONSTRAINT tokens_kind_known CHECK (kind IN ('access', 'refresh')),
    CONSTRAINT tokens_actor_kind_known CHECK (actor_kind IN ('device', 'citizen', 'staff')),
    CONSTRAINT tokens_expire_later CHECK (expires_at > issued_at)
);
CREATE INDEX tokens_session_idx ON tokens (jurisdiction_id, session_id);
CREATE INDEX tokens_actor_idx ON tokens (jurisdiction_id, actor_id);
CREATE INDEX tokens_expires_idx ON tokens (expires_at);

CREATE TABLE otps (
    jurisdiction_id integer     NOT NULL,
    phone_index     bytea       NOT NULL,
    code_hash       bytea       NOT NULL,
    tries           smallint    NOT NULL DEFAULT 0,
    sent_at         timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    CONSTRAINT otps_pkey PRIMARY KEY (jurisdiction_id, phone_index),
    CONSTRAINT otps_tries_range CHECK (tries BETWEEN 0 AND 100)
);

-- +goose Down
DROP TABLE otps;
DROP TABLE tokens;
DROP TABLE staff;
DROP TABLE devices;
DROP TABLE citizens;
