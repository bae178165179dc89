import type { GroupReport, StreamDriver, StreamReport } from '#adapters/bus/stream-driver.ts';
import { consumerGroups } from '#domain/bus/envelope.ts';
import { countText } from './figures.ts';
import type { Output } from './output.ts';

/** The streams of the bus: what lies in each, when the newest was written, and who reads it. */
export async function printStreams(driver: StreamDriver, output: Output, isJson: boolean): Promise<void> {
  const reports = await reportsOf(driver);
  if (isJson) {
    output.json(reports);
    return;
  }
  if (reports.length === 0) output.note('nothing was published on this bus');
  output.table(
    ['stream', 'entries', 'newest', 'groups'],
    reports.map(({ stream, length, lastId, groups }) => [
      stream,
      countText(length),
      writtenText(lastId),
      groups.map(({ name }) => name).join(' ') || '-',
    ]),
  );
}

/** How a group stands on all its streams together. */
interface GroupTotal {
  readonly group: string;
  streams: number;
  consumers: number;
  /** Delivered and not acknowledged. */
  pending: number;
  /** Entries from the first that is not acknowledged on. */
  left: number;
}

/** The groups of the bus, those the desk is built for among them, with what they have yet to take. */
export async function printGroups(driver: StreamDriver, output: Output, isJson: boolean): Promise<void> {
  const totals = new Map(consumerGroups.map((group): [string, GroupTotal] => [group, emptyTotal(group)]));
  for (const report of await reportsOf(driver)) {
    for (const group of report.groups) await addTo(totals, driver, report, group);
  }
  const groups = [...totals.values()].sort((one, other) => (one.group < other.group ? -1 : 1));
  if (isJson) {
    output.json(groups);
    return;
  }
  output.table(
    ['group', 'streams', 'consumers', 'pending', 'left'],
    groups.map(({ group, streams, consumers, pending, left }) => [
      group,
      countText(streams),
      countText(consumers),
      countText(pending),
      countText(left),
    ]),
  );
}

async function reportsOf(driver: StreamDriver): Promise<StreamReport[]> {
  const reports: StreamReport[] = [];
  for (const stream of await driver.streams()) reports.push(await driver.describe(stream));
  return reports;
}

async function addTo(
  totals: Map<string, GroupTotal>,
  driver: StreamDriver,
  { stream, length }: StreamReport,
  { name, floorId, pending, consumers }: GroupReport,
): Promise<void> {
  const total = totals.get(name) ?? emptyTotal(name);
  totals.set(name, total);
  total.streams += 1;
  total.consumers = Math.max(total.consumers, consumers);
  total.pending += pending;
  total.left += length - (await driver.countBefore(stream, floorId));
}

function emptyTotal(group: string): GroupTotal {
  return { group, streams: 0, consumers: 0, pending: 0, left: 0 };
}

/** An id of a stream begins with the time of writing, ms UTC. */
function writtenText(entryId: string): string {
  const at = Number(entryId.split('-')[0]);
  return at > 0 ? new Date(at).toISOString() : '-';
}
