import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { missingDatabase, startDatabase } from '../../../tests/support/postgres-process.ts';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { queueAddress } from './queue-address.ts';
import { reachQueue } from './reach-queue.ts';

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((done) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : 0);
    }),
  );
  await new Promise((done) => server.close(done));
  return port;
}

for (const scheme of ['redis', 'postgres']) {
  test(`a ${scheme} address where nobody listens is told, without its secrets`, async () => {
    const port = await closedPort();
    await assert.rejects(reachQueue(queueAddress(`${scheme}://ann:swordfish@127.0.0.1:${port}/desk`), 2_000), {
      code: 'unreachable',
      message: new RegExp(`^no queue answers at '${scheme}://127.0.0.1:${port}/desk': (?!.*swordfish).*ECONNREFUSED`),
    });
  });

  test(`a ${scheme} address where nobody speaks is given up`, async (t) => {
    const server = createServer((socket) => void socket.on('error', () => undefined));
    t.after(() => server.close());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    server.on('connection', (socket) => t.after(() => socket.destroy()));
    await assert.rejects(reachQueue(queueAddress(`${scheme}://127.0.0.1:${address.port}`), 100), {
      code: 'unreachable',
    });
  });
}

test('a store that lets us in is reached, one that asks for another password is not', {
  skip: missingStore,
}, async (t) => {
  const store = await startStore('swordfish');
  t.after(() => store.stop());
  const at = (password: string) => queueAddress(store.url.replace('//', `//:${password}@`));
  await reachQueue(at('swordfish'), 2_000);
  await assert.rejects(reachQueue(at('kingfisher'), 2_000), { code: 'unreachable', message: /WRONGPASS/ });
});

test('a database that lets us in is reached, one that is not there is not', { skip: missingDatabase }, async (t) => {
  const database = await startDatabase();
  t.after(() => database.stop());
  await reachQueue(queueAddress(database.url), 5_000);
  const missing = queueAddress(database.url.replace(/\/postgres$/, '/nowhere'));
  await assert.rejects(reachQueue(missing, 5_000), { code: 'unreachable', message: /"nowhere" does not exist/ });
});
