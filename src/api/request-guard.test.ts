import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestProblem, securityHeaders } from './request-guard.ts';

const isLet = (host: string | undefined, origin?: string, bound = '127.0.0.1'): boolean =>
  requestProblem({ host, origin }, bound) === undefined;

test('the machine is known by its own names, with or without a port', () => {
  for (const host of ['localhost', 'localhost:8000', 'LOCALHOST:8000', '127.0.0.1:8000', '[::1]:8000']) {
    assert.equal(isLet(host), true, host);
  }
});

test('a foreign name is turned away even where it leads here', () => {
  for (const host of [
    undefined,
    '',
    'evil.example',
    'evil.example:8000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil@localhost',
    '10.0.0.5:8000',
    'localhost:8000:1',
  ]) {
    assert.equal(isLet(host), false, String(host));
  }
});

test('an address bound on purpose is a name, and behind a wildcard every address of numbers', () => {
  assert.equal(isLet('10.0.0.5:8000', undefined, '10.0.0.5'), true);
  assert.equal(isLet('desk.lan:8000', undefined, 'desk.lan'), true);
  assert.equal(isLet('192.168.1.7:8000', undefined, '0.0.0.0'), true);
  assert.equal(isLet('[fe80::1]:8000', undefined, '::'), true);
  assert.equal(isLet('evil.example:8000', undefined, '0.0.0.0'), false);
});

test('a page of another origin is turned away, another port of this machine too', () => {
  assert.equal(isLet('localhost:8000', 'http://localhost:8000'), true);
  for (const origin of ['http://localhost:3000', 'https://evil.example', 'null', 'http://127.0.0.1:8000']) {
    assert.equal(isLet('localhost:8000', origin), false, origin);
  }
});

test('the policy for content allows no inline script and no other source', () => {
  const policy = securityHeaders['content-security-policy'] ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*|data:|http/);
});
