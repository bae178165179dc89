import { redacted } from './quarantine.ts';
import { errorSchema } from './schema.ts';

/** What an answer proves: carried out, certainly not carried out, or nothing. */
export type Outcome = 'confirmed' | 'refused' | 'unknown';

/** What else an answer asks of us. */
export type Measure =
  | 'none'
  /** Our limits are used up, or we are banned. */
  | 'ban'
  /** The orders of the account are used up for the moment. */
  | 'orderLimit'
  | 'resyncClock'
  | 'refreshFilters'
  /** The key is wrong, or may not do this. */
  | 'permission'
  /** The venue does not want to talk to us at all. */
  | 'forbidden'
  /** The account's mode is not the one that we know how to trade in. */
  | 'accountMode';

/** One row: the first whose every stated part fits decides. */
export interface OutcomeRow {
  readonly status?: number | readonly number[];
  readonly code?: number | readonly number[];
  readonly text?: RegExp;
  readonly outcome: Outcome;
  /** The same request may be made again after a pause; only said of what is certain not to have been carried out. */
  readonly isRetryable?: true;
  readonly measure?: Measure;
}

/**
 * The venue's answers as data. The texts of 503 differ in nothing but their words, and only some prove that nothing happened; whatever
 * is not proven is unknown. https://developers.binance.com/docs/derivatives/usds-margined-futures/error-code
 */
export const outcomeRows: readonly OutcomeRow[] = [
  { status: [401], outcome: 'refused', measure: 'permission' },
  { status: [403, 451], outcome: 'refused', measure: 'forbidden' },
  { status: [418, 429], code: -1015, outcome: 'refused', isRetryable: true, measure: 'orderLimit' },
  { status: [418, 429], outcome: 'refused', isRetryable: true, measure: 'ban' },
  { status: 408, outcome: 'unknown' },
  { code: -1008, outcome: 'refused', isRetryable: true },
  { status: 503, text: /^Unknown error, please check your request or try again later/i, outcome: 'unknown' },
  { status: 503, text: /^Service Unavailable\.?$/i, outcome: 'refused', isRetryable: true },
  {
    status: 503,
    text: /^Internal error; unable to process your request\. Please try again/i,
    outcome: 'refused',
    isRetryable: true,
  },
  { status: 503, outcome: 'unknown' },
  { code: [-1006, -1007], outcome: 'unknown' },
  { status: 500, outcome: 'unknown' },
  { code: [-1000, -1001], outcome: 'unknown' },
  // An order with our id stands at the venue: something carried it there, and only a question tells what.
  { code: -4116, outcome: 'unknown' },
  { code: -1003, outcome: 'refused', isRetryable: true, measure: 'ban' },
  { code: -1015, outcome: 'refused', isRetryable: true, measure: 'orderLimit' },
  { code: [-1021, -5028], outcome: 'refused', isRetryable: true, measure: 'resyncClock' },
  { code: [-1111, -1013, -4014, -4023, -4164], outcome: 'refused', measure: 'refreshFilters' },
  { code: [-4140, -4141], outcome: 'refused', measure: 'refreshFilters' },
  { code: [-1002, -1022, -2014, -2015, -4109], outcome: 'refused', measure: 'permission' },
  { code: [-4061, -4067, -4068], outcome: 'refused', measure: 'accountMode' },
];

export interface Verdict {
  readonly outcome: Outcome;
  readonly isRetryable: boolean;
  readonly measure: Measure;
  /** The venue's code where it gave one, else the status. */
  readonly code: string;
  readonly reason: string;
}

/** What an answer with a body in JSON proves. */
export function classify(status: number, body: unknown): Verdict {
  const said = saidIn(body);
  if (status >= 200 && status < 300 && (said === undefined || said.code >= 0)) {
    return { outcome: 'confirmed', isRetryable: false, measure: 'none', code: String(status), reason: '' };
  }
  const row = outcomeRows.find((candidate) => fits(candidate, status, said));
  const isDefinite = said !== undefined && said.code < 0 && status < 500;
  return {
    outcome: row?.outcome ?? (isDefinite ? 'refused' : 'unknown'),
    isRetryable: row?.isRetryable ?? false,
    measure: row?.measure ?? 'none',
    code: String(said?.code ?? status),
    reason: said === undefined ? `status '${status}' without a reason` : redacted(said.msg).slice(0, 200),
  };
}

/** What an answer without a body in JSON proves: next to nothing, save where the door itself was shut. */
export function classifyStatus(status: number | undefined, reason: string): Verdict {
  const row =
    status === undefined
      ? undefined
      : outcomeRows.find((candidate) => isDoor(candidate) && fits(candidate, status, undefined));
  return {
    outcome: row?.outcome ?? 'unknown',
    isRetryable: row?.isRetryable ?? false,
    measure: row?.measure ?? 'none',
    code: String(status ?? 'NONE'),
    reason,
  };
}

function isDoor({ status, text, code }: OutcomeRow): boolean {
  return status !== undefined && text === undefined && code === undefined;
}

function fits(row: OutcomeRow, status: number, said: Said | undefined): boolean {
  if (row.status !== undefined && ![row.status].flat().includes(status)) return false;
  if (row.code !== undefined && (said === undefined || ![row.code].flat().includes(said.code))) return false;
  return row.text === undefined || (said !== undefined && row.text.test(said.msg));
}

interface Said {
  readonly code: number;
  readonly msg: string;
}

function saidIn(body: unknown): Said | undefined {
  const parsed = errorSchema.safeParse(body);
  return parsed.success ? parsed.data : undefined;
}
