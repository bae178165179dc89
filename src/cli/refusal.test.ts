import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommanderError } from 'commander';
import { AuditDamagedError } from '#adapters/audit/audit-mark.ts';
import { BusError } from '#adapters/bus/bus-error.ts';
import { JobEngineError } from '#adapters/jobs/job-engine-error.ts';
import { FolderLockedError } from '#adapters/journal/folder-lock.ts';
import { JournalWriteError } from '#adapters/journal/journal-errors.ts';
import { LeaseStoreError } from '#adapters/lease/lease-error.ts';
import { RecordError } from '#adapters/records/record-error.ts';
import { StoreError } from '#adapters/valkey/store-error.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import { LeaseLostError } from '#runtime/lease-keeper.ts';
import { RunError } from '#runtime/run-folder.ts';
import { OpenEndpointError } from '#runtime/tail/engine-endpoint.ts';
import { RemoteEngineError } from '#runtime/tail/remote-engine.ts';
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

test('an account that is held and an endpoint that is open are bad input', () => {
  for (const error of [new LeaseLostError('held'), new OpenEndpointError('open')]) {
    assert.deepEqual(endingOf(error), { code: 2, message: error.message });
  }
});

test('a server that fails ends with one and its sentence, and an address that is none with two', () => {
  for (const error of [
    new StoreError('unreachable', 'away'),
    new KeyStoreError('unknown', 'broke off'),
    new RecordError('failed', 'refused'),
    new BusError('unreachable', 'away'),
    new JobEngineError('full', 'full'),
    new LeaseStoreError('away'),
    new RemoteEngineError('refused', 'another token'),
    new AuditDamagedError('damaged'),
  ]) {
    assert.deepEqual(endingOf(error), { code: 1, message: error.message }, error.name);
  }
  for (const error of [
    new StoreError('address', 'no address'),
    new RecordError('address', 'no address'),
    new RecordError('newer', 'written by a newer version'),
    new BusError('address', 'no address'),
    new JobEngineError('address', 'no address'),
  ]) {
    assert.deepEqual(endingOf(error), { code: 2, message: error.message }, error.name);
  }
});
