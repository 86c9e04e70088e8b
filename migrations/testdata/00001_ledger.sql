-- SPDX-License-Identifier: Apache-2.0
INSERT INTO jurisdictions (id, code, created_at) VALUES (1, 'song-may', '2026-01-01T00:00:00Z');
INSERT INTO events (jurisdiction_id, pos, subject_kind, subject_id, subject_seq, kind, origin, actor, at, body, hash)
VALUES (1, 1, 'pack', '01900000-0000-7000-8000-000000000001', 1, 'pack.applied', 'live', 'system', '2026-01-02T03:04:05Z', '{"number":1}', decode(repeat('ab', 32), 'hex'));
UPDATE log_head SET pos = 1, hash = decode(repeat('ab', 32), 'hex') WHERE jurisdiction_id = 1;
INSERT INTO cursors (jurisdiction_id, reader, pos) VALUES (1, 'search', 1);
INSERT INTO idempotency_keys VALUES (1, '01900000-0000-7000-8000-0000000000aa', '01900000-0000-7000-8000-0000000000ab', decode(repeat('01', 32), 'hex'), '01900000-0000-7000-8000-000000000010', '2026-01-02T03:04:05Z');
INSERT INTO pack_versions VALUES (1, 1, '01900000-0000-7000-8000-000000000001', decode(repeat('02', 32), 'hex'), '\x504b', '12/QĐ-UBND', '2026-01-02T00:00:00Z', '2026-01-02T00:00:00Z', 'system');
