/** A held record as a FHIR R4 resource, made when somebody reads it. */
import { splitKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import { givenResource, type Referred } from './given-resource.ts';
import type { HeldRow } from './held-row.ts';
import { longKey } from './keys.ts';
import { mappedResource } from './mapped-resource.ts';
import { setStanding } from './standing.ts';

/**
 * The resource of a row, without logical id. References are conditional (`Type?identifier=system|value`); of `meta` only
 * profile and source. What is closed or vanished says so, whatever its source last said; a stub is its identifier alone.
 * `referred` knows references that no column of the row holds.
 */
export function resourceOf(row: HeldRow, referred?: Referred): AnyResource {
  return setStanding(bodyOf(row, referred), row);
}

function bodyOf(row: HeldRow, referred?: Referred): AnyResource {
  if (row.content === null) return stubOf(row);
  return row.form === 'fhir' || row.form === 'fhir-closed'
    ? givenResource(row, row.content, referred)
    : mappedResource(row, row.content);
}

/** Something refers to it, and no source ever showed it (P-4). */
function stubOf(row: HeldRow): AnyResource {
  return { resourceType: row.kind, identifier: [splitKey(longKey(row.key))] };
}
