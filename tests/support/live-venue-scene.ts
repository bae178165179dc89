import type { Instrument } from '#domain/instrument.ts';
import type { OrderRequest } from '#domain/order.ts';
import type { LiveReport, LiveVenuePort, VenueInput } from '#engine/live-port.ts';
import type { HandClock } from './hand-clock.ts';

/** A venue that the suite drives: its port, its clock, and its own books to compare with. */
export interface LiveVenueScene {
  readonly port: LiveVenuePort;
  readonly clock: HandClock;
  /** The spelling of the instruments that the scene trades; at least two. */
  readonly symbols: readonly string[];
  /** Bid and ask as the venue has them, in ticks. */
  quote(instrument: string): { readonly bidPrice: number; readonly askPrice: number };
  /** Moves an instrument's market by ticks, for good. */
  gap(instrument: string, ticks: number): void;
  /** The venue's own books, exact. */
  ledger(): {
    readonly balance: number;
    readonly positions: readonly { readonly instrument: string; readonly signedQuantity: number }[];
    readonly openOrders: number;
  };
  /** Another client of the same account buys or sells at the market. */
  tradeByOtherHands(instrument: string, signedQuantity: number): void;
  close(): Promise<void>;
}

/** An opened venue with everything that arrived, and the few things that every row does. */
export interface OpenScene extends LiveVenueScene {
  readonly instruments: readonly Instrument[];
  readonly inputs: readonly VenueInput[];
  readonly notices: readonly string[];
  send(changes: Partial<OrderRequest> & Pick<OrderRequest, 'instrument' | 'side' | 'quantity'>): string;
  cancel(clientOrderId: string): void;
  pass(ms: number): Promise<void>;
  settled<T>(asked: Promise<T>): Promise<T>;
  report(): Promise<LiveReport>;
  of<T extends VenueInput['type']>(type: T, clientOrderId?: string): Extract<VenueInput, { type: T }>[];
}

/** After so much virtual time an answer that is still not there waits for the disk. */
const patientMs = 30_000;

/** Lets an answer come on virtual time; what a file takes is waited for with little of it. */
export async function settle<T>(clock: HandClock, asked: Promise<T>, withinMs = 60_000): Promise<T> {
  let isOver = false;
  const ended = asked.finally(() => {
    isOver = true;
  });
  // A rejection is the caller's to see; here it only ends the waiting.
  ended.catch(() => undefined);
  for (let waited = 0; !isOver && waited < withinMs; waited += 50) {
    await clock.pass(50);
    if (waited >= patientMs) await new Promise((done) => setTimeout(done, 2));
  }
  if (!isOver) throw new Error(`no answer within ${withinMs} ms of virtual time`);
  return ended;
}

/** Opens a scene: instruments listed, account prepared, streams open and first prices in. */
export async function openScene(scene: LiveVenueScene): Promise<OpenScene> {
  const { port, clock } = scene;
  const inputs: VenueInput[] = [];
  const notices: string[] = [];
  const instruments = await settle(clock, port.instruments(scene.symbols));
  await settle(clock, port.prepare(instruments));
  port.open(instruments, {
    onInput: (input) => void inputs.push(input),
    onNotice: (text) => void notices.push(text),
  });
  await clock.pass(70_000);
  let sent = 0;
  return {
    ...scene,
    instruments,
    inputs,
    notices,
    send: (changes) => {
      sent += 1;
      const clientOrderId = `tw-suite-${sent}`;
      port.send({ type: 'order.submitted', at: clock.now(), order: { ...plainOrder, ...changes, clientOrderId } });
      return clientOrderId;
    },
    cancel: (clientOrderId) =>
      port.send({ type: 'order.cancelRequested', at: clock.now(), clientOrderId, reason: 'asked' }),
    pass: (ms) => clock.pass(ms),
    settled: (asked) => settle(clock, asked),
    report: () => settle(clock, port.report()),
    of: (type, clientOrderId) =>
      inputs.filter(
        (input): input is Extract<VenueInput, { type: typeof type }> =>
          input.type === type &&
          (clientOrderId === undefined || ('clientOrderId' in input && input.clientOrderId === clientOrderId)),
      ),
  };
}

const plainOrder: Omit<OrderRequest, 'clientOrderId' | 'instrument' | 'side' | 'quantity'> = {
  orderType: 'market',
  limitPrice: null,
  stopPrice: null,
  timeInForce: 'fillOrKill',
  expiresAt: null,
  isReduceOnly: false,
  purpose: 'entry',
  bracket: null,
  strategy: 'suite',
  reason: 'suite',
};
