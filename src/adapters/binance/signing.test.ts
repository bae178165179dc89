import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { test } from 'node:test';
import { queryText, signedQuery, signerOf } from './signing.ts';

const signer = signerOf('2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9');

test("the venue's own example is signed as the venue signs it", () => {
  const query = queryText({
    symbol: 'BTCUSDT',
    side: 'BUY',
    type: 'LIMIT',
    quantity: 1,
    price: 9000,
    timeInForce: 'GTC',
    recvWindow: 5000,
    timestamp: 1591702613943,
  });
  assert.equal(signer(query), '3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9');
});

test('query and body are signed with nothing between them', () => {
  const query = 'symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC';
  const body = 'quantity=1&price=9000&recvWindow=5000&timestamp=1591702613943';
  assert.equal(
    signedQuery(query, body, signer),
    `${query}&signature=30baaf0fab549bbeda7f5ef201898b34122da25fd23c646cac2c529aebe670a4`,
  );
});

test('a symbol that is not ASCII is signed in its encoded form (F85)', () => {
  const query = queryText({ symbol: '币安人生USDT' });
  assert.equal(query, 'symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT');
  assert.equal(signedQuery(query, '', signer), `${query}&signature=${signer(query)}`);
});

test('what is absent is not written', () => {
  assert.equal(queryText({ symbol: 'A', price: undefined, reduceOnly: true }), 'symbol=A&reduceOnly=true');
  assert.equal(signedQuery('', '', signer), `signature=${signer('')}`);
});

test('a private key in PEM signs by Ed25519, its base64 encoded for the query', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signature = Buffer.from(decodeURIComponent(signerOf(pem)('timestamp=1')), 'base64');
  assert.ok(verify(null, Buffer.from('timestamp=1'), publicKey, signature));
});
