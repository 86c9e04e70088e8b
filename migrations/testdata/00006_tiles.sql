-- SPDX-License-Identifier: Apache-2.0
INSERT INTO count_keys (jurisdiction_id, state, phase, category, unit, urgency) VALUES (1, 'seeded', 'working', 'seeded', 'seeded', 'normal');
INSERT INTO cell_counts SELECT 1, 16, true, 1, id, 1, 1, 0, 0, 0, 0 FROM count_keys WHERE state = 'seeded';
INSERT INTO area_counts SELECT 1, 'seeded', id, 1, 0 FROM count_keys WHERE state = 'seeded';
