import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { entriesOf, foldOf, RecordFold, setUp } from '../../../tests/support/record-fold.ts';
import { openAlertsMax } from './safety-records.ts';

function raised(at: number, reason = 'deep', name = 'drawdown'): Event {
  return { type: 'alert.raised', at, name, reason };
}

function alertsAfter(...events: readonly Event[]) {
  return foldOf([...setUp, ...events])
    .rows('alerts')
    .map((row) => [row['sequence'], row['reason'], row['raised_at'], row['cleared_at']]);
}

test('an alert stands from its raising to its clearing, and each standing is a row', () => {
  const cleared = (at: number): Event => ({ type: 'alert.cleared', at, name: 'drawdown' });
  assert.deepEqual(alertsAfter(raised(10)), [[5, 'deep', 10, null]]);
  assert.deepEqual(alertsAfter(raised(10), raised(20, 'deeper'), cleared(30), raised(40)), [
    [5, 'deeper', 10, 30],
    [8, 'deep', 40, null],
  ]);
  assert.deepEqual(alertsAfter(cleared(30)), []);
});

test('no more alerts are remembered than the bound says', () => {
  const fold = new RecordFold();
  const alerts = Array.from({ length: openAlertsMax + 3 }, (_, index) => raised(10, 'x', `alert ${index}`));
  fold.fold(entriesOf([...setUp, ...alerts]));
  assert.equal(Object.keys(fold.state.alerts).length, openAlertsMax);
});

test('every turn of the kill switch is a row, those of the venue too', () => {
  const said = { at: 10, actor: 'ann', reason: 'why' };
  const events: Event[] = [
    { type: 'kill.released', ...said },
    { type: 'kill.engaged', ...said },
    { type: 'account.closedOut', at: 20, reason: 'margin' },
  ];
  const rows = foldOf([...setUp, ...events]).rows('kill_switch');
  assert.deepEqual(
    rows.map((row) => [row['sequence'], row['at'], row['is_engaged'], row['actor'], row['reason']]),
    [
      [5, 10, false, 'ann', 'why'],
      [6, 10, true, 'ann', 'why'],
      [7, 20, true, 'venue', 'margin'],
    ],
  );
});
