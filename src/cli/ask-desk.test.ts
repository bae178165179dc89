import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveControl } from '#runtime/control-socket.ts';
import { exampleStatus } from '../../tests/support/example-status.ts';
import { temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { findDesk } from './ask-desk.ts';
import { UsageError } from './refusal.ts';

test('a running desk is asked itself', async (t) => {
  const folder = temporaryFolder(t);
  const server = await serveControl(folder, () => ({ isDone: true, message: '', status: exampleStatus() }));
  t.after(() => server.close());
  assert.deepEqual(await findDesk(folder), { isRunning: true, status: exampleStatus() });
});

test('a desk of another version is told apart instead of being misread', async (t) => {
  const folder = temporaryFolder(t);
  const { kill, ...rest } = exampleStatus();
  const server = await serveControl(folder, () => ({ isDone: true, message: '', status: { ...rest, switch: kill } }));
  t.after(() => server.close());
  await assert.rejects(findDesk(folder), UsageError);
});
