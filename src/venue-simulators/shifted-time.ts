import { assert } from '#base/assert.ts';
import type { TimePort } from '#engine/ports.ts';

/** Time that began at another moment and goes faster or slower than the one it follows. */
export function shiftedTime(time: TimePort, { startAt, speed }: { startAt: number; speed: number }): TimePort {
  assert(speed > 0, `time goes forward, found the speed '${speed}'`);
  const beganAt = time.monotonic();
  const passed = (): number => (time.monotonic() - beganAt) * speed;
  return {
    now: () => startAt + Math.floor(passed()),
    monotonic: () => beganAt + passed(),
    after: (ms, act) => time.after(ms / speed, act),
    random: () => time.random(),
  };
}
