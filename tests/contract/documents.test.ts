import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createOutput } from '#cli/output.ts';
import { runProgram } from '#cli/program.ts';
import { contextFor } from '#engine/engine.ts';
import type { Module } from '#engine/module.ts';
import { createDeskFixture } from '../support/desk-fixture.ts';

const root = join(import.meta.dirname, '../..');

function textOf(name: string): string {
  return readFileSync(join(root, name), 'utf8');
}

async function asked(argv: readonly string[]): Promise<string> {
  const streams = { result: new PassThrough(), work: new PassThrough() };
  await runProgram(argv, { environment: {}, output: createOutput(streams) });
  return String(streams.result.read() ?? '');
}

test('every command of the README exists', async () => {
  const rows = textOf('README.md').matchAll(/^\| (`[a-z`, ]+`) \|/gm);
  const named = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([a-z]+)`/g)].map(([, name]) => name));
  assert.ok(named.length >= 15, `the README names ${named.length} commands`);
  for (const name of named) {
    const shown = await asked([name ?? '', '--help']);
    assert.match(shown, new RegExp(`^Usage: tradewind ${name}`, 'm'));
  }
});

test('every document that another links to is there', () => {
  let links = 0;
  for (const [name, folder] of [
    ['README.md', root],
    ['docs/decisions/README.md', join(root, 'docs/decisions')],
  ] as const) {
    for (const [, target = ''] of textOf(name).matchAll(/\]\(([^)#:]+)\)/g)) {
      links += 1;
      assert.ok(existsSync(join(folder, target)), `'${name}' links to '${target}'`);
    }
  }
  assert.ok(links > 15, `${links} links were followed`);
});

test('the module of the recipe works as it is printed', async (context) => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(textOf('docs/recipes/add-a-module.md')) ?? [];
  mkdirSync(join(root, 'data'), { recursive: true });
  const folder = mkdtempSync(join(root, 'data', 'recipe-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'bar-age.ts');
  writeFileSync(file, code.replace(/^ {3}/gm, ''));
  const loaded: { barAge: Module } = await import(pathToFileURL(file).href);
  const fixture = createDeskFixture([loaded.barAge]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  fixture.tick(90_000);
  fixture.bar('USD_JPY', 150_010);
  const signals = ['EURUSD.OANDA', 'USDJPY.OANDA'].map((instrument) => ({
    instrument,
    direction: 'long' as const,
    confidence: 1,
    strategy: 'any',
    reason: '',
    sizeFraction: 1,
  }));
  const proposal = loaded.barAge.propose.gate?.(signals, {}, contextFor(fixture.engine, 'bar-age'));
  assert.deepEqual(proposal?.value, [signals[1]]);
  assert.deepEqual(
    proposal?.entries.map(({ code: told }) => told),
    ['bar-old', 'pass'],
  );
});
