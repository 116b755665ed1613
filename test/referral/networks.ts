/** Two more networks with a pathway each, whose territories overlap: communes of one, départements of the other. */
import { readFileSync } from 'node:fs';
import { contentHash } from '../../src/fhir/normal.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { type Story, tenant } from './story.ts';

/** Published beside Coreso; the town server is home to both. */
export async function publishNetworks({ database: { store }, context }: Story): Promise<void> {
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
  const town = context.servers.find(({ id }) => id === 'ville')!;
  town.homeOf.push(
    ...['somatique-nord', 'somatique-sud'].map((id) => `https://passerelle.example/fhir/network|${id}`),
  );
}
