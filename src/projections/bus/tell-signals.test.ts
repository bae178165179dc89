import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType } from '#domain/events.ts';
import { payloadsOf } from '../../../tests/support/bus-fold.ts';
import { euro, yen } from '../../../tests/support/desk-events.ts';
import { type FoldedDesk, foldedDesk } from '../../../tests/support/folded-desk.ts';

type Decision = EventByType['module.decided'];

function decisionOf({ fixture }: FoldedDesk, changes: Partial<Decision>): Decision {
  return {
    type: 'module.decided',
    at: fixture.at,
    module: 'combined-direction',
    slot: 'signal',
    mode: 'ACTIVE',
    outcome: 'changed',
    reason: '',
    entries: [],
    ...changes,
  };
}

function scene(): FoldedDesk {
  const made = foldedDesk();
  made.fixture.tick();
  made.minute();
  return made;
}

const long = { subject: euro, code: 'long', value: 4.5 };

test('a direction is told when it is new, with the price it was given at', () => {
  const desk = scene();
  const [told] = desk.tell(decisionOf(desk, { entries: [long, { subject: yen, code: 'gap-hold', value: null }] }));
  assert.equal(told?.type, 'signal.generated');
  assert.equal(told?.key, 'EUR_USD');
  assert.partialDeepStrictEqual(told?.payload, {
    symbol: 'EUR_USD',
    side: 'LONG',
    price: 1.1,
    score: 4.5,
    confidence: null,
  });
  const pulse = { subject: yen, code: 'pulse-short', value: 0.4 };
  const next = desk.tell(decisionOf(desk, { entries: [long, pulse] }));
  assert.deepEqual(
    payloadsOf(next, 'signal.generated').map(({ symbol, side }) => [symbol, side]),
    [['USD_JPY', 'SHORT']],
  );
});

test('a direction that turns, or comes back, is a signal of its own', () => {
  const desk = scene();
  const ids = [[long], [{ ...long, code: 'short' }], [], [long]]
    .flatMap((entries) => desk.tell(decisionOf(desk, { entries })))
    .map(({ payload }) => payload['signal_id']);
  assert.equal(new Set(ids).size, 3);
});

test('what is not applied is no signal', () => {
  const desk = scene();
  for (const changes of [{ mode: 'SHADOW' }, { outcome: 'failed' }, { outcome: 'kept' }] as const) {
    assert.deepEqual(desk.tell(decisionOf(desk, { entries: [long], ...changes })), []);
  }
});

test('a gate that drops a signal is told once for one reason', () => {
  const desk = scene();
  const [signal] = desk.tell(decisionOf(desk, { entries: [long] }));
  const verdict = { subject: euro, code: 'spread-wide', value: 7.5 };
  const gate = { module: 'spread-gate', slot: 'gate', entries: [verdict] } as const;
  const [told, ...others] = desk.tell(decisionOf(desk, gate), decisionOf(desk, gate));
  assert.deepEqual(others, []);
  assert.deepEqual(told?.payload, {
    signal_id: signal?.payload['signal_id'],
    symbol: 'EUR_USD',
    stage: 'spread-gate',
    code: 'spread-wide',
    reason: '',
    values: { 'spread-wide': 7.5 },
  });
  assert.equal(desk.tell(decisionOf(desk, { ...gate, entries: [{ ...verdict, code: 'no-quote' }] })).length, 1);
  assert.deepEqual(desk.tell(decisionOf(desk, { ...gate, entries: [{ ...verdict, subject: yen }] })), []);
});

test('a gate that is only watched drops nothing', () => {
  const desk = scene();
  desk.tell(decisionOf(desk, { entries: [long] }));
  const entries = [{ subject: euro, code: 'spread-wide', value: null }];
  assert.deepEqual(desk.tell(decisionOf(desk, { module: 'spread-gate', slot: 'gate', mode: 'SHADOW', entries })), []);
});

test('a denied target ends the signal on its side', () => {
  const desk = scene();
  desk.tell(decisionOf(desk, { entries: [long] }));
  const denial = {
    type: 'order.denied',
    at: desk.fixture.at,
    instrument: euro,
    code: 'KILL_SWITCH',
    reason: 'news',
  } as const;
  const told = desk.tell({ ...denial, signedQuantity: 1_000 });
  assert.deepEqual(
    payloadsOf(told, 'signal.rejected').map(({ stage, code, reason }) => [stage, code, reason]),
    [['hard-limits', 'KILL_SWITCH', 'news']],
  );
  assert.deepEqual(payloadsOf(desk.tell({ ...denial, signedQuantity: -1_000 }), 'signal.rejected'), []);
});
