import type { ProjectionSink } from './projection-sink.ts';

/**
 * A sink that is opened when it is first needed, and again after it could not be: a store that is away at the start keeps nobody from
 * trading, and is filled when it comes.
 */
export function lazySink<C>(open: () => Promise<ProjectionSink<C>>): ProjectionSink<C> {
  let opened: Promise<ProjectionSink<C>> | undefined;
  const sink = async (): Promise<ProjectionSink<C>> => {
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  return {
    position: async (name) => (await sink()).position(name),
    apply: async (name, changes, from, to) => (await sink()).apply(name, changes, from, to),
    wipe: async (name) => (await sink()).wipe(name),
    close: async () => {
      if (opened !== undefined) await (await opened).close();
    },
  };
}
