/** Between mapping and desired state: directory copies of networks put right by the held directory. */
import { closeNetwork } from '../directory/closure/close-network.ts';
import { closureDigests } from '../directory/closure/digests.ts';
import { readKnows } from '../directory/closure/read-knows.ts';
import { nameOf } from '../change/states.ts';
import { hasErrors, type Issue } from '../fhir/issue.ts';
import { referenceTo } from '../fhir/references.ts';
import { resolveBundle } from '../mapping/bundle.ts';
import type { MappedResource } from '../mapping/types.ts';
import type { MappedNetwork } from '../publish/types.ts';
import { directoryRules } from './directory-rules.ts';
import { basisWith } from './networks.ts';
import type { Parts } from './parts.ts';

type Loaded = { networks: MappedNetwork[]; issues: Issue[] };

export type Closure = {
  /** By network, what the directory says now of what is stored; empty without a directory. */
  digests: ReadonlyMap<string, string>;
  /** Networks that were mapped anew, with the directory's words in them. */
  close(loaded: Loaded): Promise<Loaded>;
};

type ClosureParts = Pick<Parts, 'store' | 'knowledge'> & { config: Pick<Parts['config'], 'tenant'> };

/** Looks at the directory once. Without any source everything stays as the networks say it. */
export async function openClosure({ store, knowledge, config: { tenant } }: ClosureParts): Promise<Closure> {
  if ((await store.directory.sources()).length === 0)
    return { digests: new Map(), close: (loaded) => Promise.resolve(loaded) };
  const digests = await closureDigests(store, tenant, await store.desired.copies(tenant));

  return {
    digests,
    async close({ networks, issues }) {
      const fresh = networks.filter(({ kept }) => kept === undefined);
      if (fresh.length === 0) return { networks, issues };
      const { copies, matching } = directoryRules(knowledge.folders.mappings);
      const knows = await readKnows(store, tenant, fresh, matching);
      const found: Issue[] = [];
      const closed = new Map<string, MappedResource[]>();
      for (const { id, resources } of fresh) {
        const said = closeNetwork(resources, knows.get(id)!, copies);
        closed.set(id, await onlyValid(knowledge, resources, said, found));
      }
      const keys = [...closed].flatMap(([networkId, resources]) =>
        resources.filter((one) => one.class === 'directory-copy').map(({ key }) => ({ networkId, key })),
      );
      const now = await closureDigests(store, tenant, keys);
      return {
        networks: networks.map((network) => {
          const resources = closed.get(network.id);
          if (!resources) return network;
          const basis =
            network.basis === undefined ? {} : { basis: basisWith(network.basis, now.get(network.id)) };
          return { ...network, resources, ...basis };
        }),
        issues: [...issues, ...found],
      };
    },
  };
}

/** What the directory's words would make invalid stays as the network says it, and is told (P-46). */
async function onlyValid(
  knowledge: Parts['knowledge'],
  before: readonly MappedResource[],
  after: readonly MappedResource[],
  issues: Issue[],
): Promise<MappedResource[]> {
  const untouched = new Set(before);
  const own = new Map(before.map((one) => [nameOf(one), one]));
  const validator = await knowledge.validator();
  const { entry } = resolveBundle(after);
  const left = new Set<string>();
  const kept = after.flatMap((one, index) => {
    const wrong = untouched.has(one) ? [] : validator.validate(entry[index]!.resource).filter(isError);
    if (wrong.length === 0) return [one];
    const said = own.get(nameOf(one));
    issues.push(refusal(one, wrong[0]!, said !== undefined));
    if (!said) left.add(referenceTo(one.type, one.key));
    return said ? [said] : [];
  });
  const pointsToLeft = ({ body }: MappedResource) =>
    left.has((body['partOf'] as { reference?: string } | undefined)?.reference ?? '');
  return left.size === 0
    ? kept
    : kept.map((one) => (pointsToLeft(one) ? (own.get(nameOf(one)) ?? one) : one));
}

function refusal({ type, key }: MappedResource, { expression = '', message }: Issue, known: boolean): Issue {
  return {
    ...{ severity: 'warning', code: 'invalid', rule: 'directory-copy' },
    message:
      `${type} ${key} : ce que dit l’annuaire n’est pas valide selon nos profils (${expression} ${message}) ; ` +
      (known ? 'le réseau fait foi.' : 'elle n’est pas publiée.'),
  };
}

function isError(issue: Issue): boolean {
  return hasErrors([issue]);
}
