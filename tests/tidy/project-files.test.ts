import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { projectPaths, readProjectFiles } from './project-files.ts';

/** A folder holding `files`, removed after `use`. */
function withFolder(files: Record<string, string | Uint8Array>, use: (root: string) => void): void {
  const root = mkdtempSync(join(tmpdir(), 'tidy-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const files = {
  '.gitignore': 'node_modules/\nruns/\n*.log\n',
  'b.ts': '',
  'a/c.ts': 'text',
  'a/d.log': '',
  'runs/e.ts': '',
  'node_modules/f.ts': '',
};

test('without git the folder is walked, and what is ignored stays out', () => {
  withFolder(files, (root) => assert.deepEqual(projectPaths(root), ['.gitignore', 'a/c.ts', 'b.ts']));
});

test('git and the walk see the same files', () => {
  withFolder(files, (root) => {
    const walked = projectPaths(root);
    execFileSync('git', ['init', '-q'], { cwd: root, stdio: 'ignore' });
    assert.deepEqual(projectPaths(root), walked);
  });
});

test('a file that is no text is left out', () => {
  withFolder({ 'a.bin': new Uint8Array([1, 0, 2]), 'b.txt': 'b' }, (root) => {
    assert.deepEqual(readProjectFiles(root), [{ path: 'b.txt', text: 'b' }]);
  });
});
