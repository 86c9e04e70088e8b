-- SPDX-License-Identifier: Apache-2.0
-- Tickets: tokens that open one stream, once, where a browser cannot send a header.

-- +goose Up
ALTER TABLE tokens DROP CONSTRAINT tokens_kind_known;
ALTER TABLE tokens ADD CONSTRAINT tokens_kind_known CHECK (kind IN ('access', 'refresh', 'ticket'));

-- +goose Down
DELETE FROM tokens WHERE kind = 'ticket';
ALTER TABLE tokens DROP CONSTRAINT tokens_kind_known;
ALTER TABLE tokens ADD CONSTRAINT tokens_kind_known CHECK (kind IN ('access', 'refresh'));
