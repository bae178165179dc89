/** What stands for every value beyond the bound. */
const otherLabel = 'other';

/** Distinct values that a label from outside may take: each is a series that is kept and scraped for good. */
export const labelValuesMax = 64;

/** Lets the first values of a label through and gathers the rest under one name, so that a venue cannot fill the memory. */
export function boundedLabel(most = labelValuesMax): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= most) return otherLabel;
    seen.add(value);
    return value;
  };
}
