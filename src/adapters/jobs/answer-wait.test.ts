import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerWait } from './answer-wait.ts';
import { JobEngineError } from './job-engine-error.ts';

const url = 'redis://ann:swordfish@host';
const never = new Promise<void>(() => undefined);

test('an answer is handed on', async () => {
  assert.equal(await answerWait(url, 1_000).answer(Promise.resolve(7)), 7);
});

test('a refusal is told without the secrets of the address', async () => {
  const refused = answerWait(url, 1_000).answer(Promise.reject(new Error('swordfish is wrong')));
  await assert.rejects(refused, { code: 'failed', message: 'the queue refused: *** is wrong' });
});

test('an error of the engine itself stays what it is', async () => {
  const error = new JobEngineError('full', 'too many');
  await assert.rejects(answerWait(url, 1_000).answer(Promise.reject(error)), error);
});

test('silence ends the waiting', async () => {
  await assert.rejects(answerWait(url, 5).answer(never), {
    code: 'unreachable',
    message: 'the queue gave no answer within 5 ms',
  });
});

test('who gives up waits for nothing any more', async () => {
  const wait = answerWait(url, 60_000);
  const asked = [wait.answer(never), wait.answer(never)];
  wait.giveUp();
  for (const one of asked) await assert.rejects(one, { code: 'closed' });
});
