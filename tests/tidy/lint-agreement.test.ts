import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { rooms } from './import-table.ts';

interface Override {
  readonly includes: readonly string[];
  readonly linter: {
    readonly rules: {
      readonly style?: {
        readonly noRestrictedImports?: {
          readonly options: { readonly patterns: readonly [{ readonly group: string[] }] };
        };
      };
    };
  };
}

const lint = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../biome.json'), 'utf8')) as {
  readonly overrides: readonly Override[];
};

/** The exceptions, in the linter's words, from the ban on everything that a room's override begins with. */
function lintedImports(room: string): string[] {
  const override = lint.overrides.find(
    ({ includes, linter }) =>
      includes[0] === `src/${room}/**/*.ts` && linter.rules.style?.noRestrictedImports !== undefined,
  );
  const group = override?.linter.rules.style?.noRestrictedImports?.options.patterns[0].group ?? [];
  return group.map((pattern) => pattern.replace('!', '')).sort();
}

for (const room of rooms) {
  if (room.name === 'cli') continue;
  test(`the linter and the import table agree on ${room.name}`, () => {
    const own = [...room.imports, `#${room.name}/**`];
    const everything =
      room.packages === 'any'
        ? ['#*/**']
        : ['**', './**', '../**', ...room.packages, ...(room.hasNode ? ['node:*', 'node:*/**'] : [])];
    assert.deepEqual(lintedImports(room.name), [...own, ...everything].sort());
  });
}
