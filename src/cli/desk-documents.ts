import { z } from 'zod';

/** The parts of a desk's status that a snapshot is made of; what else it says is left alone. */
const statusSchema = z.looseObject({
  desk: z.string(),
  kind: z.string(),
  runId: z.string(),
  at: z.number(),
  kill: z.looseObject({ isEngaged: z.boolean() }),
  account: z.record(z.string(), z.number()),
  gates: z.looseObject({ at: z.number() }).nullable(),
  weights: z.looseObject({ weights: z.record(z.string(), z.number()) }).nullable(),
  instruments: z.array(
    z.looseObject({
      symbol: z.string(),
      isEligible: z.boolean(),
      reasons: z.array(z.string()),
      weight: z.number(),
      signedQuantity: z.number(),
      averagePrice: z.number(),
      midPrice: z.number().nullable(),
      coherence: z.number().nullable(),
      stability: z.number().nullable(),
      entropy: z.number().nullable(),
      rupture: z.number().nullable(),
      hazard: z.number().nullable(),
    }),
  ),
  orders: z.array(z.looseObject({ clientOrderId: z.string() })),
});

type Status = z.infer<typeof statusSchema>;

export type DeskDocuments = Readonly<Record<'account' | 'open_trades' | 'allocation' | 'gates', object>>;

/** The four documents of a snapshot out of a desk's status (FX desk specification h.6); the problem where it is none. */
export function deskDocuments(status: unknown): DeskDocuments | string {
  const parsed = statusSchema.safeParse(status);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `the status is not as expected: field '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'is wrong'}`;
  }
  const { desk, kind, runId, at, kill, account, instruments, orders, weights } = parsed.data;
  const head = { desk, kind, run_id: runId, ts_ms: at };
  return {
    account: { ...head, ...account, kill },
    open_trades: {
      ...head,
      trades: instruments.filter(({ signedQuantity }) => signedQuantity !== 0).map(tradeOf),
      orders,
    },
    allocation: { ...head, ...(weights ?? { weights: {} }) },
    gates: gatesOf(parsed.data, head),
  };
}

type InstrumentPart = Status['instruments'][number];

function tradeOf({ symbol, signedQuantity, averagePrice, midPrice }: InstrumentPart): object {
  return { instrument: symbol, signedQuantity, averagePrice, midPrice };
}

function gatesOf({ gates, instruments }: Status, head: object): object {
  const byInstrument = instruments.map(
    ({ symbol, isEligible, reasons, coherence, stability, entropy, rupture, hazard }) => {
      return [
        symbol,
        { eligible: isEligible ? 1 : 0, reasons, metrics: { coherence, stability, entropy, rupture, hazard } },
      ];
    },
  );
  return { ...head, gates_at_ms: gates?.at ?? null, gates: Object.fromEntries(byInstrument) };
}
