import { digestHex, type Sha256, updateSha256 } from '#base/sha256.ts';
import type { Event, EventByType, EventType } from '#domain/events.ts';

let buffer = new Uint8Array(4096);

/**
 * Adds an event to the hash of decisions, if it is one. In order: time, module, slot and outcome codes; targets and order
 * plans; fills. Ids, wall times and the journal's mode are left out, so that two ways of running the same thing agree.
 */
export function hashEvent(hash: Sha256, event: Event): void {
  const text = textOf(event);
  if (text === '') return;
  if (text.length > buffer.length) buffer = new Uint8Array(text.length * 2);
  // Every part is ASCII, so one sign is one byte.
  for (let index = 0; index < text.length; index += 1) buffer[index] = text.charCodeAt(index);
  updateSha256(hash, buffer, 0, text.length);
}

/** The hash so far, 64 hexadecimal digits. */
export function decisionsHash(hash: Sha256): string {
  return digestHex(hash);
}

type Writer<T extends EventType> = (event: EventByType[T]) => string;

/** How each kind of event that belongs to the hash is written; the others leave no trace in it. */
const writers: { readonly [T in EventType]?: Writer<T> } = {
  'module.decided': (event) => {
    let text = `D${event.at} ${event.module} ${event.slot} ${event.mode} ${event.outcome}`;
    for (const entry of event.entries) text += `|${entry.subject} ${entry.code} ${entry.value ?? ''}`;
    return text;
  },
  'order.denied': (event) => `N${event.at} ${event.instrument} ${event.code} ${event.signedQuantity}`,
  'order.submitted': ({ at, order }) => {
    const bracket = order.bracket === null ? '' : `${order.bracket.stopPrice ?? ''} ${order.bracket.targetPrice ?? ''}`;
    const prices = `${order.limitPrice ?? ''} ${order.stopPrice ?? ''}`;
    return `O${at} ${order.instrument} ${order.side} ${order.quantity} ${order.orderType} ${prices} ${order.purpose} ${bracket}`;
  },
  'order.amendRequested': (event) => `A${event.at} ${event.stopPrice ?? ''} ${event.limitPrice ?? ''}`,
  'order.cancelRequested': (event) => `C${event.at} ${event.reason}`,
  'order.filled': (event) => `F${event.at} ${event.instrument} ${event.side} ${event.quantity} ${event.price}`,
  'directive.issued': (event) =>
    `S${event.at} ${event.module} ${event.action} ${event.instrument ?? ''} ${event.expiresAt}`,
};

function textOf(event: Event): string {
  const writer = writers[event.type] as Writer<EventType> | undefined;
  return writer === undefined ? '' : `${writer(event)}\n`;
}
