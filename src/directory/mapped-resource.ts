/** Records that a file gave as cells, made resources by `mappings/directory/mapping.json`. */
import definition from '../../mappings/directory/mapping.json' with { type: 'json' };
import { splitKey } from '../fhir/key.ts';
import type { AnyResource, JsonObject } from '../fhir/types.ts';
import { compileMapping, type Mapping } from '../mapping/compile.ts';
import { mapRecord } from '../mapping/map-record.ts';
import { type HeldRow, linkOf } from './held-row.ts';
import { longKey } from './keys.ts';
import { unfold } from './unfold.ts';

const file = 'mappings/directory/mapping.json';
const positionOf = (): undefined => undefined;
let compiled: Mapping | undefined;
let codes: ReadonlySet<string> | undefined;

/**
 * The resource of a row of any form but `fhir`. Its profile is ours.
 * @throws Error for a form that this version does not know
 */
export function mappedResource(row: HeldRow, content: string): AnyResource {
  const { system, value } = splitKey(longKey(row.key));
  const data: JsonObject = {
    ...unfold(row.form, content, system),
    key: value,
    ...link('practitioner', linkOf('Practitioner', row.practitioner)),
    ...link('organization', linkOf('Organization', row.organization)),
    ...link('partOf', linkOf('Organization', row.part_of)),
  };
  const record = { file: row.form, kind: 'held', id: value, name: '', data, positionOf };
  const { resources } = mapRecord(mapping(), record, { at: '' });
  const body = resources[0]?.body;
  if (!body) throw new Error(`no resource for the form ${row.form}`);
  return { ...body, meta: { profile: body.meta?.profile ?? [] } };
}

/** Codes that the mapping writes by itself: no cell of a file holds them. */
export function writtenCodes(): ReadonlySet<string> {
  return (codes ??= new Set(codesIn(definition)));
}

function codesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) =>
    name === 'code' && typeof child === 'string' ? [child] : codesIn(child),
  );
}

function link(name: string, reference: string | undefined): JsonObject {
  return reference === undefined ? {} : { [name]: reference };
}

function mapping(): Mapping {
  if (compiled) return compiled;
  const document = { file, data: definition as unknown as JsonObject, positionOf };
  const { mapping: made, issues } = compileMapping(document, { codes: [], parts: [] });
  if (!made) throw new Error(issues.map(({ message }) => message).join(' '));
  return (compiled = made);
}
