import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ListenError } from './listen-error.ts';

test('the sentence names the address and what to do about it', () => {
  const error = new ListenError('127.0.0.1', 8000, 'EADDRINUSE');
  assert.equal(
    error.message,
    "the status page cannot listen on '127.0.0.1' port 8000: another process listens there; choose another with --port, or 0 for any free one",
  );
  assert.match(new ListenError('10.9.9.9', 1, 'EADDRNOTAVAIL').message, /no such address/);
  assert.match(new ListenError('127.0.0.1', 80, 'EACCES').message, /above 1023/);
  assert.match(new ListenError('127.0.0.1', 80, 'EMFILE').message, /'EMFILE'/);
});
