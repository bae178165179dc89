import type { Event } from '#domain/events.ts';
import type { OrderPurpose } from '#domain/order.ts';
import type { Target } from '#domain/pipeline.ts';
import type { Module } from '#engine/module.ts';
import { ofType, requestOf } from './desk-events.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from './desk-fixture.ts';
import { slotModule } from './slot-module.ts';

/** Allocates these targets at every decision. */
export function allocator(...targets: readonly Target[]): Module {
  return slotModule('allocation', 'allocator', () => targets);
}

/** A desk at the grid point before its first minute. */
export function desk(modules: readonly Module[] = [], options: FixtureOptions = {}): DeskFixture {
  const fixture = createDeskFixture(modules, options);
  fixture.tick(30_000);
  return fixture;
}

/** Bars at 1.10000 and 150.000 and the grid point that decides on them. */
export function decide(fixture: DeskFixture): readonly Event[] {
  const before = fixture.events.length;
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  return fixture.events.slice(before);
}

/** The orders among events, in short: side, quantity, instrument, purpose. */
export function orders(events: readonly Event[]): string[] {
  return ofType(events, 'order.submitted').map(
    ({ order }) => `${order.side} ${order.quantity} ${order.instrument} ${order.purpose}`,
  );
}

/** Puts an order of the desk on its way: an entry buys euros, everything else sells them. */
export function submit(fixture: DeskFixture, clientOrderId: string, purpose: OrderPurpose, quantity = 1_000): void {
  const isEntry = purpose === 'entry';
  const order = requestOf({ clientOrderId, purpose, quantity, side: isEntry ? 'buy' : 'sell', isReduceOnly: !isEntry });
  fixture.send({ type: 'order.submitted', at: fixture.at, order });
}
