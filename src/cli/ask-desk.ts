import { deskStatusSchema } from '#api/contract.ts';
import { askControl } from '#runtime/control-socket.ts';
import { deskAtRest } from '#runtime/desk-at-rest.ts';
import { readManifest } from '#runtime/run-folder.ts';
import { type DeskStatus, deskStatus } from '#runtime/status.ts';
import { UsageError } from './refusal.ts';

export interface FoundDesk {
  readonly isRunning: boolean;
  readonly status: DeskStatus;
}

/** The status of the desk that runs on a folder, or of the run that lies in it. */
export async function findDesk(folder: string): Promise<FoundDesk> {
  const answer = await askControl(folder, { command: 'status' });
  if (answer === undefined) return { isRunning: false, status: statusAtRest(folder) };
  const parsed = deskStatusSchema.safeParse(answer.status);
  if (parsed.success) return { isRunning: true, status: parsed.data };
  const issue = parsed.error.issues[0];
  throw new UsageError(
    `the desk on '${folder}' runs another version of the code: its status has '${issue?.path.join('.') ?? ''}' otherwise`,
  );
}

function statusAtRest(folder: string): DeskStatus {
  const { market } = readManifest(folder);
  const { engine } = deskAtRest(folder);
  return deskStatus(engine, { market, isDemonstration: market === 'synthetic', speed: 0 });
}
