import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ToldDesk, toldDesk } from '../../../tests/support/told-desk.ts';
import { LinkWatch } from './link-watch.ts';

interface Watched {
  readonly link: LinkWatch;
  books: string | undefined;
  reconciledAt: number | undefined;
  comparisons: number;
}

function watch(scene: ToldDesk): Watched {
  const found = {
    books: undefined as string | undefined,
    reconciledAt: undefined as number | undefined,
    comparisons: 0,
  };
  const link = new LinkWatch({
    desk: scene.desk,
    reconcileEveryMs: 30_000,
    reconciledAt: () => found.reconciledAt,
    reconcile: async () => {
      found.comparisons += 1;
      if (found.books === undefined) found.reconciledAt = scene.clock.monotonic();
      return found.books;
    },
  });
  link.start();
  return Object.assign(found, { link });
}

const parts = ({ desk }: ToldDesk): string[] => Object.values(desk.engine.state.impairments).map(({ part }) => part);

test('a venue that says nothing is trusted again once it speaks and the books are equal', async () => {
  const scene = toldDesk();
  const watched = watch(scene);
  await scene.clock.pass(90_000);
  assert.deepEqual(parts(scene), []);
  await scene.clock.pass(11_000);
  assert.deepEqual(parts(scene), ['silence']);
  assert.deepEqual(scene.problems, ['the venue has said nothing for 90000 ms']);
  await scene.clock.pass(30_000);
  assert.deepEqual([parts(scene).length, watched.comparisons], [1, 0]);
  watched.books = 'not yet';
  watched.link.arrived();
  await scene.clock.pass(6_000);
  assert.deepEqual(parts(scene), ['silence']);
  watched.books = undefined;
  watched.link.arrived();
  await scene.clock.pass(6_000);
  assert.deepEqual(parts(scene), []);
  await watched.link.stop();
});

test('a pause is over once the books are equal', async () => {
  const scene = toldDesk();
  const watched = watch(scene);
  const inputs = watched.link.distrust('pause', 'nothing was done for an hour');
  scene.tell(...inputs);
  assert.deepEqual(parts(scene), ['pause']);
  assert.deepEqual(watched.link.distrust('pause', 'again'), []);
  watched.link.arrived();
  await scene.clock.pass(6_000);
  assert.deepEqual([parts(scene), watched.comparisons], [[], 1]);
  await watched.link.stop();
});

test('books that could not be compared for a while hold the desk', async () => {
  const scene = toldDesk();
  const watched = watch(scene);
  watched.reconciledAt = scene.clock.monotonic();
  watched.books = 'the venue does not answer';
  const speak = async (seconds: number): Promise<void> => {
    for (let count = 0; count < seconds; count += 5) {
      watched.link.arrived();
      await scene.clock.pass(5_000);
    }
  };
  await speak(210);
  assert.deepEqual(parts(scene), []);
  await speak(10);
  assert.deepEqual(parts(scene), ['books']);
  watched.books = undefined;
  await speak(10);
  assert.deepEqual(parts(scene), []);
  await watched.link.stop();
});
