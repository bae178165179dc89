import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const bin = resolve(import.meta.dirname, '../../bin');

/** A command line that says what it was given, waits for a signal when asked to, and ends with its last argument. */
const commandLine = `
export async function main(argv: readonly string[]): Promise<number> {
  console.log(JSON.stringify(argv));
  if (argv[0] === 'abort') process.kill(process.pid, 'SIGKILL');
  if (argv[0] === 'wait') {
    const alive = setInterval(() => {}, 1000);
    const signal = await new Promise((settle) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, settle);
      console.log('ready');
    });
    clearInterval(alive);
    console.log(signal);
  }
  return Number(argv.at(-1));
}
`;

interface Ending {
  readonly code: number | null;
  readonly output: string;
}

/** A project that holds only the launcher, the command line above and, if asked for, a bundled Node. */
function withProject(hasBundledNode: boolean, use: (root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'launcher-'));
  for (const folder of ['bin', 'src/cli', 'node_modules/node/bin']) mkdirSync(join(root, folder), { recursive: true });
  for (const name of ['tradewind', 'package.json']) copyFileSync(join(bin, name), join(root, 'bin', name));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'src/cli/main.ts'), commandLine);
  writeFileSync(join(root, 'old.cjs'), "Object.defineProperty(process, 'versions', { value: { node: '18.20.0' } });");
  if (hasBundledNode) symlinkSync(process.execPath, join(root, 'node_modules/node/bin/node'));
  return use(root).finally(() => rmSync(root, { recursive: true, force: true }));
}

/** Starts the launcher, under a Node that calls itself version 18 if `isOld`. */
function launch(root: string, isOld: boolean, ...argv: string[]): ChildProcess {
  const preload = isOld ? ['--require', join(root, 'old.cjs')] : [];
  return spawn(process.execPath, [...preload, join(root, 'bin/tradewind'), ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Collects what the child says until it ends; `react` sees the text so far after every piece. */
function ending(child: ChildProcess, react: (output: string) => void = () => undefined): Promise<Ending> {
  let output = '';
  const collect = (piece: Buffer): void => {
    output += piece.toString();
    react(output);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  return new Promise((settle) => child.on('close', (code) => settle({ code, output })));
}

test('a new Node runs the command line itself, and says nothing of its own', async () => {
  await withProject(false, async (root) => {
    assert.deepEqual(await ending(launch(root, false, 'run', '--seed', '3')), {
      code: 3,
      output: '["run","--seed","3"]\n',
    });
  });
});

test('an old Node hands over arguments and exit code to the bundled one', async () => {
  await withProject(true, async (root) => {
    assert.deepEqual(await ending(launch(root, true, 'run', 'a b', '5')), { code: 5, output: '["run","a b","5"]\n' });
  });
});

test('an old Node without a bundled one tells how to get it', async () => {
  await withProject(false, async (root) => {
    const { code, output } = await ending(launch(root, true, 'run'));
    assert.equal(code, 1);
    assert.match(output, /^tradewind: Node 24 or later is needed, found '18\.20\.0': run 'npm install' in '.+'\n$/);
  });
});

test('a link to the launcher finds the project it belongs to', async () => {
  await withProject(true, async (root) => {
    symlinkSync(join(root, 'bin/tradewind'), join(root, 'linked'));
    const child = spawn(process.execPath, ['--require', join(root, 'old.cjs'), join(root, 'linked'), '7']);
    assert.equal((await ending(child)).code, 7);
  });
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} reaches the command line, and the launcher waits for its end`, async () => {
    await withProject(true, async (root) => {
      const child = launch(root, true, 'wait', '9');
      let isSent = false;
      const result = await ending(child, (output) => {
        if (!isSent && output.includes('ready')) isSent = child.kill(signal);
      });
      assert.deepEqual(result, { code: 9, output: `["wait","9"]\nready\n${signal}\n` });
    });
  });
}

test('a child that a signal ends is reported as 128 and the number of the signal', async () => {
  await withProject(true, async (root) => {
    assert.equal((await ending(launch(root, true, 'abort'))).code, 128 + 9);
  });
});
