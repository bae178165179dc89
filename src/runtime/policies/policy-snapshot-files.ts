import { hash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type PolicySnapshot, safePolicySnapshot } from '#domain/policies/policy-snapshot.ts';
import { canonicalJson } from '../canonical-json.ts';

/** Snapshots kept, the newest among them. */
const snapshotsMax = 5;
/** Time after which a desk that trades looks whether its snapshot is still that of its policies. */
export const policySnapshotEveryMs = 300_000;

const metaSchema = z.strictObject({
  version: z.int().min(0),
  schema_version: z.int().min(1),
  updated_by: z.string().nullable(),
  updated_at: z.int().nullable(),
  reason: z.string().nullable(),
  trace_id: z.string().nullable(),
  previous_version: z.int().nullable(),
});
const section = z.record(z.string(), z.unknown());
const fileSchema = z.strictObject({
  format: z.literal(1),
  /** Of the snapshot as canonical JSON, in hexadecimal digits. */
  sha256: z.string(),
  snapshot: z.strictObject({
    meta: metaSchema,
    risk_policy: section.exactOptional(),
    ai_policy: section.exactOptional(),
    execution_policy: section.exactOptional(),
    universe_policy: section.exactOptional(),
    documents: z.record(z.string(), z.strictObject({ version: z.int().min(0), document: section })),
  }),
});

/**
 * Keeps the policies in force as a file that needs no engine to be read. Whole and durable when this returns: written aside, renamed, the
 * folder synced; the one before moves back a place and the fifth falls away. Returns false where the newest file says the same.
 */
export function writePolicySnapshot(folder: string, snapshot: PolicySnapshot): boolean {
  const sha256 = checksumOf(snapshot);
  const held = existsSync(snapshotPath(folder, 0)) ? readFile(snapshotPath(folder, 0)) : undefined;
  if (held !== undefined && 'snapshot' in held && checksumOf(held.snapshot) === sha256) return false;
  mkdirSync(policyFolder(folder), { recursive: true });
  const temporary = `${snapshotPath(folder, 0)}.tmp`;
  writeDurably(temporary, `${JSON.stringify({ format: 1, sha256, snapshot }, null, 2)}\n`);
  // A damaged newest file pushes no whole one out.
  if (held !== undefined && 'snapshot' in held) moveBack(folder);
  renameSync(temporary, snapshotPath(folder, 0));
  syncFolder(policyFolder(folder));
  return true;
}

/** What was read in place of the policies, and everything that was wrong on the way. */
export interface ReadPolicySnapshot {
  readonly snapshot: PolicySnapshot;
  /** `defaults` are the crypto desk's own with the risk mode SAFE. */
  readonly source: 'newest' | 'older' | 'defaults';
  readonly notices: readonly string[];
}

/** The newest whole snapshot; where none is whole, defaults in the risk mode SAFE, with a notice that says so. */
export function readPolicySnapshot(folder: string): ReadPolicySnapshot {
  const notices: string[] = [];
  for (let place = 0; place < snapshotsMax; place += 1) {
    const path = snapshotPath(folder, place);
    const read = existsSync(path) ? readFile(path) : { problem: 'there is none' };
    if ('snapshot' in read) return { snapshot: read.snapshot, source: place === 0 ? 'newest' : 'older', notices };
    if (existsSync(path) || place === 0) notices.push(`policy snapshot '${path}' was passed over: ${read.problem}`);
  }
  const reason = `no whole policy snapshot in '${policyFolder(folder)}'`;
  notices.push(`${reason}: the defaults stand in, with the risk mode SAFE`);
  return { snapshot: safePolicySnapshot(reason), source: 'defaults', notices };
}

/** Copies, not renames, the newest: at every moment there is one under its name. */
function moveBack(folder: string): void {
  for (let place = snapshotsMax - 2; place >= 1; place -= 1) {
    const path = snapshotPath(folder, place);
    if (existsSync(path)) renameSync(path, snapshotPath(folder, place + 1));
  }
  writeDurably(snapshotPath(folder, 1), readFileSync(snapshotPath(folder, 0), 'utf8'));
}

function readFile(path: string): { readonly snapshot: PolicySnapshot } | { readonly problem: string } {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { problem: `'${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'is not as expected'}` };
    }
    const found = checksumOf(parsed.data.snapshot);
    if (found !== parsed.data.sha256) return { problem: `expected checksum '${parsed.data.sha256}', found '${found}'` };
    return { snapshot: parsed.data.snapshot };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function checksumOf(snapshot: PolicySnapshot): string {
  return hash('sha256', canonicalJson(snapshot), 'hex');
}

function policyFolder(folder: string): string {
  return join(folder, 'policies');
}

/** The newest stands at place 0 and carries no number. */
function snapshotPath(folder: string, place: number): string {
  return join(policyFolder(folder), place === 0 ? 'policy_snapshot.json' : `policy_snapshot.${place}.json`);
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w');
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
