import { readFileSync, statSync } from 'node:fs';
import { NetworkError } from '#domain/network-error.ts';
import type { NetworkPort, TimePort } from '#engine/ports.ts';
import { recordKey, type SocialRecord, socialRecordSchema } from './social-record.ts';

/** Raised where a record cannot be read; the message says what was expected. */
export class SocialRecordError extends Error {
  override readonly name = 'SocialRecordError';
}

/** What a record stands in for. */
export interface FixtureSocial {
  /** Gives the recorded answers; whatever was not recorded is refused, as where there is no network. */
  readonly network: NetworkPort;
  /** A clock that begins when the record was made, so that posts have the age that they had then. */
  readonly time: TimePort;
}

const bytesMax = 64 * 1_048_576;

/** Recorded answers in place of the network, for work without one: everything but the wire is as it is with it. */
export function fixtureSocial(file: string, time: TimePort): FixtureSocial {
  const record = readRecord(file);
  const byKey = new Map(record.answers.map((answer) => [answer.key, answer]));
  const shiftMs = record.recordedAt - time.now();
  return {
    network: {
      request: ({ url }) => {
        const answer = byKey.get(recordKey(url));
        if (answer !== undefined) return Promise.resolve(answer);
        return Promise.reject(new NetworkError(`'${recordKey(url)}' was not recorded`, false));
      },
      stream: (_, listener) => refused(() => listener.onClose('a record has no streams')),
      socket: (_, listener) => ({
        ...refused(() => listener.onClose('a record has no sockets')),
        send: () => undefined,
      }),
    },
    time: {
      now: () => time.now() + shiftMs,
      monotonic: () => time.monotonic(),
      after: (ms, act) => time.after(ms, act),
      random: () => time.random(),
    },
  };
}

function refused(tell: () => void): { readonly close: () => void } {
  queueMicrotask(tell);
  return { close: () => undefined };
}

function readRecord(file: string): SocialRecord {
  let found: unknown;
  try {
    if (statSync(file).size > bytesMax) throw new SocialRecordError(`'${file}' is larger than '${bytesMax}' bytes`);
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SocialRecordError) throw error;
    const reason = error instanceof SyntaxError ? 'it is not JSON' : `it cannot be read (${codeOf(error)})`;
    throw new SocialRecordError(`expected a social record in '${file}', but ${reason}`, { cause: error });
  }
  const read = socialRecordSchema.safeParse(found);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new SocialRecordError(`expected a social record in '${file}': ${issue?.path.join('.')}: ${issue?.message}`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
