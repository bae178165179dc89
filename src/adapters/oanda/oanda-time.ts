const written = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?Z$/;
const seconds = /^(\d{1,12})(?:\.(\d{1,9}))?$/;

/**
 * The instant of a venue's time, RFC 3339 in UTC or seconds since 1970, in ms UTC; what is finer is cut off. Undefined where the text is
 * neither.
 */
export function parseVenueTime(text: string): number | undefined {
  const epoch = seconds.exec(text);
  if (epoch !== null) return Number(epoch[1]) * 1000 + milliseconds(epoch[2]);
  const parts = written.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  // A day or an hour that does not exist would have run over into the next one.
  const isReal = new Date(at).toISOString().startsWith(text.slice(0, 19));
  return isReal ? at + milliseconds(parts[7]) : undefined;
}

/** An instant as the venue reads it. */
export function formatVenueTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}000000Z`;
}

function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3));
}
