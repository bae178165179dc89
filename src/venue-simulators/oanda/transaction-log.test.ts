import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransactionLog } from './transaction-log.ts';

function open(transactionsMax = 10_000): TransactionLog {
  return new TransactionLog({ accountId: '101-004-7-001', userId: 7, now: () => 1_700_000_000_000, transactionsMax });
}

test('transactions have ids that count up and what all have in common', () => {
  const log = open();
  const { time, ...first } = log.append('CREATE', { siteID: 1 });
  assert.deepEqual(first, { id: '1', accountID: '101-004-7-001', userID: 7, batchID: '1', type: 'CREATE', siteID: 1 });
  assert.match(time, /^2023-11-14T22:13:20\.000\d{6}Z$/);
  assert.equal(log.append('TRANSFER_FUNDS', {}).id, '2');
  assert.equal(log.lastId, '2');
});

test('a batch is named by its first id and knows its request, batches inside belong to it', () => {
  const log = open();
  log.append('CREATE', {});
  const batch = log.batch(() => {
    log.append('A', {});
    log.batch(() => log.append('B', {}));
  }, '42');
  assert.deepEqual(
    batch.map(({ id, batchID, requestID }) => [id, batchID, requestID]),
    [
      ['2', '2', '42'],
      ['3', '2', '42'],
    ],
  );
  assert.equal(log.append('C', {}).batchID, '4');
});

test('ranges include both ends, and ids may be skipped', () => {
  const log = open();
  for (let index = 0; index < 3; index += 1) log.append('A', {});
  log.useUp(5);
  log.append('B', {});
  assert.deepEqual(
    log.range(2, 9).map(({ id }) => id),
    ['2', '3', '9'],
  );
  assert.deepEqual(log.range(4, 8), []);
  assert.equal(log.find(9)?.type, 'B');
  assert.equal(log.find(5), undefined);
  assert.throws(() => log.useUp(0), /found '0'/);
});

test('listeners hear of every transaction until they leave', () => {
  const log = open();
  const heard: string[] = [];
  const leave = log.listen(({ id }) => heard.push(id));
  log.append('A', {});
  leave();
  log.append('A', {});
  assert.deepEqual(heard, ['1']);
});

test('the oldest transactions are forgotten beyond the limit', () => {
  const log = open(10);
  for (let index = 0; index < 1_500; index += 1) log.append('A', {});
  assert.ok(log.all().length <= 1_011);
  assert.equal(log.find(1), undefined);
  assert.equal(log.find(1_500)?.id, '1500');
});
