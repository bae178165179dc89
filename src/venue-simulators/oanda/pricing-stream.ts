import type { InstrumentId } from '#domain/instrument.ts';
import type { TimePort } from '#engine/ports.ts';
import type { Book } from '#sim/venue-state.ts';
import type { OandaAccount } from './oanda-account.ts';
import { isTradeable, priceBody } from './price-body.ts';
import { instantText } from './wire-text.ts';

/** At most one price of an instrument in this span (developer guide: four a second). */
const WINDOW_MS = 250;
const HEARTBEAT_MS = 5_000;

export interface PricingStreamOptions {
  readonly account: OandaAccount;
  readonly time: TimePort;
  readonly books: readonly Book[];
  readonly hasSnapshot: boolean;
  readonly write: (body: unknown) => void;
}

/**
 * Prices of some instruments as they change: the first of a window at once, of those that follow in it the last one at its end. Returns
 * what ends it.
 */
export function startPricingStream({ account, time, books, hasSnapshot, write }: PricingStreamOptions): () => void {
  const states = new Map(books.map(({ instrument }) => [instrument.id, createWindow()]));
  const tell = (instrument: InstrumentId, window: Window): void => {
    // The instrument may have been listed anew since the stream began.
    const book = account.floor.book(instrument);
    if (book === undefined) return;
    const body = priceBody(account, book, time.now());
    if (body === undefined) return;
    window.toldAt = time.now();
    window.isTradeable = body['tradeable'] === true;
    write(body);
  };
  const changed = (instrument: InstrumentId): void => {
    const window = states.get(instrument);
    if (window === undefined || window.forget !== undefined) return;
    const waitMs = window.toldAt + WINDOW_MS - time.now();
    if (waitMs <= 0) {
      tell(instrument, window);
      return;
    }
    window.forget = time.after(waitMs, () => {
      window.forget = undefined;
      tell(instrument, window);
    });
  };
  const forgetListening = account.floor.listen({
    onMarket: (event) => (event.type === 'quote.updated' ? changed(event.instrument) : undefined),
  });
  if (hasSnapshot) for (const [instrument, window] of states) tell(instrument, window);
  const forgetHeartbeats = everyHeartbeat(time, () => {
    tellHalts(states, { account, now: time.now(), tell });
    write({ type: 'HEARTBEAT', time: instantText(time.now() + account.plight.skewMs) });
  });
  return () => {
    forgetListening();
    forgetHeartbeats();
    for (const window of states.values()) window.forget?.();
  };
}

/** Acts every five seconds until it is ended. */
export function everyHeartbeat(time: TimePort, act: () => void): () => void {
  let forget: () => void;
  const again = (): void => {
    forget = time.after(HEARTBEAT_MS, () => {
      again();
      act();
    });
  };
  again();
  return () => forget();
}

interface Window {
  toldAt: number;
  isTradeable: boolean;
  forget: (() => void) | undefined;
}

function createWindow(): Window {
  return { toldAt: -Infinity, isTradeable: true, forget: undefined };
}

/** A market that closes tells it with its last price. */
function tellHalts(
  states: ReadonlyMap<InstrumentId, Window>,
  scene: { account: OandaAccount; now: number; tell: (instrument: InstrumentId, window: Window) => void },
): void {
  for (const [instrument, window] of states) {
    const book = scene.account.floor.book(instrument);
    if (book === undefined || window.toldAt === -Infinity) continue;
    if (window.isTradeable !== isTradeable(scene.account, book, scene.now)) scene.tell(instrument, window);
  }
}
