import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { RemoteEngineError, remoteEngine } from './remote-engine.ts';

test('an engine that is away is unreachable, and its address is told', async () => {
  const remote = remoteEngine({ address: 'http://127.0.0.1:9', token: 'hush-hush' });
  await assert.rejects(remote.head(), (error) => {
    assert.ok(error instanceof RemoteEngineError);
    assert.equal(error.code, 'unreachable');
    assert.match(error.message, /http:\/\/127\.0\.0\.1:9/);
    assert.doesNotMatch(error.message, /hush-hush/);
    return true;
  });
});

test('a request whose answer is lost is asked again under the same id', async (t) => {
  const ids: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += String(part);
    });
    request.on('end', () => {
      ids.push(String(Reflect.get(JSON.parse(text), 'requestId')));
      if (ids.length < 3) request.socket.destroy();
      else response.end(JSON.stringify({ isDone: true, message: 'done' }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const remote = remoteEngine({ address: `http://127.0.0.1:${port}`, token: undefined });
  assert.deepEqual(await remote.request({ command: 'status' }), { isDone: true, message: 'done' });
  assert.equal(ids.length, 3);
  assert.equal(new Set(ids).size, 1);
});
