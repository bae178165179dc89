import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { policyDomains } from '#engine/engine.ts';
import { modules } from '#modules/index.ts';
import { crewDesk } from '../../../tests/support/crewed-desk.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { walkLiveAt } from '../../../tests/support/driven-desk.ts';
import { operate } from '../operate.ts';
import { policyHistory } from '../policies/policy-history.ts';
import { recordedEvents } from '../read-run.ts';
import { readTrace } from '../telemetry/read-trace.ts';
import { recordsUrl } from './desk-stores.ts';
import { recordedHistory, recordedTrace } from './recorded-trace.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

test('the records know traces by id, by traceparent and by order, and the history of policies as the journal has it', async (t) => {
  const folder = temporaryFolder(t);
  const desk = await crewDesk(folder);
  t.after(() => desk.end());
  await desk.run.warmUp();
  await desk.crew.begin();
  await desk.runTo(walkLiveAt + 3 * 3_600_000);
  const operated = { engine: desk.run.engine, request: desk.run.request.bind(desk.run), status: () => ({}) };
  const change = { key: 'limits/fx', actor: 'ann', reason: 'less', traceparent, isDryRun: false };
  for (const [expectedVersion, changes] of [
    [1, { maximumOrdersPerMinute: 7 }],
    [2, { maximumOrdersPerMinute: -7 }],
  ] as const) {
    operate(operated, { command: 'policy.set', content: { type: 'changes', changes }, expectedVersion, ...change });
  }
  operate(operated, { command: 'kill.engage', actor: 'ann', reason: 'lunch', flatten: false, traceparent });
  await desk.end();

  const plan = { folder, valkeyUrl: undefined, databaseUrl: undefined };
  const records = await openRecordStore({ url: recordsUrl(plan), runId: desk.run.engine.state.runId });
  t.after(() => records.close());
  const byId = await recordedTrace(records, traceId);
  assert.deepEqual(
    byId?.records['kill_switch']?.map((row) => [row['is_engaged'], row['actor'], row['reason']]),
    [[true, 'ann', 'lunch']],
  );
  assert.deepEqual(await recordedTrace(records, traceparent), byId);

  const [order] = await records.rows('orders', { limit: 1 });
  const orderId = String(order?.['client_order_id']);
  const byOrder = await recordedTrace(records, orderId);
  assert.equal(byOrder?.traceId, (await readTrace(folder, orderId))?.traceId);
  assert.ok(byOrder?.records['orders']?.some((row) => row['client_order_id'] === orderId));
  for (const unknown of ['0'.repeat(32), 'no-such-order', '']) {
    assert.equal(await recordedTrace(records, unknown), undefined, unknown);
  }

  const domains = policyDomains(modules);
  const expected = policyHistory(recordedEvents(folder), domains);
  assert.deepEqual(await recordedHistory(records, domains, undefined), expected);
  const limits = await recordedHistory(records, domains, 'limits/fx');
  assert.deepEqual(
    limits,
    expected.filter(({ key }) => key === 'limits/fx'),
  );
  assert.deepEqual(
    limits.map(({ version, refusal, changedPaths }) => [version, refusal === null, changedPaths]),
    [
      [1, true, Object.keys(limits[0]?.document ?? {}).sort()],
      [2, true, ['maximumOrdersPerMinute']],
      [3, false, []],
    ],
  );
});
