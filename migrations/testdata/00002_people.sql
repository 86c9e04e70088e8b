-- SPDX-License-Identifier: Apache-2.0
INSERT INTO citizens VALUES (1, '01900000-0000-7000-8000-000000000002', decode(repeat('03', 32), 'hex'), 'k1', '\x01', NULL, 'vi', '2026-01-02T03:04:05Z');
INSERT INTO devices (jurisdiction_id, id, secret_hash, citizen_id, platform, language, fcm_token, created_at, updated_at)
VALUES (1, '01900000-0000-7000-8000-000000000003', decode(repeat('04', 32), 'hex'), '01900000-0000-7000-8000-000000000002', 'android', 'vi', 'token-1', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z');
INSERT INTO staff (jurisdiction_id, id, login, name, password_hash, roles, unit, created_at)
VALUES (1, '01900000-0000-7000-8000-000000000004', 'truc-ban', 'Trực ban', '$argon2id$', '["operator"]', 'ioc', '2026-01-02T03:04:05Z');
INSERT INTO tokens VALUES (decode(repeat('05', 32), 'hex'), 1, '01900000-0000-7000-8000-000000000005', 'access', 'staff', '01900000-0000-7000-8000-000000000004', '2026-01-02T03:04:05Z', '2026-01-02T15:04:05Z', NULL);
INSERT INTO otps VALUES (1, decode(repeat('03', 32), 'hex'), '\x06', 0, '2026-01-02T03:04:05Z', '2026-01-02T03:09:05Z');
