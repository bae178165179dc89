import { z } from 'zod';
import { VenueError } from '#domain/venue-error.ts';
import type { EndpointName } from './endpoints.ts';
import type { BinanceRest } from './rest.ts';
import type { Parameters } from './signing.ts';

export const pageLimit = 1_000;
/** The venue answers for seven days at once; a little less keeps clear of its bound. */
export const windowMs = 7 * 24 * 3_600_000 - 60_000;
/** So much of the past is asked for; the venue itself keeps trades for six months. */
export const windowsMax = 27;
const pagesMax = 200;

export interface PageRequest<S extends z.ZodType> {
  readonly rest: BinanceRest;
  readonly name: EndpointName;
  readonly parameters: Parameters;
  readonly schema: S;
  readonly fromAt: number;
  readonly untilAt: number;
  /** When a row happened, by which the next page is asked for. */
  readonly timeOf: (row: z.output<S>) => number;
  /** What tells two rows apart that are on two pages. */
  readonly keyOf: (row: z.output<S>) => string;
}

/**
 * Every row of a span, both ends included, oldest first and none twice. Pages overlap in their last instant, since one instant may have
 * more rows than a page has left. Rejects with a `VenueError` where the span has more pages than anyone should read.
 */
export async function readPages<S extends z.ZodType>(request: PageRequest<S>): Promise<readonly z.output<S>[]> {
  const rows = new Map<string, z.output<S>>();
  let startTime = request.fromAt;
  for (let pages = 0; pages < pagesMax; pages++) {
    if (startTime > request.untilAt) return [...rows.values()];
    const endTime = Math.min(startTime + windowMs, request.untilAt);
    const page = await request.rest.ask(
      request.name,
      { ...request.parameters, startTime, endTime, limit: pageLimit },
      z.array(request.schema),
      { priority: 'background' },
    );
    const before = rows.size;
    const ordered = page.toSorted((a, b) => request.timeOf(a) - request.timeOf(b));
    for (const row of ordered) rows.set(request.keyOf(row), row);
    const last = ordered.at(-1);
    if (page.length < pageLimit || last === undefined) startTime = endTime + 1;
    else startTime = rows.size === before ? request.timeOf(last) + 1 : Math.max(startTime, request.timeOf(last));
  }
  throw new VenueError('unreachable', 'TOO_LONG', `the history of '${request.name}' has more than '${pagesMax}' pages`);
}
