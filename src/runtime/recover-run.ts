import type { Event, EventType } from '#domain/events.ts';
import { handle, type Loop, takeTurn } from '#engine/loop.ts';
import type { JournalPort } from '#engine/ports.ts';
import { isSame } from '#engine/replay.ts';
import { type RecordedEvent, recordedEvents } from './read-run.ts';
import { RunError } from './run-folder.ts';

/** Inputs that come from neither market, clock nor venue: in recovery they are taken from the journal where they stand. */
const operatorInputs: ReadonlySet<EventType> = new Set<EventType>([
  'run.started',
  'calendar.loaded',
  'instrument.listed',
  'policy.changed',
  'kill.engaged',
  'kill.released',
  'flatten.requested',
  'reduction.requested',
  'warmup.completed',
  'venue.reconciled',
  'feed.stalled',
  'module.overran',
  'job.requested',
  'job.completed',
  'job.failed',
  'job.canceled',
]);

/**
 * A journal that first shows what it already holds. While recorded events remain, each appended one must equal the next of
 * them; from then on appending is writing. A step cut short by a crash is completed on the way: its missing events are written
 * now, and since they were never durable, nothing they ask for had been sent.
 */
export interface RecoveringJournal extends JournalPort {
  /** The next recorded event that has not been shown again, or undefined. */
  peek(): RecordedEvent | undefined;
  readonly recovered: number;
}

export function recoveringJournal(folder: string, fromSequence: number, journal: JournalPort): RecoveringJournal {
  const recorded = recordedEvents(folder, fromSequence);
  let next = take(recorded);
  let recovered = 0;
  return {
    get durableSequence() {
      return journal.durableSequence;
    },
    get recovered() {
      return recovered;
    },
    peek: () => next,
    append: (event) => {
      if (next === undefined) return journal.append(event);
      const { sequence } = next;
      if (!isSame(next.event, event)) throw differenceError(sequence, next.event, event);
      recovered += 1;
      next = take(recorded);
      return sequence;
    },
  };
}

function take(recorded: Generator<RecordedEvent, void, undefined>): RecordedEvent | undefined {
  const result = recorded.next();
  return result.done === true ? undefined : result.value;
}

function differenceError(sequence: number, recorded: Event, decided: object): RunError {
  return new RunError(
    `recovery stops at sequence ${sequence}: the journal holds ${JSON.stringify(recorded)}, this version decides ${JSON.stringify(decided)}. ` +
      'The code that decides has changed since the crash: start once with the version that wrote the journal, stop it in order, then upgrade.',
  );
}

/** Runs the loop until every recorded event has been shown again. Returns how many were. */
export function recover(loop: Loop, journal: RecoveringJournal, onProgress?: (events: number) => void): number {
  for (;;) {
    const next = journal.peek();
    if (next === undefined) return journal.recovered;
    if (operatorInputs.has(next.event.type)) handle(loop, next.event);
    else takeTurn(loop);
    if (journal.recovered % 10_000 < 8) onProgress?.(journal.recovered);
  }
}
