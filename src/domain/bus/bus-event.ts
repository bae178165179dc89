import type { z } from 'zod';

/** One row of the catalogue of outward events. Its name is the key of the table it stands in. */
export interface BusEvent {
  /** Other names it is published under as well, with the same payload. */
  readonly aliases: readonly string[];
  readonly schema: z.ZodObject;
  /** Version of the schema, told in every envelope. */
  readonly version: number;
  /** The payload's field that is the envelope's key; null where the key is the desk. */
  readonly key: string | null;
  readonly producer: string;
  readonly consumers: readonly string[];
  readonly meaning: string;
  /** `journal`: a fold of the journal tells it, the same at every reading. `runtime`: a process tells it of itself, once. */
  readonly origin: 'journal' | 'runtime';
  /** The issue that brings it; null for what exists. */
  readonly plannedIn: 3 | 4 | 5 | 6 | 7 | null;
}

export type BusEvents = Readonly<Record<string, BusEvent>>;
