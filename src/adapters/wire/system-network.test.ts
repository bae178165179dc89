import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { loopbackServer } from '../../../tests/support/loopback-server.ts';
import { missingCertificates, selfSigned } from '../../../tests/support/self-signed.ts';
import { waitUntil } from '../../../tests/support/wait-until.ts';
import { systemNetwork } from './system-network.ts';

test('a certificate that is not trusted is refused before anything leaves', {
  skip: missingCertificates,
}, async (context) => {
  const certificate = selfSigned('127.0.0.1');
  let requests = 0;
  const count = (): void => void requests++;
  const server = await loopbackServer(context, count, certificate);
  server.http.on('upgrade', count);
  const network = systemNetwork();
  context.after(() => network.close());
  const request = { method: 'POST', url: `${server.origin}/secret`, headers: {}, body: '{}' } as const;
  await assert.rejects(network.request(request, 20_000), {
    name: 'NetworkError',
    message: `'POST' to '127.0.0.1:${server.port}': 'DEPTH_ZERO_SELF_SIGNED_CERT'`,
    mayHaveArrived: false,
  });
  const ends: string[] = [];
  const unused = (): never => assert.fail('nothing opens');
  const onClose = (reason: string): void => void ends.push(reason);
  network.stream(request, { onOpen: unused, onBytes: unused, onClose });
  network.socket(server.origin.replace('https', 'wss'), { onOpen: unused, onText: unused, onPing: unused, onClose });
  await waitUntil('both end', () => ends.length === 2);
  assert.deepEqual(ends.toSorted(), [
    `'POST' to '127.0.0.1:${server.port}': 'DEPTH_ZERO_SELF_SIGNED_CERT'`,
    "the socket failed: 'DEPTH_ZERO_SELF_SIGNED_CERT'",
  ]);
  assert.equal(requests, 0);
});

test('a certificate of ones own may be trusted, for its own address alone', {
  skip: missingCertificates,
}, async (context) => {
  const certificate = selfSigned('127.0.0.1');
  const other = selfSigned('127.0.0.2');
  const server = await loopbackServer(context, (_request, response) => response.end('{}'), certificate);
  const foreign = await loopbackServer(context, (_request, response) => response.end('{}'), other);
  const wire = new WebSocketServer({ server: server.http });
  wire.on('connection', (peer) => peer.send('hello'));
  const network = systemNetwork({ certificates: certificate.cert + other.cert });
  context.after(() => network.close());
  const request = { method: 'GET', url: server.origin, headers: {} } as const;
  assert.equal((await network.request(request, 20_000)).body, '{}');
  await assert.rejects(network.request({ ...request, url: foreign.origin }, 20_000), {
    message: /ERR_TLS_CERT_ALTNAME_INVALID/,
    mayHaveArrived: false,
  });
  const texts: string[] = [];
  const socket = network.socket(server.origin.replace('https', 'wss'), {
    onOpen: () => undefined,
    onText: (text) => texts.push(text),
    onPing: () => undefined,
    onClose: () => undefined,
  });
  await waitUntil('a text comes', () => texts.length === 1);
  socket.close();
});

test('closing it ends what is under way', async (context) => {
  const server = await loopbackServer(context, () => undefined);
  const network = systemNetwork();
  const answer = network.request({ method: 'POST', url: server.origin, headers: {}, body: '{}' }, 20_000);
  const refused = assert.rejects(answer, { name: 'NetworkError', mayHaveArrived: true });
  await waitUntil('it is asked', () => server.sockets.length === 1);
  await network.close();
  await refused;
});
