/** A time until which nothing may be sent to a venue, and what the venue said to that. */
export interface Ban {
  /** Milliseconds UTC. */
  readonly untilAt: number;
  readonly reason: string;
}

/** Keeps the last ban over restarts. */
export interface BanStore {
  read(): Ban | undefined;
  write(ban: Ban): void;
}
