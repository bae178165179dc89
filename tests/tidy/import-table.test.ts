import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importProblems, rooms } from './import-table.ts';

/** The messages for a file at `path` that imports each of `specifiers` in turn. */
function messages(path: string, ...specifiers: string[]): string[] {
  const text = specifiers.map((specifier) => `import { a } from '${specifier}';`).join('\n');
  return importProblems({ path, text }).map((problem) => `${problem.line} ${problem.message}`);
}

test('what the table allows passes', () => {
  assert.deepEqual(messages('src/domain/order.ts', '#base/assert.ts', '#domain/side.ts', './side.ts', 'zod'), []);
  assert.deepEqual(messages('src/modules/index.ts', '#engine/module.ts', '#models/tree.ts'), []);
  assert.deepEqual(messages('src/sim/venue.ts', '#engine/ports.ts'), []);
  assert.deepEqual(
    messages('src/venue-simulators/oanda.ts', '#adapters/oanda/schema.ts', 'node:http', '#sim/a.ts'),
    [],
  );
  assert.deepEqual(messages('src/adapters/oanda/rest.ts', './schema.ts', 'undici', 'node:fs', '#engine/ports.ts'), []);
  assert.deepEqual(messages('src/api/server.ts', '#runtime/run.ts', 'fastify', '@fastify/jwt'), []);
  assert.deepEqual(messages('src/cli/main.ts', '#adapters/oanda/index.ts', '#api/server.ts', 'commander'), []);
});

test('a room may not import a room below it', () => {
  assert.deepEqual(messages('src/base/a.ts', '#domain/b.ts'), ["1 room 'base' may not import '#domain/b.ts'"]);
  assert.deepEqual(messages('src/metrics/a.ts', '#base/a.ts', '#engine/b.ts'), [
    "2 room 'metrics' may not import '#engine/b.ts'",
  ]);
  assert.deepEqual(messages('src/api/a.ts', '#engine/b.ts'), ["1 room 'api' may not import '#engine/b.ts'"]);
  assert.deepEqual(messages('src/runtime/a.ts', '#api/b.ts'), ["1 room 'runtime' may not import '#api/b.ts'"]);
});

test('of the engine modules see one file, and the simulator and the adapters another', () => {
  assert.equal(messages('src/modules/gate/gate.ts', '#engine/state.ts', '#engine/ports.ts').length, 2);
  assert.equal(messages('src/sim/venue.ts', '#engine/module.ts').length, 1);
  assert.equal(messages('src/adapters/oanda/rest.ts', '#engine/state.ts').length, 1);
});

test('an adapter never imports another adapter, by either spelling', () => {
  const expected = "1 adapter 'oanda' may not import adapter 'binance'";
  assert.deepEqual(messages('src/adapters/oanda/rest.ts', '#adapters/binance/schema.ts'), [expected]);
  assert.deepEqual(messages('src/adapters/oanda/rest.ts', '../binance/schema.ts'), [expected]);
});

test('of an adapter a simulated venue sees the schema alone', () => {
  assert.equal(messages('src/venue-simulators/oanda.ts', '#adapters/oanda/rest.ts').length, 1);
});

test('a relative import stays in its room', () => {
  assert.deepEqual(messages('src/metrics/a.ts', '../base/a.ts'), [
    "1 '../base/a.ts' leaves the room: name the room instead",
  ]);
  assert.deepEqual(messages('src/metrics/deep/a.ts', '../b.ts'), []);
});

test('the core takes no library but the schema library, and that in the domain, the engine and the modules alone', () => {
  for (const room of ['domain', 'engine', 'modules']) assert.deepEqual(messages(`src/${room}/a.ts`, 'zod'), []);
  for (const room of ['base', 'metrics', 'models', 'sim', 'learning']) {
    assert.deepEqual(messages(`src/${room}/a.ts`, 'zod'), [`1 room '${room}' may not import the package 'zod'`]);
  }
  for (const room of ['domain', 'engine', 'modules']) {
    assert.deepEqual(messages(`src/${room}/a.ts`, 'luxon'), [`1 room '${room}' may not import the package 'luxon'`]);
  }
  assert.equal(messages('src/learning/a.ts', 'node:fs').length, 1);
});

test('a test may use the test tools and every room above its own', () => {
  assert.deepEqual(messages('src/sim/a.test.ts', 'node:test', 'fast-check', '#engine/state.ts', './a.ts'), []);
  assert.deepEqual(messages('src/base/a.test.ts', '#domain/a.ts'), ["1 room 'base' may not import '#domain/a.ts'"]);
  assert.equal(messages('src/base/a.test.ts', 'luxon').length, 1);
});

test('a file outside every room may import nothing', () => {
  assert.equal(messages('src/stray/a.ts', '#base/a.ts').length, 1);
});

test('the dashboard sees the types of the contract alone', () => {
  const path = 'web/src/app.tsx';
  assert.deepEqual(importProblems({ path, text: "import type { A } from '../../src/api/contract.ts';" }), []);
  assert.deepEqual(messages(path, 'react', './b.tsx'), []);
  assert.equal(messages(path, '#api/contract.ts').length, 1);
  assert.equal(messages(path, '#domain/order.ts', '../../src/domain/order.ts').length, 2);
});

test('every arrow of the table goes up', () => {
  const names = rooms.map((room) => room.name);
  for (const [position, room] of rooms.entries()) {
    if (room.name === 'cli' || room.name === 'venue-simulators') continue;
    for (const specifier of room.imports) {
      const target = names.indexOf(specifier.slice(1).split('/')[0] ?? '');
      assert.ok(target !== -1 && target < position, `${room.name} imports ${specifier}`);
    }
  }
});
