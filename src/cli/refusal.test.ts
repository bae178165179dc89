import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommanderError } from 'commander';
import { FolderLockedError } from '#adapters/journal/folder-lock.ts';
import { JournalWriteError } from '#adapters/journal/journal-errors.ts';
import { RunError } from '#runtime/run-folder.ts';
import { endingOf, UsageError } from './refusal.ts';

test('bad input ends with two and its own sentence', () => {
  assert.deepEqual(endingOf(new RunError('no run')), { code: 2, message: 'no run' });
  assert.deepEqual(endingOf(new UsageError('no such pair')), { code: 2, message: 'no such pair' });
  assert.equal(endingOf(new FolderLockedError('f', 7, 'it is still running')).code, 2);
});

test('what the parser has refused is not said twice, and its help is no failure', () => {
  assert.deepEqual(endingOf(new CommanderError(1, 'commander.unknownOption', 'x')), { code: 2, message: '' });
  assert.deepEqual(endingOf(new CommanderError(0, 'commander.helpDisplayed', 'x')), { code: 0, message: '' });
});

test('a failing disk ends with one and its sentence', () => {
  const { code, message } = endingOf(new JournalWriteError('EIO', false, 'a sync failed'));
  assert.equal(code, 1);
  assert.equal(message, 'the journal is not durable: a sync failed (EIO)');
});

test('our own mistake ends with one and shows where it happened', () => {
  const { code, message } = endingOf(new TypeError('oops'));
  assert.equal(code, 1);
  assert.match(message, /oops\n\s+at /);
});
