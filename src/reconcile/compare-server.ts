/** Deployed against actual at one server: a list of versions as a hint, content as the proof. */
import { actualForm, bodyForm } from '../change/links.ts';
import { readableChanges } from '../change/readable.ts';
import type { Addresses } from '../delivery/addresses.ts';
import { isGatewayError } from '../fhir/error.ts';
import { managedByTag } from '../fhir/names.ts';
import { contentHash } from '../fhir/normal.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Drift } from '../operations.ts';
import type { FhirServer, ReadResult } from '../server/types.ts';
import type { Difference, Held } from './types.ts';

export type Comparison = {
  differences: Difference[];
  /** Same content under another version or date: what is known of them is out of date, nothing more. */
  renewed: { held: Held; versionId: string; lastUpdated: Date | null }[];
  /** How it was compared: `tag-list` or, where the server cannot list by tag, `read`. */
  method: string;
};

/** Reads what does not carry the version we know and compares its content. Throws the server's GatewayError. */
export async function compareServer(
  server: FhirServer,
  held: readonly Held[],
  addresses: Addresses,
): Promise<Comparison> {
  const versions = await versionsByTag(server, held);
  const doubtful = held.filter(({ reference }) => {
    const meta = versions?.get(`${reference.type}/${reference.localId}`);
    return meta?.versionId === undefined || !isAsKnown(reference, meta);
  });
  const results = await server.readMany(
    doubtful.map(({ reference }) => ({ type: reference.type, id: reference.localId })),
  );
  const comparison: Comparison = { differences: [], renewed: [], method: versions ? 'tag-list' : 'read' };
  for (const [index, result] of results.entries())
    judge(doubtful[index]!, result, server, addresses, comparison);
  return comparison;
}

/**
 * Version and date together name one writing: a hospital restored from a backup counts its versions on from there, and
 * can show other content under the number we know.
 */
function isAsKnown({ versionId, lastUpdated }: Held['reference'], meta: AnyResource['meta']): boolean {
  const since = meta?.lastUpdated === undefined ? null : Date.parse(meta.lastUpdated);
  return meta?.versionId === versionId && (lastUpdated === null || lastUpdated.getTime() === since);
}

/** Version and date of every resource that carries our tag, by `Type/id`; undefined where the server cannot list them. */
async function versionsByTag(
  server: FhirServer,
  held: readonly Held[],
): Promise<Map<string, AnyResource['meta']> | undefined> {
  const versions = new Map<string, AnyResource['meta']>();
  try {
    for (const type of new Set(held.map(({ reference }) => reference.type))) {
      const params = { _tag: `${managedByTag.system}|${managedByTag.code}`, _elements: 'id,meta' };
      for await (const { id, meta } of server.search(type, params)) versions.set(`${type}/${id}`, meta);
    }
    return versions;
  } catch (error) {
    if (isGatewayError(error) && (error.category === 'not-supported' || error.category === 'invalid'))
      return undefined;
    throw error;
  }
}

function judge(
  held: Held,
  result: ReadResult,
  server: FhirServer,
  addresses: Addresses,
  into: Comparison,
): void {
  const { deployed, reference } = held;
  const drift = (kind: Drift['kind'], fields: Drift['fields'] = []): Drift => ({
    ...{ server: server.id, type: deployed.type, key: deployed.key, localId: reference.localId },
    ...{ kind, fields, state: 'open' },
  });
  if (result.state !== 'found') {
    into.differences.push({ held, drift: drift(result.state), actual: undefined });
    return;
  }
  const form = actualForm(result.resource, server.base, (type, id) => addresses.keyOf(type, id));
  const hash = contentHash(form);
  const { resource, versionId } = result;
  if (hash !== deployed.hash) {
    const fields = readableChanges(bodyForm(deployed.body), form);
    into.differences.push({
      held,
      drift: drift('changed', fields),
      actual: { resource, versionId, hash, form },
    });
  } else if (versionId !== undefined && !isAsKnown(reference, { ...resource.meta, versionId })) {
    const since = new Date(resource.meta?.lastUpdated ?? Number.NaN);
    into.renewed.push({ held, versionId, lastUpdated: Number.isNaN(since.getTime()) ? null : since });
  }
}
