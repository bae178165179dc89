import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, type ScriptedOanda, scriptOanda, settle } from '../../../tests/support/scripted-oanda.ts';
import { aheadIdsMax, heldLinesMax } from './transaction-feed.ts';

const time = '2026-01-05T12:00:12.000000000Z';

function transfer(id: number): Record<string, unknown> {
  return { id: String(id), type: 'TRANSFER_FUNDS', time, amount: '1.0000', accountBalance: `${1_000 + id}.0000` };
}

/** Which transactions were told, by what they brought the balance to. */
function toldIds(script: ScriptedOanda): number[] {
  return script.ofType('balance.changed').map(({ balance }) => balance / 1_000_000 - 1_000);
}

function heartbeat(lastTransactionID: string): object {
  return { type: 'HEARTBEAT', lastTransactionID, time };
}

function sinceIds(script: ScriptedOanda): string[] {
  return script.asked.filter((asked) => asked.includes('sinceid')).map((asked) => asked.split('=')[1] ?? '');
}

async function opened(): Promise<ScriptedOanda> {
  const script = scriptOanda();
  await script.open();
  return script;
}

test('F46: what happened before the stream began is not told', async () => {
  const script = scriptOanda();
  script.transactions.push(transfer(100));
  await script.open();
  script.stream('transactions').say(transfer(99));
  await script.pass(5_000);
  assert.deepEqual(toldIds(script), []);
});

test('what happened since the report or the history that was read is told first', async () => {
  for (const method of ['report', 'catchUp'] as const) {
    const script = scriptOanda();
    await settle<unknown>(script.clock, method === 'report' ? script.venue.report() : script.venue.catchUp('100'));
    script.transactions.push(transfer(101), transfer(102));
    await script.open();
    script.stream('transactions').say(transfer(103));
    await script.pass(10);
    assert.deepEqual(toldIds(script), [101, 102, 103], method);
  }
});

test('F09: a transaction that the stream brings twice is told once', async () => {
  const script = await opened();
  const stream = script.stream('transactions');
  for (const id of [101, 101, 102, 101]) stream.say(transfer(id));
  await script.pass(5_000);
  assert.deepEqual(toldIds(script), [101, 102]);
  assert.deepEqual(sinceIds(script), []);
});

test('F38: transactions out of order are all told, and the balance ends where the newest left it', async () => {
  const script = await opened();
  const stream = script.stream('transactions');
  for (const id of [103, 101, 102]) stream.say(transfer(id));
  await script.pass(5_000);
  assert.deepEqual(
    script.ofType('balance.changed').map(({ balance }) => balance),
    [1_103_000_000, 1_103_000_000, 1_103_000_000],
  );
  assert.equal(script.ofType('venue.impaired').length, 0);
});

test('F31: a line that the stream lost is found by the id of the heartbeat', async () => {
  const script = await opened();
  script.transactions.push(transfer(101));
  script.stream('transactions').say(heartbeat('101'));
  await script.pass(1_000);
  assert.deepEqual(toldIds(script), [101]);
  assert.deepEqual(sinceIds(script), ['100']);
});

test('F31: a line that the stream lost before another one is found by the gap', async () => {
  const script = await opened();
  script.transactions.push(transfer(101), transfer(102));
  script.stream('transactions').say(transfer(102));
  await script.pass(1_000);
  assert.deepEqual(toldIds(script), [102, 102]);
});

test('F26: ids that jump are asked about to the end, once, and are no alarm', async () => {
  const script = await opened();
  script.transactions.push(transfer(105));
  script.stream('transactions').say(transfer(105));
  script.stream('transactions').say(heartbeat('107'));
  script.account['lastTransactionID'] = '107';
  script.on(/sinceid\?id=105$/, () => ok({ transactions: [], lastTransactionID: '107' }));
  script.on(/sinceid\?id=100$/, () => ok({ transactions: [transfer(105)], lastTransactionID: '107' }));
  await script.pass(3_000);
  script.stream('transactions').say(heartbeat('107'));
  await script.pass(3_000);
  assert.deepEqual(toldIds(script), [105]);
  assert.deepEqual(sinceIds(script), ['100', '105']);
  assert.equal(script.ofType('venue.impaired').length, 0);
});

test('F36: ten seconds without a line end the stream; a new one begins with what was missed', async () => {
  const script = await opened();
  const first = script.stream('transactions');
  for (let beat = 0; beat < 4; beat += 1) {
    first.say(heartbeat('100'));
    await script.pass(5_000);
  }
  assert.equal(first.isEnded, false);
  script.transactions.push(transfer(101));
  await script.pass(5_100);
  assert.equal(first.isEnded, true);
  assert.ok(script.ofType('venue.impaired').some(({ part }) => part === 'account'));
  await script.pass(2_000);
  assert.notEqual(script.stream('transactions'), first);
  assert.deepEqual(toldIds(script), [101]);
  assert.equal(script.ofType('venue.restored').at(-1)?.part, 'account');
});

test('F35: a healthy stream of transactions does not stand in for a dead one of prices', async () => {
  const script = await opened();
  for (let beat = 0; beat < 5; beat += 1) {
    script.stream('transactions').say(heartbeat('100'));
    await script.pass(4_000);
  }
  assert.deepEqual(
    script.ofType('venue.impaired').map(({ part }) => part),
    ['prices'],
  );
});

test('what the stream brings while history is asked waits for it', async () => {
  const script = scriptOanda();
  await settle(script.clock, script.venue.report());
  script.transactions.push(transfer(101), transfer(102));
  const [euro] = await settle(script.clock, script.venue.instruments(['EUR_USD']));
  script.venue.open(euro === undefined ? [] : [euro], {
    onInput: (input) => script.inputs.push(input),
    onNotice: (text) => script.notices.push(text),
  });
  await script.pass(1);
  script.stream('transactions').say(transfer(103));
  await script.pass(1_000);
  assert.deepEqual(toldIds(script), [101, 102, 103]);
});

test('where history does not answer, the account stays impaired, the stream is told, and it is asked again', async () => {
  const script = scriptOanda();
  await settle(script.clock, script.venue.report());
  script.on(/sinceid/, () => ok({ errorMessage: 'down' }, 503));
  await script.open();
  script.stream('transactions').say(transfer(102));
  for (let beat = 0; beat < 3; beat += 1) {
    await script.pass(3_000);
    script.stream('transactions').say(heartbeat('102'));
  }
  assert.deepEqual(toldIds(script), [102]);
  assert.equal(
    script.ofType('venue.restored').some(({ part }) => part === 'account'),
    false,
  );
  script.transactions.push(transfer(101), transfer(102));
  script.on(/sinceid\?id=100$/, () => ok({ transactions: script.transactions, lastTransactionID: '102' }));
  for (let beat = 0; beat < 10; beat += 1) {
    await script.pass(4_000);
    script.stream('transactions').say(heartbeat('102'));
  }
  assert.deepEqual(toldIds(script), [102, 102]);
  assert.equal(script.ofType('venue.restored').at(-1)?.part, 'account');
});

test('F24: what is no transaction is put aside and stops nothing', async () => {
  const script = await opened();
  const stream = script.stream('transactions');
  for (const value of [{ type: 'ORDER_FILL' }, { ...transfer(101), id: 'x' }, null, 5, 'text', []]) stream.say(value);
  stream.say(transfer(101));
  await script.pass(10);
  assert.equal(script.ofType('message.quarantined').length, 6);
  assert.deepEqual(toldIds(script), [101]);
});

test("a stop on a trade that is not known is read with the venue's word on the trade", async () => {
  const script = await opened();
  script.on(/^GET trades\/90$/, () =>
    ok({ trade: { id: '90', instrument: 'EUR_USD', currentUnits: '-70', clientExtensions: { id: 'tw-run-7' } } }),
  );
  script.stream('transactions').say({ id: '101', type: 'STOP_LOSS_ORDER', time, tradeID: '90', price: '1.20000' });
  script.stream('transactions').say(transfer(102));
  await script.pass(100);
  const [accepted] = script.ofType('order.accepted');
  assert.equal(accepted?.clientOrderId, 'tw-run-7-s');
  assert.equal(accepted?.child?.parentOrderId, 'tw-run-7');
  assert.equal(accepted?.child?.side, 'buy');
  assert.equal(accepted?.child?.quantity, 70);
  assert.deepEqual(toldIds(script), [102]);
});

test('ids that were read ahead of a gap are remembered up to a bound', async () => {
  const script = await opened();
  script.on(/sinceid/, () => ok({ errorMessage: 'down' }, 503));
  const stream = script.stream('transactions');
  for (let id = 102; id <= 102 + aheadIdsMax; id += 1) stream.say(transfer(id));
  await script.pass(1);
  assert.equal(toldIds(script).length, aheadIdsMax + 1);
  stream.say(transfer(103));
  stream.say(transfer(102));
  await script.pass(1);
  assert.equal(toldIds(script).length, aheadIdsMax + 2);
});

test('lines wait for history up to a bound', async () => {
  const script = scriptOanda();
  await settle(script.clock, script.venue.report());
  script.on(/sinceid/, () => 'silence');
  await script.open();
  const stream = script.stream('transactions');
  for (let id = 101; id <= 101 + heldLinesMax; id += 1) stream.say(transfer(id));
  await script.pass(1);
  assert.equal(toldIds(script).length, 1);
});
