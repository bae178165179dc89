import type { DeepReadonly } from '#base/deep-readonly.ts';
import { isTerminal } from '#domain/order.ts';
import { VenueError } from '#domain/venue-error.ts';
import { isUnresolved } from '#engine/order-life.ts';
import type { OrderRecord } from '#engine/state.ts';
import { accountNews } from './account-news.ts';
import type { LiveDesk } from './live-desk.ts';
import { Rounds } from './rounds.ts';

/** Time between two looks at the orders on their way, and how long one has before it is asked about (reliability, 1.1). */
const lookEveryMs = 2_000;
const inFlightMsMax = 5_000;
/** Definite answers, and the time over which they were given, before an order that the venue does not know is none. */
const absentTriesMin = 5;
const absentMsMin = 10_000;
/** An order that nobody knows of for this long is worth waking somebody up (reliability, I-26). */
const unresolvedMsMax = 900_000;
/** Orders asked about in one look. */
const asksMax = 20;
/** From this many questions on an order is asked about less often. */
const eagerAsksMax = 15;
const lazyAskMs = 30_000;

export interface OrderCheckOptions {
  readonly desk: LiveDesk;
  /** Takes in the account's history: a fill that it tells is evidence. */
  catchUp(): Promise<unknown>;
  /** An order was found to be none: the positions should be compared. */
  onVerdict(): void;
}

interface Question {
  asks: number;
  nextAt: number;
  absences: number;
  absentAt: number;
  hasPaged: boolean;
}

/**
 * Asks the venue about orders of which nobody knows what came of them. A venue that does not know an order shortly after it was sent
 * proves nothing, and a cancellation on its way never ends an order by the time it takes.
 */
export class OrderChecks {
  readonly #options: OrderCheckOptions;
  readonly #rounds: Rounds;
  readonly #questions = new Map<string, Question>();
  readonly #suspects = new Set<string>();
  #told: string | undefined;

  constructor(options: OrderCheckOptions) {
    this.#options = options;
    this.#rounds = new Rounds({
      time: options.desk.time,
      everyMs: lookEveryMs,
      act: () => this.look(),
      onFailure: (error) => this.#tellOnce(error instanceof Error ? error.message : String(error)),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Orders that should work and that a report does not show. */
  suspect(clientOrderIds: readonly string[]): void {
    for (const id of clientOrderIds) this.#suspects.add(id);
  }

  /** One look at every order that is due. */
  async look(): Promise<void> {
    const { desk } = this.#options;
    const open = [...desk.engine.state.orders.values()].filter((record) => this.#isDoubtful(record));
    const ids = new Set(open.map(({ request }) => request.clientOrderId));
    for (const id of this.#questions.keys()) if (!ids.has(id)) this.#questions.delete(id);
    for (const id of this.#suspects) if (!ids.has(id)) this.#suspects.delete(id);
    const now = desk.time.monotonic();
    const due = open.filter((record) => this.#questionOf(record).nextAt <= now);
    for (const record of due.slice(0, asksMax)) await this.#ask(record.request.clientOrderId);
  }

  #isDoubtful(record: DeepReadonly<OrderRecord>): boolean {
    if (isTerminal(record.state)) return false;
    if (isUnresolved(record) || this.#suspects.has(record.request.clientOrderId)) return true;
    const now = this.#options.desk.time.now();
    const { cancelRequestedAt } = record;
    if (cancelRequestedAt !== null && now - cancelRequestedAt > inFlightMsMax) return true;
    return record.state === 'submitted' && now - record.submittedAt > inFlightMsMax;
  }

  #questionOf({ request }: DeepReadonly<OrderRecord>): Question {
    const known = this.#questions.get(request.clientOrderId);
    if (known !== undefined) return known;
    const question: Question = { asks: 0, nextAt: 0, absences: 0, absentAt: 0, hasPaged: false };
    this.#questions.set(request.clientOrderId, question);
    return question;
  }

  async #ask(id: string): Promise<void> {
    const { desk } = this.#options;
    const record = desk.engine.state.orders.get(id);
    if (record === undefined || !this.#isDoubtful(record)) return;
    const question = this.#questionOf(record);
    question.asks += 1;
    this.#pageFor(record, question);
    const finding = await desk.venue.findOrder(id, record.request.instrument);
    const now = desk.time.monotonic();
    question.nextAt = now + (question.asks < eagerAsksMax ? lookEveryMs - 1 : lazyAskMs);
    switch (finding.type) {
      case 'unknown':
        this.#tellOnce(`order '${id}': ${finding.reason}`);
        return;
      case 'found':
        question.absences = 0;
        if (finding.isWorking) this.#suspects.delete(id);
        desk.tell([]);
        desk.tell(accountNews(desk.engine.state, finding.events, (input) => desk.isTold(input)));
        return;
      case 'absent':
        if (question.absences === 0) question.absentAt = now;
        question.absences += 1;
        if (question.absences >= absentTriesMin && now - question.absentAt >= absentMsMin) await this.#judge(id);
    }
  }

  /** The venue has denied it often enough: the account's history is the last to be heard. */
  async #judge(id: string): Promise<void> {
    const { desk, catchUp, onVerdict } = this.#options;
    try {
      await catchUp();
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      this.#tellOnce(error.message);
      return;
    }
    desk.tell([]);
    const record = desk.engine.state.orders.get(id);
    if (record === undefined || !this.#isDoubtful(record)) return;
    const reason = `the venue does not know it, asked ${absentTriesMin} times and more`;
    if (record.state === 'submitted')
      desk.tell([{ type: 'order.rejected', clientOrderId: id, code: 'NOT_FOUND', reason }]);
    else desk.tell([{ type: 'order.canceled', clientOrderId: id, reason: 'NOT_AT_VENUE' }]);
    desk.notice(`order '${id}' is none: ${reason}`);
    onVerdict();
  }

  #pageFor(record: DeepReadonly<OrderRecord>, question: Question): void {
    const { desk } = this.#options;
    const { unresolvedAt, request } = record;
    if (question.hasPaged || unresolvedAt === null || desk.time.now() - unresolvedAt < unresolvedMsMax) return;
    question.hasPaged = true;
    desk.problem(`order '${request.clientOrderId}' on '${request.instrument}' is unresolved for more than 15 min`);
  }

  #tellOnce(reason: string): void {
    if (reason !== this.#told) this.#options.desk.notice(`orders on their way: ${reason}`);
    this.#told = reason;
  }
}
