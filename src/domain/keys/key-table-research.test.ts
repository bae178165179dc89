import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyTableResearch } from './key-table-research.ts';

test('the keys of research are planned, with the lives that the specification gives them', () => {
  assert.deepEqual(
    keyTableResearch.map(({ pattern, type, ttlMs }) => [pattern, type, ttlMs === null ? null : ttlMs / 86_400_000]),
    [
      ['bt:trial:run:{run_id}', 'string', 30],
      ['bt:trial:trades:{run_id}', 'string', 30],
      ['bt:trial:index', 'sortedSet', null],
      ['bt:trial:index:{inst}:{hours}', 'sortedSet', null],
      ['bt:trial:index:{inst}:{hours}:{param_key}', 'sortedSet', null],
      ['opt:best_config:{inst}', 'string', 14],
      ['opt:best_config_meta:{inst}', 'string', 14],
      ['opt:best_config:GLOBAL', 'string', 14],
      ['opt:live_config:changed:{inst}', 'channel', null],
      ['opt:backtests:report:latest', 'string', 14],
    ],
  );
  assert.ok(keyTableResearch.every(({ plannedIn }) => plannedIn === 4));
});
