import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exampleServer } from '../../../tests/support/example-server.ts';
import { openPaperDesk } from '../../../tests/support/paper-desk.ts';
import type { ControlRequest } from '../control-socket.ts';
import { operate } from '../operate.ts';
import { type RecordedEvent, recordedEvents } from '../read-run.ts';
import { type EndpointOptions, type EngineDoor, OpenEndpointError, serveEngine } from './engine-endpoint.ts';
import { RemoteEngineError, remoteEngine } from './remote-engine.ts';

const local: EndpointOptions = { host: '127.0.0.1', port: 0, token: undefined, now: () => Date.now() };
const engage: ControlRequest = { command: 'kill.engage', actor: 'test', reason: 'to see it', flatten: false };

/** What of a door these tests do not look at. */
const exampleDoor = {
  health: exampleServer.health,
  unreadiness: () => ['history is being taken in'],
  metrics: async () => 'tradewind_equity 1\n',
};

/** A warm desk on a folder of its own, with its door and every request that reached it. */
async function openDesk(t: TestContext): Promise<{ folder: string; door: EngineDoor; seen: ControlRequest[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-endpoint-'));
  const desk = openPaperDesk(folder);
  t.after(async () => {
    await desk.stop();
    rmSync(folder, { recursive: true });
  });
  await desk.warmUp();
  const seen: ControlRequest[] = [];
  const operated = { engine: desk.engine, request: desk.request.bind(desk), status: () => ({ at: desk.at }) };
  const carryOut: EngineDoor['carryOut'] = (request) => {
    seen.push(request);
    return operate(operated, request);
  };
  return { folder, seen, door: { ...exampleDoor, tail: desk.tail, status: () => ({ at: desk.at }), carryOut } };
}

test('another process reads the whole tail, and waits for what comes', async (t) => {
  const { folder, door } = await openDesk(t);
  const endpoint = await serveEngine(door, local);
  t.after(() => endpoint.close());
  const remote = remoteEngine({ address: endpoint.address, token: undefined });
  const head = await remote.head();
  const read: RecordedEvent[] = [];
  while (read.length < head.lastSequence) {
    read.push(...(await remote.read(read.length + 1, { max: 997, waitMs: 0 })).entries);
  }
  assert.deepEqual(read, [...recordedEvents(folder)]);
  const waiting = remote.read(read.length + 1, { max: 10, waitMs: 20_000 });
  await remote.request(engage);
  assert.equal((await waiting).entries[0]?.event.type, 'kill.engaged');
  assert.ok(Reflect.get((await remote.status()) as object, 'at'));
  assert.equal(await remote.metrics(), 'tradewind_equity 1\n');
  const { report, unreadiness } = await remote.health();
  assert.equal(report.status, 'HEALTHY');
  assert.deepEqual(unreadiness, ['history is being taken in']);
});

test('a request that is sent again is carried out once and answered alike', async (t) => {
  const { door, seen } = await openDesk(t);
  const endpoint = await serveEngine(door, local);
  t.after(() => endpoint.close());
  const send = async (requestId: string, expiresAt: number): Promise<unknown> => {
    const response = await fetch(`${endpoint.address}/engine/request`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requestId, expiresAt, request: engage }),
    });
    return response.json();
  };
  const first = await send('request-1', Date.now() + 10_000);
  assert.deepEqual(await send('request-1', Date.now() + 10_000), first);
  assert.equal(seen.length, 1);
  const late = await send('request-2', 1);
  assert.match(JSON.stringify(late), /"isDone":false.*after its time/);
  assert.equal(seen.length, 1);
});

test('a token keeps strangers out, and an endpoint for other machines wants one', async (t) => {
  const { door } = await openDesk(t);
  await assert.rejects(serveEngine(door, { ...local, host: '0.0.0.0' }), OpenEndpointError);
  const endpoint = await serveEngine(door, { ...local, token: 'correct horse' });
  t.after(() => endpoint.close());
  for (const token of [undefined, 'wrong', 'correct horses']) {
    await assert.rejects(remoteEngine({ address: endpoint.address, token }).head(), (error) => {
      assert.ok(error instanceof RemoteEngineError);
      assert.equal(error.code, 'refused');
      assert.match(error.message, /401/);
      return true;
    });
  }
  assert.ok((await remoteEngine({ address: endpoint.address, token: 'correct horse' }).head()).lastSequence > 0);
});

test('what is no range and no request is refused with what was expected', async (t) => {
  const { door } = await openDesk(t);
  const endpoint = await serveEngine(door, local);
  t.after(() => endpoint.close());
  for (const query of [
    'from=0&max=1&waitMs=0',
    'from=1&max=100000&waitMs=0',
    'from=1',
    'from=1&max=1&waitMs=0&more=1',
  ]) {
    assert.equal((await fetch(`${endpoint.address}/engine/tail?${query}`)).status, 400, query);
  }
  const body = JSON.stringify({ requestId: 'request-3', expiresAt: 1, request: { command: 'buy everything' } });
  const headers = { 'content-type': 'application/json' };
  assert.equal((await fetch(`${endpoint.address}/engine/request`, { method: 'POST', headers, body })).status, 400);
});
