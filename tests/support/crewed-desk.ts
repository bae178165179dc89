import { createLogger, type Logger } from '#adapters/telemetry/logger.ts';
import { createTracing } from '#adapters/telemetry/tracing.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { type CrewOptions, type DeskCrew, openCrew } from '#runtime/desk-crew.ts';
import { projectionNames } from '#runtime/mirror/mirror.ts';
import type { PaperOptions } from '#runtime/paper-run.ts';
import { logFolder, spanFolder } from '#runtime/telemetry/telemetry-folders.ts';
import { type DrivenDesk, driveDesk } from './driven-desk.ts';

/** A paper desk that goes as far as it is told, with everyone who works beside it. */
export interface CrewedDesk extends DrivenDesk {
  readonly crew: DeskCrew;
  readonly log: Logger;
  /** What was told of troubles. */
  readonly troubles: string[];
  /** Ends all of it in order. */
  end(): Promise<void>;
}

/** Opens a desk on a folder with its crew; its log and all its spans go into the folder. The stores lie there too unless told. */
export async function crewDesk(
  folder: string,
  changes: Partial<CrewOptions> = {},
  deskChanges: Partial<PaperOptions> = {},
): Promise<CrewedDesk> {
  const time = systemTime;
  const log = createLogger({
    level: 'debug',
    serviceName: 'desk',
    destination: { type: 'file', folder: logFolder(folder) },
    secrets: [],
    time,
    onProblem: () => undefined,
  });
  const exporter = { type: 'file', folder: spanFolder(folder) } as const;
  const tracing = createTracing({ exporter, sampleRate: 1, serviceName: 'desk', time });
  const troubles: string[] = [];
  const desk = driveDesk(folder, deskChanges);
  const crew = await openCrew({
    desk: desk.run,
    folder,
    plan: { folder, valkeyUrl: undefined, databaseUrl: undefined },
    names: projectionNames,
    process: 'desk',
    log,
    tracing,
    lease: undefined,
    jobThreads: 0,
    time,
    onProblem: (problem) => void troubles.push(problem),
    ...changes,
  });
  let hasEnded = false;
  const end = async (): Promise<void> => {
    if (hasEnded) return;
    hasEnded = true;
    await crew.rest();
    await desk.run.stop();
    await crew.end();
    await tracing.close();
    log.close();
  };
  return { ...desk, crew, log, troubles, end };
}
