/**
 * National numbers of generated networks, given so that no two structures or people of one generation share one: a number
 * drawn twice would be a hospital and a legal entity at once, which no register has. Within a network equal stays equal.
 */
import { luhnDigit } from '../../src/fhir/identifiers.ts';
import { textOf } from '../../src/mapping/compilation.ts';
import type { Json, JsonObject } from '../../src/fhir/types.ts';
import { itemOf, type Located, propertyOf, schemaOf } from './schemas.ts';

/** Fictive ranges (french-standards §6): prefix, and how many digits are free before the check digit. */
const ranges: Readonly<Record<string, { prefix: string; free: number }>> = {
  finess: { prefix: '99', free: 6 },
  rpps: { prefix: '109', free: 7 },
  siren: { prefix: '999', free: 5 },
};

/** Every hundredth seed has the same numbers again. */
const seeds = 100;

/** Gives the numbers of the networks of one seed, one network after the other. */
export function numbering(seed: number): (data: JsonObject, kind: string) => void {
  const given = new Map<string, number>();
  const next = (format: string): string => {
    const { prefix, free } = ranges[format]!;
    const share = 10 ** free / seeds;
    const place = given.get(format) ?? 0;
    if (place >= share) throw new RangeError(`no ${format} left for seed ${seed}`);
    given.set(format, place + 1);
    const body = `${prefix}${String((seed % seeds) * share + place).padStart(free, '0')}`;
    return `${body}${luhnDigit(body)}`;
  };
  return (data, kind) => {
    const renamed = new Map<string, string>();
    visit(data, schemaOf(kind), (holder, name, format) => {
      const key = `${format} ${textOf(holder[name])}`;
      const number = renamed.get(key) ?? next(format);
      renamed.set(key, number);
      holder[name] = number;
    });
  };
}

function visit(
  value: Json | undefined,
  at: Located,
  change: (holder: JsonObject, name: string, format: string) => void,
): void {
  if (Array.isArray(value)) value.forEach((item) => visit(item, itemOf(at), change));
  else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) {
      const property = propertyOf(at, name);
      const format = property?.schema.format;
      if (format !== undefined && format in ranges) change(value, name, format);
      else if (property) visit(child, property, change);
    }
  }
}
