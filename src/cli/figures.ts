/** Figures as people read them; programs are given the plain numbers. */

/** An amount with two decimals and commas between thousands: 12,345.60. */
export function amountText(value: number): string {
  return grouped(value, 2);
}

/** A whole number with commas between thousands. */
export function countText(value: number): string {
  return grouped(value, 0);
}

/** A fraction as percent with two decimals. */
export function percentText(fraction: number): string {
  return `${grouped(fraction * 100, 2)}%`;
}

/** A ratio with three decimals; a dash where there is none. */
export function ratioText(value: number): string {
  return Number.isFinite(value) ? grouped(value, 3) : '–';
}

/** An instant to the minute, or to the second where it has any, UTC. */
export function timeText(at: number): string {
  const text = new Date(at).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, at % 60_000 === 0 ? 16 : 19)}`;
}

function grouped(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return '–';
  const fixed = Math.abs(value).toFixed(decimals);
  const [whole = '', fraction] = fixed.split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`);
  return value < 0 && Number(fixed) !== 0 ? `-${text}` : text;
}
