import { openKeyFile } from '#adapters/keys/key-file.ts';
import { systemTime } from '#adapters/time/system-time.ts';

/** Writes one step after another into the key store of a file until the process is killed; each step is told once it is kept. */
const [path = ''] = process.argv.slice(2);
const store = openKeyFile(path, { time: systemTime });
let position = await store.position('mirror');
for (;;) {
  const sequence: number = (position?.sequence ?? 0) + 1;
  const next = { runId: 'run', version: 1, sequence, at: sequence, state: '{}' };
  await store.apply(
    'mirror',
    [
      { type: 'push', key: 'list', value: String(sequence), keep: 100_000, ttlMs: null },
      { type: 'set', key: 'last', value: String(sequence), ttlMs: null },
    ],
    position,
    next,
  );
  position = next;
  process.stdout.write(`${sequence}\n`);
}
