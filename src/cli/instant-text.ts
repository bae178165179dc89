/** An instant to the millisecond, UTC: what is joined from several sources must show which came first. */
export function instantText(at: number): string {
  const text = new Date(at).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 23)}`;
}
