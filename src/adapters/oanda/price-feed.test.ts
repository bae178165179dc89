import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ScriptedOanda, scriptOanda } from '../../../tests/support/scripted-oanda.ts';
import { formatVenueTime } from './oanda-time.ts';

const id = 'EURUSD.OANDA';

/** A price line of the present moment. */
function say(script: ScriptedOanda, change: object = {}): void {
  script.stream('pricing').say({
    type: 'PRICE',
    time: formatVenueTime(script.clock.now()),
    bids: [{ price: '1.11914', liquidity: 10000000 }],
    asks: [{ price: '1.11925', liquidity: 10000000 }],
    closeoutBid: '1.11899',
    closeoutAsk: '1.11940',
    status: 'tradeable',
    tradeable: true,
    instrument: 'EUR_USD',
    ...change,
  });
}

function sided(bid: string, ask: string): object {
  return { bids: [{ price: bid }], asks: [{ price: ask }] };
}

function beat(script: ScriptedOanda): void {
  for (const kind of ['pricing', 'transactions'] as const)
    script.stream(kind).say({ type: 'HEARTBEAT', time: formatVenueTime(script.clock.now()) });
}

async function beats(script: ScriptedOanda, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    beat(script);
    await script.pass(5_000);
  }
}

function health(script: ScriptedOanda): string[] {
  return script.inputs.flatMap((input) =>
    input.type === 'venue.impaired' || input.type === 'venue.restored'
      ? [`${input.type} ${input.part} ${input.instrument ?? '*'}`]
      : [],
  );
}

async function opened(options: Parameters<typeof scriptOanda>[0] = {}): Promise<ScriptedOanda> {
  const script = scriptOanda(options);
  await script.open();
  return script;
}

test('a price becomes a quote, and says that prices are there', async () => {
  const script = await opened();
  assert.equal(
    health(script).some((line) => line.includes('prices')),
    false,
  );
  say(script);
  assert.deepEqual(script.ofType('quote.updated'), [
    { type: 'quote.updated', instrument: id, bidPrice: 111_914, askPrice: 111_925 },
  ]);
  for (const line of [`prices *`, `prices ${id}`, `market ${id}`])
    assert.ok(health(script).includes(`venue.restored ${line}`), line);
});

test('F37: lines cut anywhere, with either ending and empty ones between, are the same prices', async () => {
  const script = await opened();
  const line = (bid: string): string =>
    JSON.stringify({
      type: 'PRICE',
      instrument: 'EUR_USD',
      time: formatVenueTime(script.clock.now()),
      ...sided(bid, '1.2'),
    });
  const text = `${line('1.1')}\r\n\r\n\n${line('1.11')}\n{"type":"PRICE","instrument":"\u00e9"}\n${line('1.12')}\n`;
  for (let at = 0, size = 1; at < text.length; at += size, size = (size % 17) + 1)
    script.stream('pricing').bytes(text.slice(at, at + size));
  assert.deepEqual(
    script.ofType('quote.updated').map(({ bidPrice }) => bidPrice),
    [110_000, 111_000, 112_000],
  );
});

test('F78: what is no market is no quote, and is put aside once until a good price comes', async () => {
  const script = await opened();
  for (const change of [{ bids: [] }, { bids: [] }, sided('0', '1.1'), sided('-37.63', '1.1'), sided('1.2', '1.1')])
    say(script, change);
  say(script, sided('1.1', '1000000000000'));
  say(script, sided('1.1', '9.9'));
  const reasons = (): string[] => script.ofType('message.quarantined').map(({ reason }) => reason);
  assert.deepEqual(reasons(), ['EMPTY_SIDE', 'BAD_PRICE', 'CROSSED_PRICES', 'ABSURD_SPREAD']);
  assert.equal(script.ofType('quote.updated').length, 0);
  say(script);
  say(script, { bids: [] });
  assert.deepEqual(reasons().slice(4), ['EMPTY_SIDE']);
});

test('a price far from the last one is doubted until five in a row stand there', async () => {
  const script = await opened();
  say(script);
  await script.pass(1);
  for (let count = 0; count < 4; count += 1) say(script, sided('2.00000', '2.00010'));
  say(script, sided('9.00000', '9.00010'));
  assert.equal(script.ofType('quote.updated').length, 1);
  for (let count = 0; count < 5; count += 1) say(script, sided('2.00000', '2.00010'));
  assert.deepEqual(
    script.ofType('quote.updated').map(({ bidPrice }) => bidPrice),
    [111_914, 200_000],
  );
});

test('F38: prices of the past and repeated ones change nothing', async () => {
  const script = await opened();
  const time = formatVenueTime(script.clock.now());
  await script.pass(1_000);
  say(script);
  say(script);
  say(script, { time, ...sided('1.10000', '1.10010') });
  assert.equal(script.ofType('quote.updated').length, 1);
});

test('the memory of a closed market is no quote, and the market is impaired until it trades again', async () => {
  const script = await opened();
  say(script, { time: '2026-01-02T21:59:00Z', status: 'non-tradeable', tradeable: false });
  say(script, { time: '2026-01-02T21:59:00Z', status: 'non-tradeable', tradeable: false });
  assert.equal(script.ofType('quote.updated').length, 0);
  await beats(script, 90_000);
  assert.deepEqual(
    script.ofType('venue.impaired').map(({ part, instrument }) => [part, instrument]),
    [['market', id]],
  );
  say(script);
  assert.equal(script.ofType('quote.updated').length, 1);
  assert.ok(health(script).includes(`venue.restored market ${id}`));
});

test('a price that is older than a minute is not told as one of now', async () => {
  const script = await opened();
  say(script, { time: formatVenueTime(script.clock.now() - 61_000) });
  say(script, { time: formatVenueTime(script.clock.now() + 61_000) });
  assert.equal(script.ofType('quote.updated').length, 0);
  assert.equal(script.ofType('message.quarantined')[0]?.reason, 'FUTURE_PRICE');
});

test('F34: heartbeats without prices in an open market are no prices', async () => {
  const script = await opened();
  say(script);
  await beats(script, 55_000);
  assert.equal(script.ofType('venue.impaired').length, 0);
  await beats(script, 10_000);
  assert.deepEqual(
    script.ofType('venue.impaired').map(({ part, instrument }) => [part, instrument]),
    [['prices', id]],
  );
  say(script);
  assert.equal(health(script).at(-1), `venue.restored prices ${id}`);
});

test('F34: in a closed market prices are not missed, and after the opening they have a minute', async () => {
  let isOpen = false;
  const script = await opened({ isOpen: () => isOpen });
  await beats(script, 600_000);
  assert.equal(script.ofType('venue.impaired').length, 0);
  isOpen = true;
  await beats(script, 50_000);
  assert.equal(script.ofType('venue.impaired').length, 0);
  await beats(script, 15_000);
  assert.equal(script.ofType('venue.impaired').length, 1);
});

test('F36: a stream that fell silent is made anew, and is well again with its first price, not with its opening', async () => {
  const script = await opened();
  say(script);
  const first = script.stream('pricing');
  await script.pass(10_100);
  assert.equal(first.isEnded, true);
  assert.ok(health(script).includes('venue.impaired prices *'));
  await script.pass(2_000);
  beat(script);
  assert.equal(health(script).filter((line) => line === 'venue.restored prices *').length, 1);
  say(script);
  assert.equal(health(script).filter((line) => line === 'venue.restored prices *').length, 2);
});

test('F45: a line without an end closes the stream', async () => {
  const script = await opened();
  const stream = script.stream('pricing');
  for (let piece = 0; piece < 17; piece += 1) stream.bytes('x'.repeat(65_536));
  assert.equal(stream.isEnded, true);
  assert.ok(health(script).includes('venue.impaired prices *'));
});

test('lines that are no prices are put aside once, and those of other instruments are not looked at', async () => {
  const script = await opened();
  script.stream('pricing').bytes('<html>\n');
  for (const value of [{ type: 'PRICE' }, { type: 'NEW' }, null, 'x']) script.stream('pricing').say(value);
  say(script, { instrument: 'GBP_USD' });
  say(script);
  assert.deepEqual(
    script.ofType('message.quarantined').map(({ reason }) => reason),
    ['BAD_LINE', 'MALFORMED_PRICE'],
  );
  assert.equal(script.ofType('quote.updated').length, 1);
});
