import { openRecordStore, type RecordStore } from '#adapters/records/record-store.ts';

/** The records of whichever run an engine trades just now. */
export interface RunRecords {
  use<T>(act: (records: RecordStore) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Keeps the records of a run open for reading, and opens those of another where the engine has begun one. A database that is away is
 * tried again each time; the answer is its `RecordError`.
 */
export function openRunRecords(url: string, runIdNow: () => string): RunRecords {
  let opened: { readonly runId: string; readonly store: Promise<RecordStore> } | undefined;
  const closeOpened = async (): Promise<void> => {
    const last = opened;
    opened = undefined;
    // One that could not be opened has nothing to close.
    const store = await last?.store.catch(() => undefined);
    await store?.close();
  };
  const storeOf = async (runId: string): Promise<RecordStore> => {
    if (opened !== undefined && opened.runId !== runId) await closeOpened();
    opened ??= { runId, store: openRecordStore({ url, runId }) };
    const asked = opened;
    try {
      return await asked.store;
    } catch (error) {
      if (opened === asked) opened = undefined;
      throw error;
    }
  };
  return { use: async (act) => act(await storeOf(runIdNow())), close: closeOpened };
}
