import type { Event } from '#domain/events.ts';
import type { Engine } from '#engine/engine.ts';
import { policySnapshotEveryMs, writePolicySnapshot } from './policy-snapshot-files.ts';
import { currentPolicies } from './policy-store.ts';

/** Keeps the policy snapshot of a desk that runs: the third of the five steps of a change. */
export interface PolicyKeeper {
  /** Told of every event as it is appended. */
  note(event: Event): void;
  /** Called once what was noted is durable, and before the tail shows it. Cheap where nothing has changed. */
  keep(engine: Engine): void;
  /** Called when the desk stops, after the last flush. */
  end(engine: Engine): void;
}

export interface PolicyKeeperOptions {
  readonly folder: string;
  /** Milliseconds of any clock that only goes forward. */
  now(): number;
  /** The journal has the change already, so a snapshot that cannot be written is told and stops nothing. */
  onProblem(message: string): void;
}

/** A snapshot is written after every change, looked after every five minutes, and once at the end; an unchanged one is left alone. */
export function policyKeeper({ folder, now, onProblem }: PolicyKeeperOptions): PolicyKeeper {
  let isChanged = false;
  let writtenAt = now();
  const write = (engine: Engine): void => {
    isChanged = false;
    writtenAt = now();
    try {
      writePolicySnapshot(folder, currentPolicies(engine));
    } catch (error) {
      onProblem(`the policy snapshot was not written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    note: (event) => {
      if (event.type === 'policy.changed') isChanged = true;
    },
    keep: (engine) => {
      if (isChanged || now() - writtenAt >= policySnapshotEveryMs) write(engine);
    },
    end: write,
  };
}
