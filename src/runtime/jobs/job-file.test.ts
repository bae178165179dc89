import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { jobFile } from './job-file.ts';

test('the file of the jobs is where it is said to be', () => {
  assert.ok(existsSync(jobFile));
});
