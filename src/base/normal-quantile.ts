import { assert } from '#base/assert.ts';

/**
 * The value below which a standard normal variable lies with the given probability, 0 < p < 1, to about 16 digits.
 * Algorithm AS 241 (Wichura, Applied Statistics 37, 1988), which needs one logarithm and one root in the tails only.
 */
export function normalQuantile(probability: number): number {
  assert(probability > 0 && probability < 1, `a probability lies between 0 and 1, found '${probability}'`);
  const distance = probability - 0.5;
  if (Math.abs(distance) <= 0.425) {
    const rest = 0.180625 - distance * distance;
    return (distance * polynomial(centreNumerator, rest)) / polynomial(centreDenominator, rest);
  }
  const tail = Math.sqrt(-Math.log(distance < 0 ? probability : 1 - probability));
  const magnitude =
    tail <= 5
      ? polynomial(nearNumerator, tail - 1.6) / polynomial(nearDenominator, tail - 1.6)
      : polynomial(farNumerator, tail - 5) / polynomial(farDenominator, tail - 5);
  return distance < 0 ? -magnitude : magnitude;
}

/** Coefficients from the highest power down; indexed, since an iterator costs more than the sum in the innermost loop of a market. */
function polynomial(coefficients: readonly number[], value: number): number {
  let sum = 0;
  for (let index = 0; index < coefficients.length; index += 1) sum = sum * value + (coefficients[index] ?? 0);
  return sum;
}

const centreNumerator = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
  133.14166789178438, 3.3871328727963665,
];
const centreDenominator = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
  42.31333070160091, 1,
];
const nearNumerator = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const nearDenominator = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];
const farNumerator = [
  2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const farDenominator = [
  2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615,
  0.1369298809227358, 0.599832206555888, 1,
];
