import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkPort } from '#engine/ports.ts';
import { secretFreeNetwork } from './secret-free-network.ts';

test('F107: a server that says a key back does not bring it into the process', async () => {
  const network: NetworkPort = {
    request: async ({ headers }) => ({
      status: 401,
      headers: {},
      body: `{"errorMessage":"${headers['authorization']}"}`,
    }),
    stream: () => ({ close: () => undefined }),
    socket: () => ({ close: () => undefined, send: () => undefined }),
  };
  const clean = secretFreeNetwork(network, ['CANARY']);
  const request = { method: 'GET', url: 'https://a.test', headers: { authorization: 'Bearer CANARY' } } as const;
  const { status, body } = await clean.request(request, 1);
  assert.equal(status, 401);
  assert.equal(body, '{"errorMessage":"Bearer [secret]"}');
});
