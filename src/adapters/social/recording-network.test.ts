import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonAnswer } from '#venue-simulators/social/json-answer.ts';
import { virtualNetwork } from '#venue-simulators/virtual-network.ts';
import type { WireServer } from '#venue-simulators/wire-server.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { recordingNetwork } from './recording-network.ts';

const server: WireServer = {
  venue: 'x',
  handle: ({ path }, reply) =>
    reply.answer(jsonAnswer(200, { path }, { 'x-rate-limit-limit': '9', 'set-cookie': 'a' })),
  openSocket: () => ({ status: 404 }),
  close: () => undefined,
};

test('answers are remembered, without what was asked with and without other headers', async () => {
  const clock = new HandClock(5_000);
  const origin = 'https://api.test';
  const network = virtualNetwork({ time: clock, servers: [{ origin, host: 'rest', server, address: 'one' }] });
  const recording = recordingNetwork(network, clock);
  assert.equal(recording.record(), undefined);
  const headers = { authorization: 'Bearer secret' };
  const asked = recording.request({ method: 'GET', url: `${origin}/a?key=1`, headers }, 1_000);
  await clock.pass(10);
  assert.equal((await asked).headers['set-cookie'], 'a');
  const record = recording.record();
  assert.deepEqual(record?.answers, [
    {
      key: '/a?key=1',
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-rate-limit-limit': '9' },
      body: '{"path":"/a"}',
    },
  ]);
  assert.doesNotMatch(JSON.stringify(record), /secret/);
});
