-- SPDX-License-Identifier: Apache-2.0
-- What the readers of the log make of it: search, the in-app inbox, deliveries.

-- +goose Up
CREATE TABLE report_search (
    jurisdiction_id integer  NOT NULL,
    report_id       uuid     NOT NULL,
    operations      tsvector NOT NULL,
    shared          tsvector NOT NULL,
    CONSTRAINT report_search_pkey PRIMARY KEY (jurisdiction_id, report_id),
    CONSTRAINT report_search_report_fkey FOREIGN KEY (jurisdiction_id, report_id) REFERENCES reports (jurisdiction_id, id)
);
CREATE INDEX report_search_operations_idx ON report_search USING gin (operations);
CREATE INDEX report_search_shared_idx ON report_search USING gin (shared);

CREATE TABLE notifications (
    jurisdiction_id integer     NOT NULL,
    id              uuid        NOT NULL,
    recipient       text        NOT NULL,
    report_id       uuid        NOT NULL,
    pos             bigint      NOT NULL,
    kind            text        NOT NULL,
    state           text        NOT NULL,
    language        text        NOT NULL,
    title           text        NOT NULL,
    body            text        NOT NULL,
    link            text        NOT NULL,
    created_at      timestamptz NOT NULL,
    read_at         timestamptz,
    CONSTRAINT notifications_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT notifications_once_key UNIQUE (jurisdiction_id, recipient, pos),
    CONSTRAINT notifications_report_fkey FOREIGN KEY (jurisdiction_id, report_id) REFERENCES reports (jurisdiction_id, id)
);
CREATE INDEX notifications_inbox_idx ON notifications (jurisdiction_id, recipient, id);

CREATE TABLE deliveries (
    jurisdiction_id integer     NOT NULL,
    id              uuid        NOT NULL,
    notification_id uuid        NOT NULL,
    device_id       uuid        NOT NULL,
    channel         text        NOT NULL,
    status          text        NOT NULL,
    tries           smallint    NOT NULL DEFAULT 0,
    history         jsonb       NOT NULL DEFAULT '[]',
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT deliveries_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT deliveries_once_key UNIQUE (jurisdiction_id, notification_id, device_id, channel),
    CONSTRAINT deliveries_notification_fkey FOREIGN KEY (jurisdiction_id, notification_id) REFERENCES notifications (jurisdiction_id, id),
    CONSTRAINT deliveries_channel_known CHECK (channel IN ('fcm', 'inapp')),
    CONSTRAINT deliveries_status_known CHECK (status IN ('pending', 'sent', 'failed', 'dropped')),
    CONSTRAINT deliveries_tries_range CHECK (tries BETWEEN 0 AND 1000)
);
CREATE INDEX deliveries_pending_idx ON deliveries (jurisdiction_id, created_at) WHERE status = 'pending';

-- +goose Down
DROP TABLE deliveries;
DROP TABLE notifications;
DROP TABLE report_search;
