import type { DeskRun } from '#runtime/desk-run.ts';

/** The signal by which a supervisor or a shell engages the switch of a process, whatever else of it answers. */
const name = 'SIGUSR2';

/** Takes the signal over until it is disposed of. What goes wrong is told: there is nobody to answer. */
export function killSignal(desk: Pick<DeskRun, 'request'>, onProblem: (problem: string) => void): Disposable {
  const engage = (): void => {
    try {
      desk.request((at) => ({ type: 'kill.engaged', at, actor: 'signal', reason: `the process got ${name}` }));
    } catch (error) {
      onProblem(`the kill switch was not engaged: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  process.on(name, engage);
  return { [Symbol.dispose]: () => void process.off(name, engage) };
}
