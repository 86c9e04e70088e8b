-- SPDX-License-Identifier: Apache-2.0
-- What a city's rules need beyond the first path: tasks with results, clocks that remind,
-- escalate and are counted anew, decisions, followers, splits, and what figures ask for.

-- +goose Up
ALTER TABLE reports
    ADD COLUMN first_category text     NOT NULL DEFAULT '',
    ADD COLUMN words          jsonb,
    ADD COLUMN split_from     uuid,
    ADD COLUMN escalated      smallint NOT NULL DEFAULT 0,
    ADD COLUMN urged          smallint NOT NULL DEFAULT 0,
    ADD COLUMN followers      integer  NOT NULL DEFAULT 0,
    ADD COLUMN me_too         integer  NOT NULL DEFAULT 0,
    ADD COLUMN rejected_for   text,
    ADD COLUMN state_at       timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT reports_words_list CHECK (jsonb_typeof(words) = 'array'),
    ADD CONSTRAINT reports_not_split_from_itself CHECK (split_from <> id),
    ADD CONSTRAINT reports_split_from_fkey FOREIGN KEY (jurisdiction_id, split_from) REFERENCES reports (jurisdiction_id, id),
    ADD CONSTRAINT reports_nudges_range CHECK (escalated BETWEEN 0 AND 100 AND urged BETWEEN 0 AND 10000),
    ADD CONSTRAINT reports_followers_range CHECK (followers >= 0 AND me_too BETWEEN 0 AND followers);
UPDATE reports SET first_category = category, state_at = updated_at;
CREATE INDEX reports_split_from_idx ON reports (jurisdiction_id, split_from) WHERE split_from IS NOT NULL;

ALTER TABLE texts
    ADD COLUMN task_id  uuid,
    ADD COLUMN replaces uuid,
    DROP CONSTRAINT texts_kind_known,
    ADD CONSTRAINT texts_kind_known CHECK (kind IN ('description', 'shared', 'address', 'answer', 'reason', 'question', 'reply', 'note',
        'comment', 'document', 'message', 'directive', 'result', 'consent')),
    ADD CONSTRAINT texts_replace_another CHECK (replaces <> id);
-- How somebody agreed to be filed for was a note of the moment the report came in; units never read it.
UPDATE texts SET kind = 'consent' FROM reports r
WHERE texts.kind = 'note' AND r.jurisdiction_id = texts.jurisdiction_id AND r.id = texts.report_id AND r.created_at = texts.created_at;

ALTER TABLE tasks
    ADD COLUMN result_id uuid,
    ADD COLUMN done_at   timestamptz;

ALTER TABLE deadlines
    ADD COLUMN task_id      uuid,
    ADD COLUMN total_s      bigint,
    ADD COLUMN counted_from timestamptz,
    ADD COLUMN left_s       bigint,
    ADD COLUMN reminded     smallint NOT NULL DEFAULT 0,
    ADD COLUMN level        smallint NOT NULL DEFAULT 0,
    ADD COLUMN next_at      timestamptz,
    ADD COLUMN extended_at  timestamptz,
    ADD COLUMN extended_by  text,
    ADD COLUMN document     text,
    ADD COLUMN adjusted     jsonb,
    ADD CONSTRAINT deadlines_extended_whole CHECK ((extended_at IS NULL) = (extended_by IS NULL)),
    ADD CONSTRAINT deadlines_reminded_range CHECK (reminded BETWEEN 0 AND 100 AND level BETWEEN 0 AND 100),
    ADD CONSTRAINT deadlines_adjusted_list CHECK (jsonb_typeof(adjusted) = 'array'),
    ADD CONSTRAINT deadlines_standing_asks_nothing CHECK (next_at IS NULL OR (stopped_at IS NULL AND paused_at IS NULL));
UPDATE deadlines SET next_at = due_at WHERE stopped_at IS NULL AND paused_at IS NULL AND overdue_at IS NULL;
DROP INDEX deadlines_due_idx;
CREATE INDEX deadlines_next_idx ON deadlines (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX deadlines_running_idx ON deadlines (jurisdiction_id, due_at) WHERE stopped_at IS NULL AND paused_at IS NULL;

CREATE TABLE follows (
    jurisdiction_id integer     NOT NULL,
    report_id       uuid        NOT NULL,
    follower        text        NOT NULL,
    me_too          boolean     NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    CONSTRAINT follows_pkey PRIMARY KEY (jurisdiction_id, report_id, follower),
    CONSTRAINT follows_report_fkey FOREIGN KEY (jurisdiction_id, report_id) REFERENCES reports (jurisdiction_id, id),
    CONSTRAINT follows_follower_form CHECK (follower ~ '^(citizen|device|staff):[0-9a-f-]{36}$')
);
CREATE INDEX follows_follower_idx ON follows (jurisdiction_id, follower, report_id) WHERE ended_at IS NULL;

CREATE TABLE decisions (
    jurisdiction_id integer     NOT NULL,
    id              uuid        NOT NULL,
    document        text        NOT NULL,
    kind            text        NOT NULL,
    areas           jsonb       NOT NULL DEFAULT '[]',
    categories      jsonb       NOT NULL DEFAULT '[]',
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,
    days            smallint    NOT NULL DEFAULT 0,
    made_by         text        NOT NULL,
    made_at         timestamptz NOT NULL,
    revoked_at      timestamptz,
    CONSTRAINT decisions_pkey PRIMARY KEY (jurisdiction_id, id),
    CONSTRAINT decisions_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id),
    CONSTRAINT decisions_kind_known CHECK (kind IN ('suspend', 'extend')),
    CONSTRAINT decisions_document_length CHECK (length(document) BETWEEN 1 AND 100),
    CONSTRAINT decisions_end_later CHECK (ends_at > starts_at),
    CONSTRAINT decisions_days_fit CHECK ((kind = 'extend') = (days > 0) AND days BETWEEN 0 AND 365),
    CONSTRAINT decisions_lists CHECK (jsonb_typeof(areas) = 'array' AND jsonb_typeof(categories) = 'array')
);

-- +goose Down
DROP TABLE decisions;
DROP TABLE follows;
DROP INDEX deadlines_running_idx;
DROP INDEX deadlines_next_idx;
CREATE INDEX deadlines_due_idx ON deadlines (jurisdiction_id, due_at) WHERE stopped_at IS NULL AND paused_at IS NULL;
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_standing_asks_nothing, DROP CONSTRAINT deadlines_adjusted_list, DROP CONSTRAINT deadlines_reminded_range,
    DROP CONSTRAINT deadlines_extended_whole,
    DROP COLUMN task_id, DROP COLUMN total_s, DROP COLUMN counted_from, DROP COLUMN left_s, DROP COLUMN reminded, DROP COLUMN level,
    DROP COLUMN next_at, DROP COLUMN extended_at, DROP COLUMN extended_by, DROP COLUMN document, DROP COLUMN adjusted;
ALTER TABLE tasks DROP COLUMN result_id, DROP COLUMN done_at;
UPDATE texts SET kind = 'note' WHERE kind IN ('message', 'directive', 'result', 'consent');
ALTER TABLE texts
    DROP CONSTRAINT texts_replace_another, DROP CONSTRAINT texts_kind_known,
    ADD CONSTRAINT texts_kind_known CHECK (kind IN ('description', 'shared', 'address', 'answer', 'reason', 'question', 'reply', 'note', 'comment', 'document')),
    DROP COLUMN task_id, DROP COLUMN replaces;
DROP INDEX reports_split_from_idx;
ALTER TABLE reports
    DROP CONSTRAINT reports_followers_range, DROP CONSTRAINT reports_nudges_range, DROP CONSTRAINT reports_split_from_fkey,
    DROP CONSTRAINT reports_not_split_from_itself, DROP CONSTRAINT reports_words_list,
    DROP COLUMN first_category, DROP COLUMN words, DROP COLUMN split_from, DROP COLUMN escalated, DROP COLUMN urged,
    DROP COLUMN followers, DROP COLUMN me_too, DROP COLUMN rejected_for, DROP COLUMN state_at;
