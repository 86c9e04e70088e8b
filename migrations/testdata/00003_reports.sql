-- SPDX-License-Identifier: Apache-2.0
INSERT INTO reports (jurisdiction_id, id, code, pack_version, workflow, state, phase, visibility, shown, category, urgency, channel, language, origin,
    lat, lon, tile, public_tile, location_source, location_precision, attributes, description_id, shared_text_id, answer_id, outcome, rating, lead_unit,
    citizen_id, version, event_seq, created_at, updated_at, accepted_at, resolved_at, published_at)
VALUES (1, '01900000-0000-7000-8000-000000000010', 'HUE-7K3F-9QXD-2MWT', 1, 'thuong', 'published', 'answered', 'public', 'full', 'den-duong', 'normal', 'app', 'vi', 'live',
    16.46, 107.59, 3000000000000000, 3000000000000000, 'gps', 'exact', '{"pole": "A12"}', '01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000011',
    '01900000-0000-7000-8000-000000000012', 'fixed', 'satisfied', 'chieu-sang', '01900000-0000-7000-8000-000000000002', 6, 9,
    '2026-01-02T03:04:05Z', '2026-01-05T03:04:05Z', '2026-01-02T04:00:00Z', '2026-01-04T04:00:00Z', '2026-01-05T03:04:05Z');
INSERT INTO texts VALUES (1, '01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000010', 'description', 'vi', 'Đèn hỏng', decode(repeat('07', 16), 'hex'), decode(repeat('08', 32), 'hex'), 'citizen:01900000-0000-7000-8000-000000000002', '2026-01-02T03:04:05Z', NULL);
INSERT INTO texts VALUES (1, '01900000-0000-7000-8000-000000000012', '01900000-0000-7000-8000-000000000010', 'answer', 'vi', NULL, decode(repeat('07', 16), 'hex'), decode(repeat('09', 32), 'hex'), 'staff:01900000-0000-7000-8000-000000000004', '2026-01-04T04:00:00Z', '2026-02-01T00:00:00Z');
INSERT INTO contacts VALUES (1, '01900000-0000-7000-8000-000000000010', 'k1', '\x01', '\x02', '\x03', '\x04', NULL, '2026-01-02T03:04:05Z', NULL);
INSERT INTO tasks VALUES (1, '01900000-0000-7000-8000-000000000013', '01900000-0000-7000-8000-000000000010', 'chieu-sang', true, 'done', NULL, 3, '{"rule": 7}', '2026-01-02T04:00:00Z', '2026-01-04T04:00:00Z');
INSERT INTO deadlines VALUES (1, '01900000-0000-7000-8000-000000000014', '01900000-0000-7000-8000-000000000010', 'xu-ly', 'chieu-sang', 'working', 'den-duong/xu-ly', '2026-01-02T04:00:00Z', '2026-01-07T09:30:00Z', NULL, 90000, '2026-01-04T04:00:00Z', NULL);
INSERT INTO ratings VALUES (1, '01900000-0000-7000-8000-000000000010', 0, 'satisfied', NULL, '2026-01-05T05:00:00Z');
INSERT INTO photos (jurisdiction_id, id, report_id, owner, kind, status, sha256, bytes, format, width, height, blurhash, dhash, origin, event_seq, created_at, rendered_at)
VALUES (1, '01900000-0000-7000-8000-000000000015', '01900000-0000-7000-8000-000000000010', 'citizen:01900000-0000-7000-8000-000000000002', 'before', 'ready', decode(repeat('0a', 32), 'hex'), 12345, 'jpeg', 4000, 3000, 'LEHV6nWB2yk8', 42, 'live', 2, '2026-01-02T03:04:05Z', '2026-01-02T03:04:09Z');
