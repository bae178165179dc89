import { compareEntryIds, entryIdAfter, smallerEntryId } from './entry-id.ts';
import type { DroppedRecord, GroupReport, StreamDriver, StreamReport } from './stream-driver.ts';
import type { Bus } from './subscription-types.ts';

export interface TrimLimits {
  /** Entries older than this go. */
  readonly maxAgeMs: number;
  /** Entries beyond this many go, the oldest first. */
  readonly maxLength: number;
  /** A stream that a slow group keeps longer than this is reported. */
  readonly alarmLength: number;
  /** Beyond this many, entries go that a group has not taken; that is recorded. */
  readonly ceiling: number;
  /** Dead letters kept of one type. */
  readonly deadLettersMax: number;
  /** A group without a sign of a consumer for this long is reported. */
  readonly idleGroupMs: number;
}

export const defaultTrimLimits: TrimLimits = {
  maxAgeMs: 7 * 86_400_000,
  maxLength: 10_000,
  alarmLength: 50_000,
  ceiling: 200_000,
  deadLettersMax: 10_000,
  idleGroupMs: 7 * 86_400_000,
};

export interface TrimReport {
  /** Entries removed that every group had taken. */
  readonly removed: number;
  /** Streams held long by a group, with the one that is furthest behind. */
  readonly alarms: readonly { readonly stream: string; readonly length: number; readonly group: string }[];
  /** What groups lost. */
  readonly dropped: readonly DroppedRecord[];
  readonly idleGroups: readonly { readonly stream: string; readonly group: string; readonly idleMs: number | null }[];
}

interface Trimming {
  removed: number;
  readonly alarms: { stream: string; length: number; group: string }[];
  readonly dropped: DroppedRecord[];
  readonly idleGroups: { stream: string; group: string; idleMs: number | null }[];
}

/**
 * Shortens every stream by age and length, never past what its slowest group has acknowledged. A stream that such a group makes too
 * long is reported, and beyond the ceiling it is cut all the same: what the group loses is recorded with the cut.
 */
export async function trimStreams({ driver, time }: Bus, limits: TrimLimits = defaultTrimLimits): Promise<TrimReport> {
  const trimming: Trimming = { removed: 0, alarms: [], dropped: [], idleGroups: [] };
  for (const stream of await driver.streams()) {
    const report = await driver.describe(stream);
    noteIdleGroups(report, limits, trimming);
    const length = report.length - (await trimTaken(driver, report, { ...limits, now: time.now() }, trimming));
    const slowest = slowestGroup(report);
    if (slowest === undefined) continue;
    if (length > limits.alarmLength) trimming.alarms.push({ stream, length, group: slowest.name });
    if (length > limits.ceiling)
      await cut(driver, report, { excess: length - limits.ceiling, now: time.now() }, trimming);
  }
  for (const stream of await driver.deadLetterStreams())
    await trimLetters(driver, stream, { ...limits, now: time.now() }, trimming);
  return trimming;
}

/** Removes what is too old or too much, as far as every group has taken it; tells how many. */
async function trimTaken(
  driver: StreamDriver,
  report: StreamReport,
  { now, maxAgeMs, maxLength }: TrimLimits & { readonly now: number },
  trimming: Trimming,
): Promise<number> {
  const { stream, length, lastId } = report;
  let cutId = `${Math.max(0, now - maxAgeMs)}-0`;
  const firstKept = length > maxLength ? await driver.idAt(stream, length - maxLength) : undefined;
  if (firstKept !== undefined && compareEntryIds(firstKept, cutId) > 0) cutId = firstKept;
  cutId = smallerEntryId(cutId, slowestGroup(report)?.floorId ?? entryIdAfter(lastId));
  const removed = await driver.dropBefore(stream, cutId, []);
  trimming.removed += removed;
  return removed;
}

/** Removes the oldest entries whoever waits for them, and records for each group what it loses. */
async function cut(
  driver: StreamDriver,
  { stream, groups }: StreamReport,
  { excess, now }: { readonly excess: number; readonly now: number },
  trimming: Trimming,
): Promise<void> {
  const cutId = await driver.idAt(stream, excess);
  const lastLost = await driver.idAt(stream, excess - 1);
  if (cutId === undefined || lastLost === undefined) return;
  const records: DroppedRecord[] = [];
  for (const { name, floorId } of groups) {
    if (compareEntryIds(floorId, lastLost) > 0) continue;
    const taken = await driver.countBefore(stream, floorId);
    const firstLost = await driver.idAt(stream, taken);
    records.push({ stream, group: name, fromId: firstLost ?? floorId, toId: lastLost, count: excess - taken, at: now });
  }
  await driver.dropBefore(stream, cutId, records);
  trimming.dropped.push(...records);
}

async function trimLetters(
  driver: StreamDriver,
  stream: string,
  { deadLettersMax, now }: TrimLimits & { readonly now: number },
  trimming: Trimming,
): Promise<void> {
  const { length } = await driver.describe(stream);
  const excess = length - deadLettersMax;
  if (excess <= 0) return;
  const [fromId, toId, cutId] = await Promise.all([
    driver.idAt(stream, 0),
    driver.idAt(stream, excess - 1),
    driver.idAt(stream, excess),
  ]);
  if (fromId === undefined || toId === undefined || cutId === undefined) return;
  const record = { stream, group: 'dead letters', fromId, toId, count: excess, at: now };
  await driver.dropBefore(stream, cutId, [record]);
  trimming.dropped.push(record);
}

function noteIdleGroups({ stream, groups }: StreamReport, { idleGroupMs }: TrimLimits, trimming: Trimming): void {
  for (const { name, idleMs } of groups) {
    if (idleMs === null || idleMs >= idleGroupMs) trimming.idleGroups.push({ stream, group: name, idleMs });
  }
}

function slowestGroup({ groups }: StreamReport): GroupReport | undefined {
  return groups.reduce<GroupReport | undefined>(
    (slowest, group) =>
      slowest === undefined || compareEntryIds(group.floorId, slowest.floorId) < 0 ? group : slowest,
    undefined,
  );
}
