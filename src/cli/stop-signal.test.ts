import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopSignal } from './stop-signal.ts';

test('the first reason stands', async () => {
  const stop = stopSignal();
  stop.now('the market has no more data');
  stop.now('something later');
  await stop.wait();
  assert.equal(stop.reason(), 'the market has no more data');
  assert.equal(stop.signal.aborted, true);
  stop.release();
});

test('a signal of the system stops in order', async () => {
  const stop = stopSignal();
  process.kill(process.pid, 'SIGHUP');
  await stop.wait();
  assert.equal(stop.reason(), 'asked to by SIGHUP');
  stop.release();
});

test('released signals are nobody’s business any more', () => {
  const before = process.listenerCount('SIGTERM');
  const stop = stopSignal();
  assert.equal(process.listenerCount('SIGTERM'), before + 1);
  stop.release();
  assert.equal(process.listenerCount('SIGTERM'), before);
});

test('a time that is over stops', async () => {
  const stop = stopSignal();
  stop.after(1, 'the time is over');
  await stop.wait();
  assert.equal(stop.reason(), 'the time is over');
  stop.release();
});
