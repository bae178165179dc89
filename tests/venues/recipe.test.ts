import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const recipe = readFileSync(join(root, 'docs/recipes/add-a-venue.md'), 'utf8');

function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

test('every file that the recipe of a venue names is there', () => {
  const named = [...recipe.matchAll(/`((?:src|tests|docs)\/[^`<]*)`/g)].map(([, path = '']) => path);
  assert.ok(named.length >= 15, `${named.length} files are named`);
  assert.deepEqual(
    named.filter((path) => !existsSync(join(root, path))),
    [],
  );
});

test('the line of the suite stands as the recipe prints it', () => {
  const [, line = ''] = /```ts\n(.*)\n```/.exec(recipe) ?? [];
  assert.ok(line.startsWith('liveVenueSuite('));
  assert.ok(textOf('tests/contract/live-venues.test.ts').includes(`${line}\n`));
});

test('the places at which the recipe sends one into the desk have the names it gives', () => {
  const places: Readonly<Record<string, readonly string[]>> = {
    'src/cli/live-plan.ts': [
      'venueNames',
      'deskOf',
      'openVenue',
      'universeOf',
      'planLive',
      'calendarAround',
      'alwaysAround',
    ],
    'src/runtime/live/credentials.ts': ['type Credentials', 'function accountOf'],
    'src/adapters/wire/venue-client.ts': ['class VenueClient'],
    'tests/support/wire-floor.ts': ['startWireFloor', 'sceneOver'],
  };
  const missing = Object.entries(places).flatMap(([path, names]) => {
    const text = textOf(path);
    return names.filter((name) => !text.includes(name)).map((name) => `${path} ${name}`);
  });
  assert.deepEqual(missing, []);
});
