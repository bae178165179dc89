import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { BusSink } from '#adapters/bus/bus-sink.ts';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import { subscribe } from '#adapters/bus/subscription.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { envelopeOf, positionAt } from './bus-scene.ts';

/**
 * A desk whose bus is a file, made to be killed: it publishes from where the position stands, and acts on what it hears. A line says that
 * an envelope was told, another that it was acted on; one that the lines show as done is not acted on again. After so many envelopes the
 * handler hangs, before it has acted or after.
 */
const [path = '', log = '', total = '0', hangAfter = '0', hangs = 'never'] = process.argv.slice(2);
const actedPrefix = 'acted ';
const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
const acted = new Set(lines.filter((line) => line.startsWith(actedPrefix)).map((line) => line.split(' ')[1]));
const driver = new FileStreams(path, systemTime);
const sink = new BusSink(driver);
const batch = 7;
let told = 0;

function say(line: string): void {
  appendFileSync(log, `${line}\n`);
}

async function hang(when: string): Promise<void> {
  if (told < Number(hangAfter) || hangs !== when) return;
  say('hangs');
  await new Promise(() => undefined);
}

subscribe(
  { driver, time: systemTime },
  {
    group: 'monitoring',
    consumer: 'desk',
    patterns: ['order.**'],
    handler: async ({ id, key, payload }) => {
      say(`told ${id}`);
      told += 1;
      await hang('before');
      if (!acted.has(id)) say(`${actedPrefix}${id} ${payload['sequence']} ${key}`);
      acted.add(id);
      await hang('after');
    },
    onProblem: ({ message }) => say(`problem ${message}`),
    limits: { inFlightMax: 8 },
  },
);

let from = await sink.position('bus');
for (let done = from?.sequence ?? 0; done < Number(total); ) {
  const next = Math.min(Number(total), done + batch);
  const envelopes = Array.from({ length: next - done }, (_, index) => {
    const sequence = done + index + 1;
    return envelopeOf(sequence, 'order.filled', `K${sequence % 5}`);
  });
  await sink.apply('bus', envelopes, from, positionAt(next));
  from = positionAt(next);
  done = next;
  await new Promise((turn) => setImmediate(turn));
}
