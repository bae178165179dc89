import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NavHistory, navSamplesMax } from './nav-history.ts';

const hourMs = 3_600_000;
const startAt = Date.UTC(2026, 0, 12);

test('the change is told once seven days have been seen, and is measured over seven days from then on', () => {
  const history = new NavHistory();
  for (let hour = 0; hour < 168; hour += 1) history.note(startAt + hour * hourMs, 1000 + hour);
  assert.equal(history.change(), undefined);
  history.note(startAt + 168 * hourMs, 900);
  assert.equal(history.change(), -100);
  history.note(startAt + 169 * hourMs, 950);
  assert.equal(history.change(), -51);
});

test('an hour has one sample, and time that goes back adds none', () => {
  const history = new NavHistory();
  history.note(startAt, 1000);
  assert.equal(history.isDue(startAt + 60_000), false);
  assert.equal(history.isDue(startAt - hourMs), false);
  assert.equal(history.isDue(startAt + hourMs), true);
  history.note(startAt + 60_000, 5000);
  history.note(startAt + 168 * hourMs, 1100);
  assert.equal(history.change(), 100);
});

test('a gap is bridged by the sample before it', () => {
  const history = new NavHistory();
  history.note(startAt, 1000);
  history.note(startAt + 60 * hourMs, 1010);
  history.note(startAt + 190 * hourMs, 1020);
  assert.equal(history.change(), 20);
});

test('whatever the minute of each hour, the samples are bounded and the change does not go away again', () => {
  const history = new NavHistory();
  let largest = 0;
  for (let hour = 0; hour < 1000; hour += 1) {
    history.note(startAt + hour * hourMs + ((hour * 37) % 60) * 60_000, hour);
    largest = Math.max(largest, history.size);
    if (hour > 169) assert.ok((history.change() ?? 0) >= 168, `hour ${hour}`);
  }
  assert.ok(largest <= navSamplesMax && largest >= navSamplesMax - 1, `${largest} samples`);
});
