import type { FileOperations } from '#adapters/journal/file-operations.ts';
import type { CalendarDocument } from '#domain/calendar.ts';
import type { LiveVenuePort, VenueEnvironment } from '#engine/live-port.ts';
import type { Module } from '#engine/module.ts';
import type { TimePort } from '#engine/ports.ts';
import type { DeskHooks } from '../desk-run.ts';
import type { PolicyDocument } from '../start-events.ts';

export interface LiveOptions extends DeskHooks {
  readonly folder: string;
  readonly desk: 'fx' | 'crypto';
  /** The account's name here, which is what an operator types. */
  readonly account: string;
  readonly venue: LiveVenuePort;
  readonly environment: VenueEnvironment;
  readonly policies: readonly PolicyDocument[];
  /** The modules that stand ready; all of the house unless told. */
  readonly modules?: readonly Module[];
  /** Everything timed goes through it, and the only chance in a run. */
  readonly time: TimePort;
  /** Days of bars that a fresh run takes in before it trades. */
  readonly historyDays: number;
  /** The market's hours for a span. */
  calendar(fromAt: number, untilAt: number): CalendarDocument;
  /** Nothing may be armed. */
  readonly isReadOnly: boolean;
  /** Without it no desk is armed at a live environment. */
  readonly isLiveEnabled: boolean;
  /** Time between two comparisons of our books with the venue's. */
  readonly reconcileEveryMs: number;
  /** Whether an empty report is believed at once while positions are held. */
  readonly believesEmptyReports: boolean;
  /** Time between two snapshots, which only shorten the next start; a minute unless told. */
  readonly snapshotEveryMs?: number;
  /** How the journal is written; a test hands in a disk that fails. */
  readonly files?: FileOperations;
}
