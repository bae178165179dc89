import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptOanda } from '../../../tests/support/scripted-oanda.ts';

test('both streams are opened for the account, prices for the instruments, and no faster than two a second', async () => {
  const script = scriptOanda();
  await script.open();
  assert.deepEqual(
    script.streams.map(({ url }) => url.split('/v3/accounts/')[1]),
    ['101-004-1435156-001/transactions/stream', '101-004-1435156-001/pricing/stream?instruments=EUR_USD&snapshot=true'],
  );
});

test('without instruments only the account is followed', async () => {
  const script = scriptOanda();
  script.venue.open([], { onInput: (input) => script.inputs.push(input), onNotice: () => undefined });
  await script.pass(120_000);
  assert.equal(
    script.streams.every(({ url }) => url.endsWith('/transactions/stream')),
    true,
  );
  assert.equal(
    script.asked.some((asked) => asked.includes('candles')),
    false,
  );
});

test('after the close nothing is asked, opened or told', async () => {
  const script = scriptOanda();
  await script.open();
  await script.venue.close();
  const { asked, streams, inputs } = script;
  const before = [asked.length, streams.length, inputs.length];
  assert.equal(
    streams.every(({ isEnded }) => isEnded),
    true,
  );
  await script.pass(7_200_000);
  assert.deepEqual([asked.length, streams.length, inputs.length], before);
});
