/** `$status` and `$events` of Subscriptions (Subscriptions R5 Backport for R4), by GET or by POST of Parameters. */
import type { Parameters } from '../../fhir/types.ts';
import { receiveResource } from '../body/intake.ts';
import { malformed } from '../body/refusals.ts';
import type { FhirEdge, FhirHandler, FhirRequest } from './edge.ts';

/** Of the subscription that the path names, or of the caller's own (`id`, `status` narrow it down). */
export const statusOperation: FhirHandler = async (edge, asked) => {
  const given = await parametersOf(edge, asked);
  const { id } = asked.request.params as { id?: string };
  const split = (name: string): string[] => given.getAll(name).flatMap((value) => value.split(','));
  return edge.exchange.subscriptions.status(asked.context, {
    ...(id === undefined ? { ids: split('id') } : { id }),
    statuses: split('status'),
  });
};

/** What a subscriber missed. */
export const eventsOperation: FhirHandler = async (edge, asked) => {
  const given = await parametersOf(edge, asked);
  const { id } = asked.request.params as { id: string };
  const [since, until, content] = ['eventsSinceNumber', 'eventsUntilNumber', 'content'].map(
    (name) => given.get(name) ?? undefined,
  );
  return edge.exchange.subscriptions.events(asked.context, {
    id,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(content === undefined ? {} : { content }),
  });
};

/** Those of the address, and of the body when there is one. */
async function parametersOf(edge: FhirEdge, { request, query }: FhirRequest): Promise<URLSearchParams> {
  if (request.method !== 'POST') return query;
  const { value } = await receiveResource(request, edge.limits);
  if (value.resourceType !== 'Parameters') throw malformed('Le corps est une ressource Parameters.');
  const all = new URLSearchParams(query);
  const list: unknown = value['parameter'];
  for (const part of (Array.isArray(list) ? list : []) as NonNullable<Parameters['parameter']>) {
    const text = part.valueString ?? part.valueId ?? part.valueCode;
    if (typeof text === 'string') all.append(part.name, text);
  }
  return all;
}
