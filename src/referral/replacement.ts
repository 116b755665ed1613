/** The order that takes up a proposal: the placer's refused one again, with what was proposed, replacing it (REF-04). */
import { keyOf, splitKey } from '../fhir/key.ts';
import type { AnyResource, Reference } from '../fhir/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral } from '../store/referrals.ts';
import type { Store } from '../store/store.ts';
import { gatherReferral, type Source } from './collect-bundle.ts';
import type { ReferralContext } from './context.ts';
import { partKey } from './names.ts';

type Entry = { resource: AnyResource };

/** A transaction as the placer could have posted it; the same for the same proposal. */
export async function replacementOf(
  { store, rules, ids }: ReferralContext,
  { tenant, id, taskId, orderKey }: Referral,
  proposal: AnyResource,
  by: Candidate,
): Promise<AnyResource> {
  const own = (await store.clinical.get(tenant, 'Task', taskId))!;
  const { output: _output, statusReason: _reason, businessStatus: _status, owner: _owner, ...task } = own;
  const placed = { ...task, ...renamed(id, 'task'), status: 'requested' } as AnyResource & { id: string };
  const bundle = await gatherReferral(keptSource(store, tenant), placed, rules.referral, ids);
  const entries = bundle['entry'] as Entry[];
  const order = entries.find(({ resource }) => resource.resourceType === 'ServiceRequest')!;
  const { instantiatesCanonical, occurrenceDateTime, occurrencePeriod, occurrenceTiming, ...before } =
    order.resource;
  const performer = (proposal['performer'] as Reference[] | undefined) ?? [by.performer];
  const { performer: _performer, ...change } = changes(proposal);
  const when = Object.keys(change).some((element) => element.startsWith('occurrence'))
    ? {}
    : { occurrenceDateTime, occurrencePeriod, occurrenceTiming };
  const canonical = (await isOfPathway(store, tenant, instantiatesCanonical, performer))
    ? { instantiatesCanonical }
    : {};
  const replaced = { type: 'ServiceRequest', identifier: splitKey(orderKey) };
  order.resource = JSON.parse(
    JSON.stringify({
      ...{
        ...before,
        ...when,
        ...canonical,
        ...change,
        ...renamed(id, 'order'),
        performer,
        status: 'active',
      },
      ...{ replaces: [replaced], authoredOn: proposal['authoredOn'] },
    }),
  ) as AnyResource;
  return bundle;

  function renamed(referralId: string, part: string): { identifier: object[] } {
    const type = { coding: [rules.referral.identifierTypes.placer] };
    return { identifier: [{ type, ...splitKey(partKey(referralId, `replacement/${part}`)) }] };
  }
}

const changing = /^(performer|occurrence[A-Z][A-Za-z]+|code|orderDetail|reasonCode)$/;

function changes(proposal: AnyResource): { [element: string]: unknown } {
  return Object.fromEntries(Object.entries(proposal).filter(([element]) => changing.test(element)));
}

/** The pathway of the first order is kept while the performer is of its network. */
async function isOfPathway(
  { protocols }: Store,
  tenant: string,
  canonical: unknown,
  performers: readonly Reference[],
): Promise<boolean> {
  const [url] = (canonical ?? []) as string[];
  const protocol = url === undefined ? undefined : await protocols.byCanonical(tenant, url);
  const networks = performers.map(({ identifier }) => splitKey(keyOf(identifier) ?? '|').value.split('/')[0]);
  return protocol !== undefined && networks.every((network) => network === protocol.networkId);
}

/** What the gateway keeps of a referral, read as from a server. */
function keptSource({ clinical, documents }: Store, tenant: string): Source {
  return {
    base: '',
    async read(type, id) {
      const resource = await clinical.get(tenant, type, id);
      return resource ? { state: 'found', resource, versionId: undefined } : { state: 'missing' };
    },
    async *search(type, { patient }) {
      const id = String(patient).replace(/^Patient\//, '');
      yield* (await clinical.search(tenant, { type, patient: id, limit: 100 })).resources;
    },
    async binary(id) {
      return (await documents.bytes(tenant, id))!;
    },
  };
}
