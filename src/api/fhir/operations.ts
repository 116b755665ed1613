/** `$validate` (CORE-14) and `PlanDefinition/:id/$apply` (CORE-16). */
import { outcomeOf } from '../../fhir/outcome.ts';
import type { AnyResource, Parameters } from '../../fhir/types.ts';
import { receiveResource } from '../body/intake.ts';
import { malformed } from '../body/refusals.ts';
import { type FhirHandler, notFound } from './edge.ts';

/** 200 with an OperationOutcome whenever the validation ran, whatever it found. */
export const validateOperation: FhirHandler = async (edge, { request, row, query }) => {
  const { value } = await receiveResource(request, edge.limits);
  const { resource, profile } = unwrap(value);
  if (resource?.resourceType !== row.type)
    throw malformed(`La ressource à valider doit être de type ${row.type}.`);
  const asked = profile ?? query.get('profile');
  const issues = await edge.validate(resource, asked ? [asked] : []);
  return { status: 200, resource: outcomeOf(issues) as unknown as AnyResource };
};

/** The protocol the path names, applied to the subject by the room behind. */
export const applyOperation: FhirHandler = async (edge, { request, context, row, query }) => {
  const { id } = request.params as { id: string };
  const protocol = await edge.store.served.read({ tenant: context.caller.tenant }, row.source, row.type, id);
  const canonical = protocol?.body['url'];
  if (typeof canonical !== 'string') throw notFound();
  const parameters = request.method === 'POST' ? await receiveParameters() : undefined;
  const subject = query.get('subject') ?? stringOf(parameters, 'subject');
  return edge.exchange.apply(context, { planDefinition: canonical, subject, parameters });

  async function receiveParameters(): Promise<AnyResource> {
    const { value } = await receiveResource(request, edge.limits);
    if (value.resourceType !== 'Parameters')
      throw malformed('Le corps de $apply est une ressource Parameters.');
    return value;
  }
};

/** The resource itself, or the parts of a Parameters. */
function unwrap(body: AnyResource): { resource: AnyResource | undefined; profile: string | undefined } {
  if (body.resourceType !== 'Parameters') return { resource: body, profile: undefined };
  const part = partsOf(body).find(({ name }) => name === 'resource');
  return { resource: part?.resource as AnyResource | undefined, profile: stringOf(body, 'profile') };
}

function stringOf(parameters: AnyResource | undefined, name: string): string | undefined {
  const part = parameters && partsOf(parameters).find((candidate) => candidate.name === name);
  return part?.valueString ?? part?.valueUri ?? part?.valueCanonical ?? part?.valueReference?.reference;
}

function partsOf(parameters: AnyResource): NonNullable<Parameters['parameter']> {
  const list: unknown = parameters['parameter'];
  return Array.isArray(list) ? (list.filter(Boolean) as NonNullable<Parameters['parameter']>) : [];
}
