/** JSON Schemas of primitive types: their published expressions (FHIR R4 §2.24.0.1) and what the text beside them asks. */
import type { Schema, StructureDefinition } from './definitions.ts';

const jsonTypes: Record<string, string> = {
  boolean: 'boolean',
  integer: 'integer',
  positiveInt: 'integer',
  unsignedInt: 'integer',
  decimal: 'number',
};

/** R4: a signed 32-bit integer. */
const greatest = 2 ** 31 - 1;

const bounds: Record<string, Schema> = {
  integer: { minimum: -greatest - 1, maximum: greatest },
  positiveInt: { minimum: 1, maximum: greatest },
  unsignedInt: { minimum: 0, maximum: greatest },
};

/** R4: strings are not longer than 1 MB. */
const longest = 1024 * 1024;

const leapYear = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const absent = `\\d{4}-(?:(?:0[2469]|11)-31|02-30)|(?!${leapYear})\\d{4}-02-29`;
const calendar: Schema = { pattern: `^(?!${absent})`, description: 'jour absent du calendrier' };

/** OIDs and UUIDs are URNs, and such URNs are well formed. */
const urn: Schema = {
  pattern: `^(?!oid:|uuid:|urn:oid:(?![012](?:\\.(?:0|[1-9]\\d*))+$)|urn:uuid:(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$))`,
  description: 'URN d’OID ou d’UUID mal formée',
};

/** What the published expressions leave to the text. */
const more: Record<string, Schema> = {
  date: calendar,
  dateTime: calendar,
  instant: calendar,
  uri: urn,
  canonical: {
    pattern: '^(?:#|[A-Za-z][A-Za-z0-9+.-]*:)',
    description: 'URL canonique absolue, ou fragment, attendue',
  },
  base64Binary: { base64: true, description: 'base64 mal formé' },
};

/** The schema of a primitive type. */
export function primitiveSchema(type: StructureDefinition): Schema {
  const jsonType = jsonTypes[type.id];
  if (jsonType) return { type: jsonType, ...bounds[type.id] };
  const pattern = patternOf(type);
  const mayBeEmpty = !pattern || new RegExp(pattern).test('');
  const added = more[type.id];
  return {
    type: 'string',
    ...(pattern ? { pattern } : {}),
    ...(mayBeEmpty ? { minLength: 1 } : {}),
    ...(type.id === 'string' || type.id === 'markdown' ? { maxLength: longest } : {}),
    ...(added ? { allOf: [added] } : {}),
  };
}

/** The published expression, but for base64, whose own backtracks catastrophically, and XHTML, which has a reader of its own. */
function patternOf(type: StructureDefinition): string | undefined {
  if (type.id === 'xhtml' || type.id === 'base64Binary') return undefined;
  const value = type.snapshot.element.find((element) => element.path.endsWith('.value'));
  const regex = value?.type?.[0]?.extension?.find(({ url }) => url.endsWith('/regex'))?.valueString;
  return regex && `^(${regex})$`;
}
