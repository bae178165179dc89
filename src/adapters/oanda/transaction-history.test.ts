import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueAnswer } from '#adapters/wire/venue-client.ts';
import { historyPagesMax, idBefore, transactionsSince } from './transaction-history.ts';

function answered(body: unknown, status = 200): VenueAnswer {
  return { type: 'answered', status, headers: {}, body };
}

/** A venue with transactions 1 to `last` that gives at most so many at once. */
function venueOf(last: number, pageSize: number) {
  const asked: string[] = [];
  return {
    asked,
    transactionsSince: async (id: string) => {
      asked.push(id);
      const transactions: { id: string }[] = [];
      for (let next = Number(id) + 1; next <= last && transactions.length < pageSize; next += 1)
        transactions.push({ id: String(next) });
      return answered({ transactions, lastTransactionID: String(last) });
    },
  };
}

test('history is read page by page up to the last transaction that is named', async () => {
  const venue = venueOf(25, 10);
  const { transactions, lastId } = await transactionsSince(venue, '3');
  assert.equal(transactions.length, 22);
  assert.equal(lastId, '25');
  assert.deepEqual(venue.asked, ['3', '13', '23']);
});

test('where nothing came since, the cursor goes on to the last id all the same', async () => {
  const venue = { transactionsSince: async () => answered({ transactions: [], lastTransactionID: '9' }) };
  assert.deepEqual(await transactionsSince(venue, '5'), { transactions: [], lastId: '9' });
  const older = { transactionsSince: async () => answered({ transactions: [], lastTransactionID: 'x' }) };
  assert.equal((await transactionsSince(older, '5')).lastId, '5');
});

test('a venue that says the same page for ever does not hold us', async () => {
  const venue = {
    transactionsSince: async () => answered({ transactions: [{ id: '4' }], lastTransactionID: '9' }),
  };
  assert.equal((await transactionsSince(venue, '4')).lastId, '9');
});

test('there is an end to how many pages are read', async () => {
  await assert.rejects(transactionsSince(venueOf(historyPagesMax + 5, 1), '0'), {
    kind: 'unreachable',
    code: 'TOO_LONG',
  });
});

test('a cursor that the venue does not know is refused', async () => {
  const venue = { transactionsSince: async () => answered({ errorMessage: 'out of range' }, 416) };
  await assert.rejects(transactionsSince(venue, '999'), { kind: 'refused', code: 'HTTP_416' });
});

test('the id before an instant is that before its first page', async () => {
  const pages = (body: unknown) => ({ transactionPages: async () => answered(body) });
  const address = 'https://elsewhere.test/v3/accounts/x/transactions/idrange?from=2123&to=2223';
  assert.equal(await idBefore(pages({ pages: [address], lastTransactionID: '3000' }), 0), '2122');
  assert.equal(await idBefore(pages({ pages: [], lastTransactionID: '3000' }), 0), '3000');
  await assert.rejects(idBefore(pages({ pages: ['https://x.test'], lastTransactionID: '3' }), 0), {
    code: 'MALFORMED',
  });
});
