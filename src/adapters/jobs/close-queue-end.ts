import type { QueueConnection } from './queue-parts.ts';

/** Closes one end of a queue; where its store gives no answer for so long, goes on without. Never rejects. */
export async function closeQueueEnd(end: Pick<QueueConnection, 'close'>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((done) => {
    timer = setTimeout(done, withinMs);
  });
  await Promise.race([end.close().catch(() => undefined), over]);
  clearTimeout(timer);
}
