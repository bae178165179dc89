import type { NetworkPort, TimePort } from '#engine/ports.ts';
import { recordKey, type SocialRecord } from './social-record.ts';

export interface RecordingNetwork extends NetworkPort {
  /** What was heard until now, of each question the last answer; undefined before the first. */
  record(): SocialRecord | undefined;
}

const answersMax = 10_000;
const keptHeaders = /^(?:content-type|retry-after|x-rate-limit-(?:limit|remaining|reset))$/;

/** Passes everything on and remembers the answers. What was asked with is not kept: keys and tokens stand there. */
export function recordingNetwork(network: NetworkPort, time: TimePort): RecordingNetwork {
  const answers = new Map<string, SocialRecord['answers'][number]>();
  let recordedAt: number | undefined;
  return {
    ...network,
    request: async (request, timeoutMs) => {
      const answer = await network.request(request, timeoutMs);
      recordedAt ??= time.now();
      const key = recordKey(request.url);
      const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => keptHeaders.test(name)));
      if (answers.size < answersMax) answers.set(key, { key, status: answer.status, headers, body: answer.body });
      return answer;
    },
    record: () => (recordedAt === undefined ? undefined : { version: 1, recordedAt, answers: [...answers.values()] }),
  };
}
