-- SPDX-License-Identifier: Apache-2.0
INSERT INTO report_search VALUES (1, '01900000-0000-7000-8000-000000000010', array_to_tsvector('{den,hong}'), array_to_tsvector('{den,hong}'));
INSERT INTO notifications VALUES (1, '01900000-0000-7000-8000-000000000016', 'citizen:01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000010', 1, 'published', 'published', 'vi', 'Đã có kết quả', 'Phản ánh đã được trả lời', '/r/HUE-7K3F-9QXD-2MWT', '2026-01-05T03:04:06Z', NULL);
INSERT INTO deliveries VALUES (1, '01900000-0000-7000-8000-000000000017', '01900000-0000-7000-8000-000000000016', '01900000-0000-7000-8000-000000000003', 'fcm', 'sent', 1, '[{"at": "2026-01-05T03:04:07Z", "result": "sent"}]', '2026-01-05T03:04:06Z', '2026-01-05T03:04:07Z');
