/** Two more networks with a pathway each, whose territories overlap: communes of one, départements of the other. */
import { readFileSync } from 'node:fs';
import { contentHash } from '../../src/fhir/normal.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { type Story, tenant } from './story.ts';

type Homes = { [network: string]: 'ville' | 'vinatier' };

/** Published beside Coreso; the town server is home to both, if nothing else is said. */
export async function publishNetworks(
  { database: { store }, context }: Story,
  homes: Homes = { 'somatique-nord': 'ville', 'somatique-sud': 'ville' },
): Promise<void> {
  const read = (name: string) =>
    JSON.parse(readFileSync(`test/fixtures/referral/${name}.json`, 'utf8')) as AnyResource[];
  const resources = [...read('coreso-protocol'), ...read('routing-networks')];
  await store.desired.replace(
    tenant,
    resources.map((body) => {
      const [{ system, value }] = body['identifier'] as [{ system: string; value: string }];
      return {
        ...{ networkId: value.split('/')[0]!, type: body.resourceType, key: `${system}|${value}` },
        ...{ class: 'owned' as const, hash: contentHash(body), body, origin: null },
      };
    }),
  );
  for (const [id, server] of Object.entries(homes))
    context.servers
      .find((one) => one.id === server)!
      .homeOf.push(`https://passerelle.example/fhir/network|${id}`);
}
