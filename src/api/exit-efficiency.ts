/** Round trips of an instrument that are looked back upon. */
export const tripsMax = 100;

interface Trip {
  readonly realized: number;
  readonly best: number;
}

/** How much of the profit that stood open was brought home, by instrument, over its newest round trips. */
export class ExitEfficiency {
  readonly #tripsByInstrument = new Map<string, Trip[]>();

  /**
   * Takes in a round trip: what it realised, and the most it ever stood at. Answers with the sum realised over the sum of the most;
   * undefined while nothing was ever in profit.
   */
  observe(instrument: string, realized: number, best: number): number | undefined {
    const trips = this.#tripsByInstrument.get(instrument) ?? [];
    this.#tripsByInstrument.set(instrument, trips);
    trips.push({ realized, best: Math.max(0, best) });
    if (trips.length > tripsMax) trips.shift();
    const total = trips.reduce((sum, trip) => sum + trip.best, 0);
    return total === 0 ? undefined : trips.reduce((sum, trip) => sum + trip.realized, 0) / total;
  }
}
