import { systemTime } from '#adapters/time/system-time.ts';
import type { KillRequest } from '#api/contract.ts';
import { ListenError } from '#api/listen-error.ts';
import { type OpenServer, openServer } from '#api/server.ts';
import { AssertionError } from '#base/assert.ts';
import { numberOf, textOf } from '#domain/configuration/configuration-value.ts';
import { policyDomains } from '#engine/engine.ts';
import { modules } from '#modules/index.ts';
import { type ControlAnswer, type ControlRequest, serveControl } from '#runtime/control-socket.ts';
import type { DeskCrew } from '#runtime/desk-crew.ts';
import type { DeskRun } from '#runtime/desk-run.ts';
import { mirroredPositions } from '#runtime/mirror/mirrored-positions.ts';
import { type OperatedDesk, operate } from '#runtime/operate.ts';
import { currentPolicies } from '#runtime/policies/policy-store.ts';
import { readPolicyHistory } from '#runtime/read-policy-history.ts';
import type { DeskStatus } from '#runtime/status.ts';
import { type EngineDoor, type OpenEndpoint, serveEngine } from '#runtime/tail/engine-endpoint.ts';
import { readTrace } from '#runtime/telemetry/read-trace.ts';
import type { DeskMeters } from './desk-meters.ts';
import { remembered } from './remembered.ts';
import { type DeskPlan, engineToken } from './run-plan.ts';
import { streamFigures } from './stream-figures.ts';

/** How old figures may be that cost a walk through the stores. */
const storeFiguresMs = 15_000;

/** The ways in: the status page or the engine's endpoint, and the switch's own socket. */
export interface Doors extends AsyncDisposable {
  readonly address: string;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly plan: DeskPlan;
  readonly desk: DeskRun;
  readonly crew: DeskCrew;
  readonly meters: DeskMeters;
  status(): DeskStatus;
}

/** Opens the page where the desk is alone in its process, the engine's endpoint where it is split, and the socket in any case. */
export async function openDoors(options: DoorOptions): Promise<Doors> {
  const { plan, desk, status } = options;
  const operated: OperatedDesk = {
    engine: desk.engine,
    request: (input) => desk.request(input),
    notKept: () => {
      const { lastSequence, durableSequence, problem } = desk.journal;
      return durableSequence === lastSequence ? undefined : problem;
    },
    status,
    ...(desk.armingRefusal === undefined ? {} : { armingRefusal: () => desk.armingRefusal?.() }),
    ...(desk.reconcile === undefined ? {} : { reconcile: () => desk.reconcile?.() }),
  };
  const carryOut = (request: ControlRequest): ControlAnswer => answerOf(operated, request);
  const front = plan.role === 'engine' ? await openEndpoint(options, carryOut) : await openPage(options, carryOut);
  try {
    const control = await serveControl(plan.folder, carryOut);
    let isClosed = false;
    const close = async (): Promise<void> => {
      if (isClosed) return;
      isClosed = true;
      control.close();
      await front.close();
    };
    return { address: front.address, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await front.close();
    throw error;
  }
}

type CarryOut = (request: ControlRequest) => ControlAnswer;

/** What a desk refuses, such as a release while its disk fails, is an answer too. Our own mistakes are none. */
function answerOf(desk: OperatedDesk, request: ControlRequest): ControlAnswer {
  try {
    return operate(desk, request);
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    return { isDone: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function openPage(options: DoorOptions, carryOut: CarryOut): Promise<OpenServer> {
  const { plan, desk, crew, status } = options;
  return openServer({
    host: plan.host,
    port: plan.port,
    allowedHosts: plan.allowedHosts,
    readOnly: plan.readOnly,
    status,
    metrics: metersOf(options),
    kill: (request, traceparent) => carryOut(killRequest(request, traceparent)),
    reconcile: () => carryOut({ command: 'reconcile' }),
    health: () => crew.health(),
    unreadiness: () => crew.unreadiness(),
    keys: crew.keys,
    policies: () => currentPolicies(desk.engine),
    policyHistory: (key) => readPolicyHistory(plan.folder, policyDomains(modules), key),
    trace: (id) => readTrace(plan.folder, id),
  });
}

async function openEndpoint(options: DoorOptions, carryOut: CarryOut): Promise<OpenEndpoint> {
  const { plan, desk, crew, status } = options;
  const host = textOf(plan.values, 'TRADEWIND_ENGINE_HOST');
  const port = numberOf(plan.values, 'TRADEWIND_ENGINE_PORT');
  const door: EngineDoor = {
    tail: desk.tail,
    status,
    health: () => crew.health(),
    unreadiness: () => crew.unreadiness(),
    metrics: metersOf(options),
    carryOut,
  };
  try {
    return await serveEngine(door, { host, port, token: engineToken(plan.values), now: () => Date.now() });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw /^E[A-Z]+$/.test(code) ? new ListenError(host, port, code) : error;
  }
}

/** The figures of a scrape; those that cost a walk through the stores are looked at now and then. */
function metersOf({ plan, desk, crew, meters, status }: DoorOptions): () => Promise<string> {
  const monotonic = (): number => systemTime.monotonic();
  const streamsOf = remembered(storeFiguresMs, monotonic, () => streamFigures(crew.streams));
  const mirrored = remembered(storeFiguresMs, monotonic, () =>
    mirroredPositions({
      plan: plan.stores,
      keys: crew.keys,
      streams: crew.streams,
      runId: desk.engine.state.runId,
      lastSequence: desk.journal.durableSequence,
      now: systemTime.now(),
    }),
  );
  return async () => {
    const streams = await streamsOf();
    const own = crew.mirror.statuses();
    return meters.text({
      status: status(),
      health: await crew.health(),
      projections: plan.role === 'engine' ? [...own, ...(await mirrored())] : own,
      store: await crew.keys.info(),
      streams: streams?.streams,
      deadLetters: streams?.deadLetters,
      journal: desk.journal,
      jobs: { open: crew.openJobs() },
      latencyMs: desk.sliceMs,
    });
  };
}

/** A change of the switch as it was asked for through the API. */
export function killRequest({ isEngaging, reason, isFlattening }: KillRequest, traceparent: string): ControlRequest {
  const author = { actor: 'api', reason: reason === '' ? 'asked for through the API' : reason, traceparent };
  if (!isEngaging) return { command: 'kill.release', ...author };
  return { command: 'kill.engage', flatten: isFlattening, ...author };
}
