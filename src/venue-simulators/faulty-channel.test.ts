import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HandClock } from '../../tests/support/hand-clock.ts';
import { parseFaultScript, type StreamFault } from './fault-script.ts';
import { FaultyChannel } from './faulty-channel.ts';

interface Scene {
  readonly clock: HandClock;
  readonly channel: FaultyChannel;
  readonly said: string[];
  readonly bytes: Uint8Array[];
  readonly ends: number[];
}

function open(
  fault: Record<string, unknown>,
  span: { fromAt?: number; untilAt?: number; left?: number } = {},
  seed = 1,
): Scene {
  const clock = new HandClock(0);
  const parsed = parseFaultScript({ faults: [{ at: 0, fault }] }).faults[0]?.fault as StreamFault;
  const said: string[] = [];
  const bytes: Uint8Array[] = [];
  const ends: number[] = [];
  const channel = new FaultyChannel({
    address: '/v3/accounts/1/pricing/stream?instruments=EUR_USD',
    out: {
      send: (text) => said.push(text),
      sendBytes: (piece) => bytes.push(piece),
      end: () => ends.push(clock.now()),
    },
    faults: [{ fault: parsed, fromAt: 0, untilAt: Infinity, left: Infinity, lost: 0, ...span }],
    time: clock,
    seed,
  });
  return { clock, channel, said, bytes, ends };
}

test('a stall lasts its span and leaves alone what it is not meant for', async () => {
  const { clock, channel, said } = open(
    { type: 'stall', stream: 'pricing', except: 'HEARTBEAT' },
    { fromAt: 10, untilAt: 20, left: 1 },
  );
  channel.send('a');
  await clock.pass(10);
  channel.send('b');
  channel.send('HEARTBEAT');
  channel.send('c');
  assert.ok(channel.hasPings());
  await clock.pass(10);
  channel.send('d');
  assert.deepEqual(said, ['a', 'HEARTBEAT', 'd']);
});

test('a stall without pings is silence', () => {
  assert.ok(!open({ type: 'stall', hasPings: false }).channel.hasPings());
});

test('a fault of another stream changes nothing', () => {
  const { channel, said } = open({ type: 'stall', stream: 'transactions' });
  assert.ok(!channel.isTouched());
  channel.send('a');
  assert.deepEqual(said, ['a']);
});

test('a drop loses so many messages and no more', () => {
  const { channel, said } = open({ type: 'drop', count: 2, only: 'x' }, { left: 1 });
  for (const text of ['x1', 'a', 'x2', 'x3']) channel.send(text);
  assert.deepEqual(said, ['a', 'x3']);
});

test('every message is said twice, or the drawn share of them', () => {
  const every = open({ type: 'duplicate' });
  for (const text of ['a', 'b']) every.channel.send(text);
  assert.deepEqual(every.said, ['a', 'a', 'b', 'b']);
  const some = open({ type: 'duplicate', fraction: 0.2 });
  for (let index = 0; index < 1_000; index += 1) some.channel.send('a');
  assert.ok(some.said.length > 1_150 && some.said.length < 1_250, String(some.said.length));
});

test('messages of a window come out in another order and none is lost', async () => {
  const { clock, channel, said } = open({ type: 'reorder', windowMs: 2_000 });
  const texts = Array.from({ length: 20 }, (_, index) => String(index));
  for (const text of texts) channel.send(text);
  assert.deepEqual(said, []);
  await clock.pass(2_000);
  assert.notDeepEqual(said, texts);
  assert.deepEqual(said.toSorted(), texts.toSorted());
  channel.send('last');
  channel.finish();
  assert.equal(said.at(-1), 'last');
});

test('cut bytes are the same bytes, whatever the pieces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.nat(1_000), (text, seed) => {
      const { channel, bytes, said } = open({ type: 'chop', hasCarriageReturns: true, hasEmptyLines: true }, {}, seed);
      channel.send(text);
      assert.deepEqual(said, []);
      assert.ok(bytes.every(({ length }) => length >= 1 && length <= 17));
      assert.equal(Buffer.concat(bytes).toString('utf8'), `${Buffer.from(text).toString('utf8')}\r\n\r\n`);
    }),
  );
});

test('the same seed cuts alike', () => {
  const lengths = (seed: number): number[] => {
    const { channel, bytes } = open({ type: 'chop' }, {}, seed);
    channel.send('x'.repeat(300));
    return bytes.map(({ length }) => length);
  };
  assert.deepEqual(lengths(5), lengths(5));
  assert.notDeepEqual(lengths(5), lengths(6));
});

test('what is opened while everything is cut off ends at once', async () => {
  const { clock, channel, said, ends } = open({ type: 'disconnect' }, { untilAt: 50 });
  await clock.pass(0);
  assert.deepEqual(ends, [0]);
  channel.send('a');
  channel.say('b');
  assert.deepEqual(said, []);
});
