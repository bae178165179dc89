import type { LiveOptions } from './live-options.ts';

/** Why a desk may not be armed here; undefined where it may. */
export function armingRefusal({
  isReadOnly,
  isLiveEnabled,
  environment,
}: Pick<LiveOptions, 'isReadOnly' | 'isLiveEnabled' | 'environment'>): string | undefined {
  if (isReadOnly) return "'READ_ONLY' is 1: expected 0 where orders may be sent";
  if (environment === 'live' && !isLiveEnabled)
    return "'LIVE_TRADING_ENABLED' is 0: expected 1 where orders may be sent to a live account";
  return undefined;
}
