import { intensifiers, lexicon, negations } from './lexicon.ts';

const wordsMax = 200;
/** Words after a turning one that it turns. */
const negationReach = 3;
/** A turned word says less than its opposite: 'not great' is not 'terrible'. The figure is that of the VADER lexicon (Hutto and Gilbert, 2014). */
const negationFactor = -0.74;
/** How slowly the sum of weights comes near one: a single strong word makes 0.83, a mild one 0.45. */
const spread = 4;

/**
 * How a text talks, from -1 to 1: the weights of its words, turned by negations, brought into bounds by s / sqrt(s * s + 4) after the
 * VADER lexicon. A text is only looked up word by word; nothing that it says is followed. Each word counts once, so that shouting it
 * a hundred times is not louder.
 */
export function textScore(text: string): number {
  let sum = 0;
  let negatedFor = 0;
  let strength = 1;
  const counted = new Set<string>();
  for (const word of wordsOf(text)) {
    if (word === sentenceEnd) {
      negatedFor = 0;
      strength = 1;
      continue;
    }
    if (negations.has(word)) {
      negatedFor = negationReach;
      continue;
    }
    const weight = lexicon.get(word);
    if (weight !== undefined && !counted.has(word)) {
      counted.add(word);
      sum += weight * strength * (negatedFor > 0 ? negationFactor : 1);
    }
    strength = intensifiers.get(word) ?? 1;
    negatedFor -= negatedFor > 0 ? 1 : 0;
  }
  return sum === 0 ? 0 : sum / Math.sqrt(sum * sum + spread);
}

const sentenceEnd = '.';

function wordsOf(text: string): readonly string[] {
  const plain = text.toLowerCase().replaceAll('’', "'");
  const found: string[] = [];
  for (const [word] of plain.matchAll(/[\p{L}\p{N}]+(?:'\p{L}+)?|\p{Extended_Pictographic}|[.!?;\n]/gu)) {
    found.push(/^[.!?;\n]$/.test(word) ? sentenceEnd : word);
    if (found.length >= wordsMax) break;
  }
  return found;
}
