/** Records that a source gave as FHIR: their links take the place of references that only that server could resolve. */
import type { AnyResource, Identifier } from '../fhir/types.ts';
import { type HeldRow, linkOf } from './held-row.ts';

/** The conditional reference that a reference of a source stands for, as far as it is known. */
export type Referred = (reference: Reference, element: string) => string | undefined;

export type Reference = { reference?: string; identifier?: Identifier; display?: string; type?: string };

/** Elements that a row's links stand for, by type of resource: [element, type referred to, link]. */
const linked: Readonly<
  Record<string, readonly [string, string, 'practitioner' | 'organization' | 'part_of'][]>
> = {
  PractitionerRole: [
    ['practitioner', 'Practitioner', 'practitioner'],
    ['organization', 'Organization', 'organization'],
  ],
  Organization: [['partOf', 'Organization', 'part_of']],
  HealthcareService: [['providedBy', 'Organization', 'organization']],
  Device: [['owner', 'Organization', 'organization']],
  Endpoint: [['managingOrganization', 'Organization', 'organization']],
  Location: [
    ['managingOrganization', 'Organization', 'organization'],
    ['partOf', 'Location', 'part_of'],
  ],
  OrganizationAffiliation: [
    ['organization', 'Organization', 'organization'],
    ['participatingOrganization', 'Organization', 'part_of'],
  ],
};

/**
 * The resource of content `form: 'fhir'`. References to the source's own ids mean nothing elsewhere (P-22): the row's links
 * replace them; others become what `referred` makes of them, or keep their identifier and display only, or go.
 */
export function givenResource(row: HeldRow, content: string, referred?: Referred): AnyResource {
  const { id: _id, meta, ...given } = JSON.parse(content) as AnyResource;
  const resource = cleaned(given, '', referred) as AnyResource;
  for (const [element, type, link] of linked[row.kind] ?? []) {
    const reference = linkOf(type, row[link]);
    if (reference) resource[element] = { ...(resource[element] as Reference | undefined), reference };
  }
  return meta?.source ? { ...resource, meta: { source: meta.source } } : resource;
}

/** A copy without references that only the source's server could resolve; `undefined` where nothing is left. */
function cleaned(value: unknown, element: string, referred?: Referred): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => cleaned(item, element, referred)).filter((item) => item !== undefined);
    return items.length ? items : undefined;
  }
  if (typeof value !== 'object' || value === null) return value;
  const known = referred?.(value, element);
  const copy: Record<string, unknown> = known === undefined ? {} : { reference: known };
  for (const [name, child] of Object.entries(value)) {
    if (name === 'reference' && (known !== undefined || (typeof child === 'string' && isLocal(child))))
      continue;
    const inner = cleaned(child, name, referred);
    if (inner !== undefined) copy[name] = inner;
  }
  return Object.keys(copy).length || !Object.keys(value).length ? copy : undefined;
}

/** `Type/id` and `https://…/Type/id`; a contained (`#`), logical (`urn:`) or conditional reference stays. */
function isLocal(reference: string): boolean {
  return /^(https?:\/\/[^?#]+\/)?[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(\/_history\/.+)?$/.test(reference);
}
