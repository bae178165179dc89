import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { Module, View } from '#engine/module.ts';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { modules } from './index.ts';

/** Facts that one module publishes for others, and where the view shows them. Alerts are their publisher's own. */
const shownFacts = {
  'gates.published': 'gates',
  'weights.published': 'weights',
  'evaluation.completed': 'evaluations',
} as const;
type ShownField = (typeof shownFacts)[keyof typeof shownFacts];

/** Who published a fact, and who read it while it heard of an event, by the field that shows it. */
interface FactUse {
  readonly publishers: Record<ShownField, Set<string>>;
  readonly readers: Record<ShownField, Set<string>>;
}

const names = modules.map(({ name }) => name);

function noUse(): Record<ShownField, Set<string>> {
  return { gates: new Set(), weights: new Set(), evaluations: new Set() };
}

function fieldOf(key: PropertyKey): ShownField | undefined {
  return Object.values(shownFacts).find((field) => field === key);
}

function watched(module: Module, { publishers, readers }: FactUse): Module {
  const watchedView = (view: View): View =>
    new Proxy(view, {
      get: (target, key) => {
        const field = fieldOf(key);
        if (field !== undefined) readers[field].add(module.name);
        return Reflect.get(target, key);
      },
    });
  const evolve = Object.entries(module.evolve ?? {}).map(([type, evolver]) => {
    const spied = (state: unknown, event: unknown, context: Parameters<typeof evolver>[2]): void => {
      const publish: typeof context.publish = (fact) => {
        if (fact.type in shownFacts) publishers[shownFacts[fact.type as keyof typeof shownFacts]].add(module.name);
        context.publish(fact);
      };
      const spiedContext = Object.create(context, {
        view: { value: watchedView(context.view) },
        publish: { value: publish },
      });
      Reflect.apply(evolver, module.evolve, [state, event, spiedContext]);
    };
    return [type, spied];
  });
  return { ...module, evolve: Object.fromEntries(evolve) };
}

/** Two and a half hours of a desk with every module, each watched. */
function factUse(): FactUse {
  const use: FactUse = { publishers: noUse(), readers: noUse() };
  const fixture = createDeskFixture(modules.map((module) => watched(module, use)));
  for (let minute = 0; minute < 150; minute += 1) {
    const wave = Math.round(60 * Math.sin(minute / 9)) + 3 * minute;
    fixture.minute({ EUR_USD: 110_000 + wave, USD_JPY: 150_000 - wave });
  }
  return use;
}

/** Readers that hear of an event before a publisher of what they read. */
function tooEarly({ publishers, readers }: FactUse, order: readonly string[]): string[] {
  return Object.values(shownFacts).flatMap((field) =>
    [...readers[field]].flatMap((reader) =>
      [...publishers[field]]
        .filter((publisher) => order.indexOf(publisher) > order.indexOf(reader))
        .map((publisher) => `'${reader}' reads ${field} of '${publisher}'`),
    ),
  );
}

test('every module has a name of its own', () => {
  assert.deepEqual([...new Set(names)], names);
});

test('every folder of the room is in the list, and everything in the list has its folder', () => {
  const entries = readdirSync(import.meta.dirname, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  assert.deepEqual(names.toSorted(), folders.sort());
});

test('a module that publishes a fact hears of an event before those that read it', () => {
  const use = factUse();
  assert.deepEqual([...use.publishers.gates], ['rolling-evaluator']);
  assert.deepEqual([...use.publishers.weights], ['top-k-allocator']);
  assert.ok(use.readers.gates.has('top-k-allocator'));
  assert.deepEqual(tooEarly(use, names), []);
  assert.deepEqual(tooEarly(use, names.toReversed()), ["'top-k-allocator' reads gates of 'rolling-evaluator'"]);
});

test('gates and weights of one instant are published in that order', () => {
  const fixture = createDeskFixture(modules, { policies: { 'top-k-allocator': { intervalSeconds: 30 } } });
  let together = 0;
  for (let minute = 0; minute < 10; minute += 1) {
    fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
    const published = fixture.events.splice(0).filter(({ type }) => type in shownFacts);
    for (const at of new Set(published.map((event) => event.at))) {
      const types = published.filter((event) => event.at === at).map(({ type }) => type);
      if (types.length < 2) continue;
      together += 1;
      assert.deepEqual(types, ['gates.published', 'weights.published']);
    }
  }
  assert.ok(together > 0);
});
