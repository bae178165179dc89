import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { slotNames } from '#domain/pipeline.ts';
import { modules } from '#modules/index.ts';
import { configurationFrom, documentOf, policyDocuments } from '#runtime/desk-setup.ts';
import { createDeskFixture } from '../support/desk-fixture.ts';

const policies = policyDocuments(configurationFrom({}), 'fx');
const desk = documentOf({ policies, desk: 'fx' }, 'desk');

for (const module of modules) {
  test(`${module.name}: its name is that of a folder and a policy domain`, () => {
    assert.match(module.name, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(module.purpose.endsWith('.'), 'the purpose is a sentence');
    assert.ok(module.displayName.length > 0);
  });

  test(`${module.name}: every parameter has a default`, () => {
    assert.doesNotThrow(() => module.parameters.parse({}));
  });

  test(`${module.name}: an unknown parameter is refused`, () => {
    assert.equal(module.parameters.safeParse({ noSuchParameter: 1 }).success, false);
  });

  test(`${module.name}: its state is plain data`, () => {
    const state = module.initialState();
    assert.deepEqual(deserialize(serialize(state)), state);
    assert.notEqual(module.initialState(), state);
  });

  test(`${module.name}: the desk gives it a place in each slot it proposes for`, () => {
    const placed = slotNames.filter((slot) => Reflect.get(Object(desk['slots']), slot)?.includes(module.name));
    const proposed = slotNames.filter((slot) => module.propose[slot] !== undefined);
    assert.ok(proposed.length > 0);
    assert.deepEqual(placed, proposed);
  });

  test(`${module.name}: a proposal changes no state and is the same when asked again`, () => {
    const fixture = createDeskFixture(modules);
    for (let minute = 0; minute < 200; minute += 1) {
      const wave = Math.round(60 * Math.sin(minute / 9)) + 3 * minute;
      fixture.minute({ EUR_USD: 110_000 + wave, USD_JPY: 110_000 - wave });
    }
    const before = serialize(fixture.engine.state);
    const context = fixture.engine.contexts.get(module.name);
    assert.ok(context !== undefined);
    for (const slot of slotNames) {
      const propose = module.propose[slot];
      if (propose === undefined) continue;
      const ask = (): unknown =>
        Reflect.apply(propose, module.propose, [[], fixture.engine.state.modules[module.name], context]);
      assert.deepEqual(ask(), ask());
    }
    assert.deepEqual(serialize(fixture.engine.state), before);
  });
}
