import type { TimePort } from '#engine/ports.ts';
import type { OandaAccount } from './oanda-account.ts';
import { everyHeartbeat } from './pricing-stream.ts';
import { instantText } from './wire-text.ts';

/** Transactions as they are written, with heartbeats that tell the last id. Returns what ends it. */
export function startTransactionStream(
  account: OandaAccount,
  time: TimePort,
  write: (body: unknown) => void,
): () => void {
  const beat = (): void =>
    write({
      type: 'HEARTBEAT',
      lastTransactionID: account.log.lastId,
      time: instantText(time.now() + account.plight.skewMs),
    });
  const { replayCount } = account.plight;
  account.plight.replayCount = 0;
  const lastId = Number(account.log.lastId);
  if (replayCount > 0) for (const old of account.log.range(lastId - replayCount + 1, lastId)) write(old);
  beat();
  const forgetListening = account.log.listen((transaction) => write(transaction));
  const forgetHeartbeats = everyHeartbeat(time, beat);
  return () => {
    forgetListening();
    forgetHeartbeats();
  };
}
