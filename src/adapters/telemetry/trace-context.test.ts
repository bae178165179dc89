import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { parseTraceparent, traceparentText } from '#domain/trace.ts';
import { currentTrace, randomSpanId, randomTraceId, runInTrace } from './trace-context.ts';

const traceOf = (digit: string) => ({ traceId: digit.repeat(32), spanId: digit.repeat(16), isSampled: true });

test('there is no trace outside of one', () => {
  assert.equal(currentTrace(), undefined);
});

test('a trace goes along with promises, timers and callbacks, and two do not mix', async () => {
  const work = async (digit: string): Promise<string[]> => {
    const seen: (string | undefined)[] = [currentTrace()?.traceId];
    await setImmediate();
    seen.push(currentTrace()?.traceId);
    await setTimeout(1);
    seen.push(currentTrace()?.traceId);
    await new Promise<void>((done) =>
      queueMicrotask(() => {
        seen.push(currentTrace()?.traceId);
        done();
      }),
    );
    return seen.map((id) => id?.[0] ?? '').filter((first) => first === digit);
  };
  const [one, two] = await Promise.all([
    runInTrace(traceOf('1'), () => work('1')),
    runInTrace(traceOf('2'), () => work('2')),
  ]);
  assert.deepEqual(one, ['1', '1', '1', '1']);
  assert.deepEqual(two, ['2', '2', '2', '2']);
  assert.equal(currentTrace(), undefined);
});

test('an inner trace ends with its work', () => {
  runInTrace(traceOf('1'), () => {
    runInTrace(traceOf('2'), () => assert.equal(currentTrace()?.traceId[0], '2'));
    assert.equal(currentTrace()?.traceId[0], '1');
  });
});

test('new ids are those of the W3C, each its own', () => {
  const made = { traceId: randomTraceId(), spanId: randomSpanId(), isSampled: true };
  assert.deepEqual(parseTraceparent(traceparentText(made)), made);
  assert.equal(new Set(Array.from({ length: 1_000 }, randomTraceId)).size, 1_000);
});
