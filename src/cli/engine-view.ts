import { deskStatusSchema } from '#api/contract.ts';
import type { TimePort } from '#engine/ports.ts';
import type { DeskStatus } from '#runtime/status.ts';
import { type RemoteEngine, RemoteEngineError } from '#runtime/tail/remote-engine.ts';

const pollMs = 500;
/** A status older than this is no status: the desk is shown as not ready. */
const staleMs = 5_000;

/** An engine of another process as it was when it was last asked. */
export class EngineView {
  readonly #engine: Pick<RemoteEngine, 'status' | 'health'>;
  readonly #time: TimePort;
  #status: DeskStatus | undefined;
  #unreadiness: readonly string[] = [];
  #seenAt = 0;
  #isStopped = false;
  #cancel: () => void = () => undefined;

  constructor(engine: Pick<RemoteEngine, 'status' | 'health'>, time: TimePort) {
    this.#engine = engine;
    this.#time = time;
  }

  /** Throws a `RemoteEngineError` before the first answer. */
  get status(): DeskStatus {
    if (this.#status === undefined) throw new RemoteEngineError('unreachable', 'the engine has not answered yet');
    return this.#status;
  }

  unreadiness(): readonly string[] {
    const ageMs = this.#time.monotonic() - this.#seenAt;
    return ageMs > staleMs ? [`the engine has not answered for ${Math.round(ageMs)} ms`] : this.#unreadiness;
  }

  /** Asks once. Returns what keeps it from answering; rejects with a `RemoteEngineError` where it answers something else. */
  async look(): Promise<string | undefined> {
    try {
      const parsed = deskStatusSchema.safeParse(await this.#engine.status());
      if (!parsed.success) throw new RemoteEngineError('refused', statusProblem(parsed.error.issues[0]));
      const { unreadiness } = await this.#engine.health();
      this.#status = parsed.data as DeskStatus;
      this.#unreadiness = unreadiness;
      this.#seenAt = this.#time.monotonic();
      return undefined;
    } catch (error) {
      if (error instanceof RemoteEngineError && error.code === 'unreachable') return error.message;
      throw error;
    }
  }

  /** Asks again and again, until it is stopped. */
  follow(): void {
    if (this.#isStopped) return;
    // What goes wrong shows in the age of the status.
    void this.look()
      .catch(() => undefined)
      .then(() => {
        if (!this.#isStopped) this.#cancel = this.#time.after(pollMs, () => this.follow());
      });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }
}

function statusProblem(issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): string {
  return `the engine's status is not as expected at '${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}; run the same version on both sides`;
}
