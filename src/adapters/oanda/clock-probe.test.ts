import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueAnswer } from '#adapters/wire/venue-client.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { ok, scriptOanda } from '../../../tests/support/scripted-oanda.ts';
import { readClock } from './clock-probe.ts';
import { formatVenueTime } from './oanda-time.ts';

function answered(body: unknown, headers: Record<string, string> = {}, status = 200): VenueAnswer {
  return { type: 'answered', status, headers, body };
}

test("the venue's time is that of its prices, else the middle of its header's second", async () => {
  const clock = new HandClock(1_000);
  const at = Date.UTC(2026, 0, 5, 12, 0, 0, 250);
  const date = { date: 'Mon, 05 Jan 2026 12:00:00 GMT' };
  const priced = await readClock(clock, async () => answered({ time: formatVenueTime(at), prices: [] }, date));
  assert.deepEqual(priced, { sentAt: 1_000, serverAt: at, receivedAt: 1_000 });
  const headed = await readClock(clock, async () => answered({ prices: [] }, date));
  assert.equal(headed?.serverAt, Date.UTC(2026, 0, 5, 12, 0, 0, 500));
  assert.equal(await readClock(clock, async () => answered({ prices: [] })), undefined);
  assert.equal(await readClock(clock, async () => answered({}, date, 503)), undefined);
});

test('F52: clocks that are half a second apart impair the venue until they are not', async () => {
  const script = scriptOanda();
  let aheadMs = 0;
  script.on(/^GET pricing/, () => ok({ time: formatVenueTime(script.clock.now() + aheadMs), prices: [] }));
  await script.open();
  const clockWords = (): string[] =>
    script.inputs.flatMap((input) => ('part' in input && input.part === 'clock' ? [input.type] : []));
  assert.deepEqual(clockWords(), ['venue.restored']);
  aheadMs = 1_100;
  await script.pass(90_000);
  assert.deepEqual(clockWords(), ['venue.restored', 'venue.impaired']);
  aheadMs = -400;
  await script.pass(90_000);
  assert.deepEqual(clockWords(), ['venue.restored', 'venue.impaired', 'venue.restored']);
});

test('a venue whose time is not known is impaired', async () => {
  const script = scriptOanda();
  script.on(/^GET pricing/, () => ok({ prices: [] }));
  await script.open();
  assert.deepEqual(
    script.ofType('venue.impaired').map(({ part, reason }) => [part, reason]),
    [['clock', 'the time is not known']],
  );
});
