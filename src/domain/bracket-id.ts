/** How many characters the id of an order with a bracket may have, so that its stop's and target's ids still fit into 36. */
export const PARENT_ID_MAX = 34;

/** Our id of an entry's stop, or of its target, which is a limit order. */
export function bracketOrderId(parentOrderId: string, kind: 'stop' | 'limit'): string {
  return `${parentOrderId}-${kind === 'stop' ? 's' : 't'}`;
}
