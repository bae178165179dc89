import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { createOutput } from './output.ts';
import { UsageError } from './refusal.ts';
import { withSocial } from './social-sources.ts';

test('a record stands in for both services; what is not in it cannot be reached', async (t) => {
  const file = join(temporaryFolder(t), 'social.json');
  const body = JSON.stringify({ coins: [{ item: { id: 'a', name: 'A', symbol: 'AAA', score: 0 } }] });
  const answers = [{ key: '/api/v3/search/trending?', status: 200, headers: {}, body }];
  writeFileSync(file, JSON.stringify({ version: 1, recordedAt: 1_700_000_000_000, answers }));
  const output = createOutput({ result: new PassThrough(), work: new PassThrough() });
  const context = { environment: { TRADEWIND_SOCIAL_RECORD: file }, output, exitWith: () => undefined };
  let told = '';
  await withSocial({}, context, async ({ trending }) => {
    const { coins, measuredAt } = await trending.trending();
    assert.ok(measuredAt >= 1_700_000_000_000 && measuredAt < 1_700_000_060_000);
    told = coins.map(({ symbol }) => symbol).join();
  });
  assert.equal(told, 'AAA');
  await assert.rejects(
    withSocial({ record: 'x' }, context, () => Promise.resolve()),
    UsageError,
  );
});
