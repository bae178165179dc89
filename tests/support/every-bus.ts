import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type BusScene, fileScene, memoryScene, storeScene } from './bus-scene.ts';
import { HandClock } from './hand-clock.ts';
import { missingStore, type StoreProcess, startStore } from './store-process.ts';

/** Adds a test that has a bus of its own, of which nothing is left behind. */
export type OnBus = (title: string, act: (scene: BusScene) => Promise<void>) => void;

/** One kind of bus under test. */
export interface BusUnderTest {
  readonly name: string;
  /** The server behind it, for tests of outages; undefined where there is none. */
  store(): StoreProcess | undefined;
}

/** Runs the same tests over the bus in process, in a file and over a store: whoever uses it need not know which one it is. */
export function overEveryBus(what: string, tests: (on: OnBus, bus: BusUnderTest) => void): void {
  let store: StoreProcess | undefined;
  before(async () => {
    if (missingStore === false) store = await startStore({ persistent: true });
  });
  after(() => store?.stop());
  const present = (): StoreProcess => {
    assert.ok(store !== undefined);
    return store;
  };
  const buses = [
    { name: 'in process', skip: false, open: async () => memoryScene(new HandClock()) },
    { name: 'in a file', skip: false, open: async () => fileScene(new HandClock()) },
    { name: 'over a store', skip: missingStore, open: () => storeScene(present().url, new HandClock()) },
  ];
  for (const { name, skip, open } of buses) {
    describe(`${what} ${name}`, { skip }, () => {
      const on: OnBus = (title, act) => {
        test(title, async () => {
          const scene = await open();
          try {
            await act(scene);
          } finally {
            await scene.close();
          }
        });
      };
      tests(on, { name, store: () => (name === 'over a store' ? store : undefined) });
    });
  }
}
