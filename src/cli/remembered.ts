/** An answer that is given again for a while: what is asked for at every scrape and costs a walk through a store. */
export function remembered<T>(forMs: number, monotonic: () => number, ask: () => Promise<T>): () => Promise<T> {
  let answer: { readonly at: number; readonly value: Promise<T> } | undefined;
  return () => {
    const now = monotonic();
    if (answer === undefined || now - answer.at >= forMs) answer = { at: now, value: ask() };
    return answer.value;
  };
}
