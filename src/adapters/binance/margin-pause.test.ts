import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { Impairments } from './impairments.ts';
import { MarginPause, pauseMsFirst, pauseMsMax } from './margin-pause.ts';

const bitcoin = 'BTCUSDT-PERP.BINANCE';

function opened(): {
  clock: HandClock;
  pause: MarginPause;
  told: VenueInput[];
  spans(count: number): Promise<number[]>;
} {
  const clock = new HandClock();
  const told: VenueInput[] = [];
  const pause = new MarginPause({ time: clock, impairments: new Impairments((input) => void told.push(input)) });
  const spans = async (count: number): Promise<number[]> => {
    const found: number[] = [];
    for (let refusal = 0; refusal < count; refusal += 1) {
      const from = clock.now();
      pause.refused(bitcoin);
      while (told.at(-1)?.type === 'venue.impaired') await clock.pass(60_000);
      found.push(clock.now() - from);
    }
    return found;
  };
  return { clock, pause, told, spans };
}

test('each refusal in a row pauses twice as long, up to an hour', async () => {
  const { spans } = opened();
  const minutes = (await spans(7)).map((ms) => ms / 60_000);
  assert.deepEqual(minutes, [2, 4, 8, 16, 32, 60, 60]);
  assert.deepEqual([pauseMsFirst, pauseMsMax], [120_000, 3_600_000]);
});

test('a pause is told once, whatever is refused in it, and begins anew with the last refusal', async () => {
  const { clock, pause, told } = opened();
  pause.refused(bitcoin);
  await clock.pass(60_000);
  pause.refused(bitcoin);
  await clock.pass(239_000);
  assert.deepEqual(
    told.map(({ type }) => type),
    ['venue.impaired'],
  );
  await clock.pass(1_000);
  assert.deepEqual(told.at(-1), { type: 'venue.restored', part: 'margin', instrument: bitcoin });
});

test('after an entry that was taken the next refusal is a first one', async () => {
  const { pause, spans } = opened();
  await spans(3);
  pause.taken(bitcoin);
  assert.deepEqual(await spans(1), [120_000]);
});

test('a pause that is closed ends in silence', async () => {
  const { clock, pause, told } = opened();
  pause.refused(bitcoin);
  pause.close();
  await clock.pass(pauseMsMax);
  assert.equal(told.length, 1);
});
