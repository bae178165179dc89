import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { cryptoPolicies } from './crypto-policies.ts';
import { renderPolicyReference } from './policy-text.ts';

test('each domain has its section and each field its row', () => {
  const text = renderPolicyReference({ execution: cryptoPolicies.execution });
  assert.match(text, /^## execution\n\nSchema version 2, one document for the whole desk\.$/m);
  assert.match(
    text,
    /^\| `max_leverage` \| whole number \| `30` \| ≥ 1, ≤ 125 \| at most 10 live, at most 30 simulated \(leverage ends/m,
  );
  assert.match(text, /^\| `max_slippage_bps` \| number \| `15` \| ≥ 0 \| at most 50 \(an execution/m);
});

test('a module without fields says so, and signs of the table stay out of cells', () => {
  const schema = z.strictObject({ mark: z.string().describe('One | or two.') });
  const text = renderPolicyReference({
    empty: { schema: z.strictObject({}), version: 1, upgrades: [] },
    marked: { schema, version: 1, upgrades: [] },
  });
  assert.match(text, /^## empty\n\nSchema version 1, no fields\.$/m);
  assert.match(text, /\| One \\\| or two\. \|$/m);
});
