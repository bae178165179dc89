import { digestHex, type Sha256, updateSha256 } from '#base/sha256.ts';
import type { Event } from '#domain/events.ts';

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

function textOf(event: Event): string {
  switch (event.type) {
    case 'module.decided': {
      let text = `D${event.at} ${event.module} ${event.slot} ${event.mode} ${event.outcome}`;
      for (const entry of event.entries) text += `|${entry.subject} ${entry.code} ${entry.value ?? ''}`;
      return `${text}\n`;
    }
    case 'order.denied':
      return `N${event.at} ${event.instrument} ${event.code} ${event.signedQuantity}\n`;
    case 'order.submitted': {
      const { order } = event;
      const bracket =
        order.bracket === null ? '' : `${order.bracket.stopPrice ?? ''} ${order.bracket.targetPrice ?? ''}`;
      return `O${event.at} ${order.instrument} ${order.side} ${order.quantity} ${order.orderType} ${order.limitPrice ?? ''} ${order.stopPrice ?? ''} ${order.purpose} ${bracket}\n`;
    }
    case 'order.amendRequested':
      return `A${event.at} ${event.stopPrice ?? ''} ${event.limitPrice ?? ''}\n`;
    case 'order.cancelRequested':
      return `C${event.at} ${event.reason}\n`;
    case 'order.filled':
      return `F${event.at} ${event.instrument} ${event.side} ${event.quantity} ${event.price}\n`;
    case 'directive.issued':
      return `S${event.at} ${event.module} ${event.action} ${event.instrument ?? ''} ${event.expiresAt}\n`;
    default:
      return '';
  }
}
