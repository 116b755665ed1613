/** Numbers of the fictive ranges (RPPS `109`, FINESS `99`, SIREN `999`), scattered so that neighbours do not follow each other. */

/** A one-to-one map of 0 … size − 1 onto itself. */
export type Scatter = { to(index: number): number; from(value: number): number };

/** `multiplier` has no divisor in common with `size`; their product stays below 2^53. */
export function createScatter(size: number, multiplier: number, offset: number): Scatter {
  const inverse = inverseOf(multiplier, size);
  const shift = offset % size;
  return {
    to: (index) => (index * multiplier + shift) % size,
    from: (value) => Number((BigInt((value - shift + size) % size) * inverse) % BigInt(size)),
  };
}

/** Extended Euclid. */
function inverseOf(value: number, modulus: number): bigint {
  let [previous, rest] = [BigInt(modulus), BigInt(value)];
  let [before, now] = [0n, 1n];
  while (rest !== 0n) {
    const quotient = previous / rest;
    [previous, rest] = [rest, previous - quotient * rest];
    [before, now] = [now, before - quotient * now];
  }
  if (previous !== 1n) throw new RangeError(`${value} and ${modulus} have a divisor in common`);
  return ((before % BigInt(modulus)) + BigInt(modulus)) % BigInt(modulus);
}

/** Prefix, `value` on `width` digits, and the check digit, wrong when asked. */
export function numbered(prefix: string, value: number, width: number, wrong = false): string {
  const body = `${prefix}${String(value).padStart(width, '0')}`;
  const digit = checkDigit(body);
  return `${body}${wrong ? (digit + 1) % 10 : digit}`;
}

/** Luhn's, in one pass: it is asked for by the million. */
function checkDigit(body: string): number {
  let sum = 0;
  for (let back = 1; back <= body.length; back += 1) {
    const digit = body.charCodeAt(body.length - back) - 48;
    const weighted = back % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return (10 - (sum % 10)) % 10;
}

/** The digits between a prefix and the check digit; undefined when the form is another one. */
export function bodyOf(text: string, prefix: string, width: number): number | undefined {
  if (text.length !== prefix.length + width + 1 || !text.startsWith(prefix)) return undefined;
  const body = text.slice(prefix.length, -1);
  return /^[0-9]+$/.test(body) && /[0-9]$/.test(text) ? Number(body) : undefined;
}
