import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { type ConnectionEvents, KeptConnection, type KeptConnectionOptions } from './kept-connection.ts';

/** Knows how many timers stand. */
class CountingClock extends HandClock {
  timers = 0;

  override after(ms: number, act: () => void): () => void {
    let isPending = true;
    const end = (): void => {
      if (isPending) this.timers--;
      isPending = false;
    };
    this.timers++;
    const cancel = super.after(ms, () => {
      end();
      act();
    });
    return () => {
      end();
      cancel();
    };
  }
}

interface Attempt {
  readonly at: number;
  readonly events: ConnectionEvents;
  isClosed: boolean;
}

function scene(options: Partial<KeptConnectionOptions> = {}) {
  const time = new CountingClock(0);
  const attempts: Attempt[] = [];
  const told: string[] = [];
  const kept = new KeptConnection({
    time,
    name: 'prices',
    idleMs: 10_000,
    connect: (events) => {
      const attempt = { at: time.now(), events, isClosed: false };
      attempts.push(attempt);
      return {
        close: () => {
          attempt.isClosed = true;
          events.onClose('closed by us');
        },
      };
    },
    onUp: () => void told.push(`${time.now()} up`),
    onDown: (reason) => void told.push(`${time.now()} down: ${reason}`),
    ...options,
  });
  const last = (): Attempt => attempts.at(-1) ?? assert.fail('no attempt');
  return { time, attempts, told, kept, last };
}

test('it is up once it opened, and down when it closed', () => {
  const { kept, told, last } = scene();
  kept.open();
  kept.open();
  assert.deepEqual([kept.isUp, kept.payloadAgeMs], [false, Number.POSITIVE_INFINITY]);
  last().events.onOpen();
  last().events.onOpen();
  assert.deepEqual([kept.isUp, kept.payloadAgeMs], [true, 0]);
  last().events.onClose('reset');
  last().events.onClose('reset again');
  assert.deepEqual([kept.isUp, told], [false, ['0 up', '0 down: reset']]);
});

test('attempts that fail wait longer and longer, up to half a minute', async () => {
  const { kept, time, attempts, last } = scene();
  kept.open();
  for (let attempt = 0; attempt < 8; attempt++) {
    last().events.onClose('refused');
    const before = attempts.length;
    while (attempts.length === before) await time.pass(500);
  }
  const gaps = attempts.slice(1).map(({ at }, index) => at - (attempts[index]?.at ?? 0));
  assert.deepEqual(gaps, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('an attempt that does not open in time is given up', async () => {
  const { kept, time, attempts, told } = scene({ connectTimeoutMs: 3_000 });
  kept.open();
  await time.pass(3_000);
  assert.deepEqual([attempts[0]?.isClosed, told], [true, ["3000 down: 'prices' did not open within '3000' ms"]]);
  attempts[0]?.events.onOpen();
  assert.equal(kept.isUp, false);
});

test('a connection that carries nothing is given up by the age of its payloads alone', async () => {
  const { kept, time, attempts, told, last } = scene();
  kept.open();
  last().events.onOpen();
  for (let payload = 0; payload < 5; payload++) {
    await time.pass(9_000);
    kept.alive();
  }
  await time.pass(9_999);
  assert.deepEqual([kept.isUp, kept.payloadAgeMs], [true, 9_999]);
  await time.pass(1);
  assert.deepEqual([attempts[0]?.isClosed, told.at(-1)], [true, "55000 down: 'prices' carried nothing for '10000' ms"]);
});

test('waits begin anew only after a connection that stayed up for a minute', async () => {
  const { kept, time, attempts, last } = scene({ idleMs: 100_000 });
  kept.open();
  const gapAfter = async (upMs: number): Promise<number> => {
    last().events.onOpen();
    await time.pass(upMs);
    last().events.onClose('reset');
    const downAt = time.now();
    const before = attempts.length;
    while (attempts.length === before) await time.pass(500);
    return last().at - downAt;
  };
  assert.deepEqual(
    [await gapAfter(0), await gapAfter(59_999), await gapAfter(1), await gapAfter(60_000), await gapAfter(10)],
    [1_000, 2_000, 4_000, 1_000, 2_000],
  );
});

test('a planned renewal connects again at once and says so', async () => {
  const { kept, time, attempts, told, last } = scene({ lifeMs: 23 * 3_600_000, idleMs: 24 * 3_600_000 });
  kept.open();
  last().events.onOpen();
  await time.pass(23 * 3_600_000);
  assert.deepEqual([attempts.length, attempts[0]?.isClosed, last().at], [2, true, 82_800_000]);
  assert.deepEqual(told, ['0 up', '82800000 down: renewal']);
  last().events.onOpen();
  assert.equal(kept.isUp, true);
});

test('a restart gives up what is up or under way and leaves a wait as it is', async () => {
  const { kept, time, attempts, told, last } = scene();
  kept.restart('not open');
  kept.open();
  last().events.onOpen();
  kept.restart('key expired');
  kept.restart('key expired');
  await time.pass(1_000);
  kept.restart('wrong key');
  assert.deepEqual(told, ['0 up', '0 down: key expired', '1000 down: wrong key']);
  assert.deepEqual([attempts.length, last().isClosed], [2, true]);
});

test('closing cancels everything and tells nothing', async () => {
  for (const phase of ['connecting', 'up', 'waiting']) {
    const { kept, time, attempts, told, last } = scene();
    kept.open();
    if (phase !== 'connecting') last().events.onOpen();
    if (phase === 'waiting') last().events.onClose('reset');
    const toldBefore = told.length;
    kept.close();
    kept.close();
    assert.deepEqual([time.timers, kept.isUp, told.length], [0, false, toldBefore], phase);
    if (phase !== 'waiting') assert.equal(last().isClosed, true, phase);
    last().events.onOpen();
    await time.pass(100_000);
    assert.equal(attempts.length, 1, phase);
    kept.open();
    assert.equal(attempts.length, 2, phase);
  }
});

test('waits begin anew after it was closed and opened again', async () => {
  const { kept, time, attempts, last } = scene();
  kept.open();
  last().events.onClose('refused');
  kept.close();
  kept.open();
  last().events.onClose('refused');
  await time.pass(1_000);
  assert.equal(attempts.length, 3);
});

test('what an earlier connection still tells is not heard', async () => {
  const { kept, time, attempts, told, last } = scene();
  kept.open();
  attempts[0]?.events.onClose('refused');
  await time.pass(1_000);
  last().events.onOpen();
  attempts[0]?.events.onOpen();
  attempts[0]?.events.onClose('late');
  assert.deepEqual([kept.isUp, told], [true, ['0 down: refused', '1000 up']]);
});

test('a connection that ends while it is being made is closed and tried again', async () => {
  let made = 0;
  let closed = 0;
  const { kept, time, told } = scene({
    connect: (events) => {
      made++;
      events.onClose('refused');
      return { close: () => void closed++ };
    },
  });
  kept.open();
  await time.pass(1_000);
  assert.deepEqual([made, closed, told], [2, 2, ['0 down: refused', '1000 down: refused']]);
});

test('a listener may close it when it hears that it is down', async () => {
  const down = scene({ onDown: () => down.kept.close() });
  down.kept.open();
  down.last().events.onClose('reset');
  const renewed = scene({ lifeMs: 5_000, onDown: () => renewed.kept.close() });
  renewed.kept.open();
  renewed.last().events.onOpen();
  for (const { kept, time, attempts } of [down, renewed]) {
    await time.pass(100_000);
    assert.deepEqual([attempts.length, time.timers, kept.isUp], [1, 0, false]);
  }
});

test('there is never more than one timer, also after a pause of the machine', async () => {
  const { kept, time, attempts, last } = scene({ lifeMs: 100_000 });
  kept.open();
  const counts = new Set<number>();
  for (let turn = 0; turn < 40; turn++) {
    if (!kept.isUp) last().events.onOpen();
    kept.alive();
    if (turn % 4 === 0) time.jump(30_000);
    if (turn % 5 === 0) last().events.onClose('reset');
    counts.add(time.timers);
    await time.pass(turn % 3 === 0 ? 12_000 : 900);
    counts.add(time.timers);
  }
  assert.deepEqual([...counts], [1]);
  assert.equal(attempts.filter(({ isClosed }) => !isClosed).length <= 1, true);
});

test('a pause of the machine costs one connection at most', async () => {
  const { kept, time, attempts, told, last } = scene();
  kept.open();
  last().events.onOpen();
  time.jump(30_000);
  await time.pass(0);
  assert.deepEqual(told, ['0 up', "30000 down: 'prices' carried nothing for '30000' ms"]);
  await time.pass(1_000);
  assert.equal(attempts.length, 2);
});

test('an idle time without an end is a mistake', () => {
  assert.throws(() => scene({ idleMs: Number.POSITIVE_INFINITY }), /found 'Infinity'/);
});
