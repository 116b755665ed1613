/** A hospital's FHIR server in memory behind the port `FhirServer`: versions, conditions, transactions, and every fault of a network. */
import type { AnyResource } from '../../src/fhir/types.ts';
import type { EntryReceipt, FhirServer, ReadResult, TransactionEntry } from '../../src/server/types.ts';
import type { Core } from './core.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** One version as it was written; `by` is a gateway's process or somebody at the hospital. */
export type Version = { resource: AnyResource & { id: string }; version: number; by: string; at: number };

/**
 * Probabilities a call. `refuse`: nothing happened; `lose`: done, the answer lost; `late`: the caller gave up, and it is
 * done some time after; `throttle`: asked to come back; `slow`: it takes seconds.
 */
export type Faults = { refuse: number; lose: number; late: number; throttle: number; slow: number };

export const noFaults: Faults = { refuse: 0, lose: 0, late: 0, throttle: 0, slow: 0 };

export type Hospital = {
  id: string;
  ids: 'client' | 'server';
  faults: Faults;
  /** Down: nothing gets through, for as long as it is true. */
  down: boolean;
  /** Versions of each resource, oldest first, by `Type/id`. */
  resources: Map<string, Version[]>;
  /** As one process sees it. */
  seenBy(caller: Process): FhirServer;
  /** Somebody at the hospital changes a resource. */
  edit(name: string, change: (resource: AnyResource) => AnyResource): void;
};

export function createHospital(
  id: string,
  ids: 'client' | 'server',
  scheduler: Scheduler,
  { GatewayError }: Pick<Core, 'GatewayError'>,
): Hospital {
  const resources = new Map<string, Version[]>();
  const { random } = scheduler;
  let created = 0;

  const failure = (
    category: 'unavailable' | 'unknown-outcome' | 'throttled' | 'conflict',
    retryAfterMs?: number,
  ) =>
    new GatewayError({
      ...{ category, side: 'server', message: category },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });

  const current = (name: string): Version | undefined => resources.get(name)?.at(-1);

  const write = (name: string, resource: AnyResource & { id: string }, by: string): Version => {
    const versions = resources.get(name) ?? [];
    const version: Version = { resource, version: versions.length + 1, by, at: scheduler.now() };
    resources.set(name, [...versions, version]);
    return version;
  };

  const shown = ({ resource, version, at }: Version): AnyResource & { id: string } => ({
    ...structuredClone(resource),
    meta: { ...resource.meta, versionId: String(version), lastUpdated: new Date(at).toISOString() },
  });

  const withIdentifier = (type: string, system: string, value: string): Version[] =>
    [...resources.values()]
      .map((versions) => versions.at(-1)!)
      .filter(({ resource }) => {
        const list = resource['identifier'] as { system: string; value: string }[] | undefined;
        return (
          resource.resourceType === type &&
          (list ?? []).some((one) => one.system === system && one.value === value)
        );
      });

  /** All or nothing: conditions are looked at before anything is written. */
  const perform = (entries: readonly TransactionEntry[], by: string): EntryReceipt[] => {
    const plans = entries.map((entry) => {
      if (entry.method === 'PUT') {
        const now = current(entry.url);
        if (entry.ifMatch !== undefined && String(now?.version) !== entry.ifMatch) throw failure('conflict');
        if (entry.ifNoneMatch && now) throw failure('conflict');
        return { entry, name: entry.url, status: now ? '200 OK' : '201 Created', met: undefined };
      }
      const [, system, value] =
        /^identifier=([^|]*)\|(.*)$/.exec(decodeURIComponent(entry.ifNoneExist ?? '')) ?? [];
      const [met, ...more] = system === undefined ? [] : withIdentifier(entry.url, system, value!);
      if (more.length > 0) throw failure('conflict');
      created += met ? 0 : 1;
      const name = met ? `${entry.url}/${met.resource.id}` : `${entry.url}/${id}-${created}`;
      return { entry, name, status: met ? '200 OK' : '201 Created', met };
    });
    const byUrn = new Map(plans.map(({ entry, name }) => [entry.fullUrl, name]));
    return plans.map(({ entry, name, status, met }) => {
      const [type, localId] = name.split('/') as [string, string];
      const linked = JSON.stringify(entry.resource).replace(/"(urn:uuid:[^"]+)"/g, (whole, urn: string) =>
        byUrn.has(urn) ? JSON.stringify(byUrn.get(urn)) : whole,
      );
      const resource = { ...(JSON.parse(linked) as AnyResource), id: localId };
      const version = met ?? write(name, resource, by);
      const { versionId, lastUpdated } = shown(version).meta!;
      return { type, localId, versionId, lastUpdated, status };
    });
  };

  /** One exchange over the network of this hospital. */
  const exchange = <T>(hospital: Hospital, caller: Process, work: () => T, isWrite: boolean): Promise<T> => {
    const { faults } = hospital;
    const delay = random.chance(faults.slow) ? 500 + random.below(8_000) : random.fraction() * 30;
    if (random.chance(faults.late) && isWrite) {
      scheduler.at(scheduler.now() + delay + 200 + random.below(3_000), () => {
        if (hospital.down) return;
        try {
          work();
        } catch {
          // nobody waits for this refusal any more
        }
      });
      return scheduler.call(caller, () => fail(failure('unknown-outcome')), { there: delay, back: 1 });
    }
    return scheduler.call(
      caller,
      () => {
        if (hospital.down || random.chance(faults.refuse)) throw failure('unavailable');
        if (random.chance(faults.throttle)) throw failure('throttled', 1_000 + random.below(5_000));
        const result = work();
        if (random.chance(faults.lose)) throw failure(isWrite ? 'unknown-outcome' : 'unavailable');
        return result;
      },
      { there: delay, back: random.fraction() * 20 },
    );
  };

  const readOne = (name: string): ReadResult => {
    const version = current(name);
    return version
      ? { state: 'found', resource: shown(version), versionId: String(version.version) }
      : { state: 'missing' };
  };

  const hospital: Hospital = {
    ...{ id, ids, resources, faults: { ...noFaults }, down: false },
    edit(name, change) {
      const version = current(name);
      if (version)
        write(name, { ...change(structuredClone(version.resource)), id: version.resource.id }, 'hospital');
    },
    seenBy: (caller) => {
      const once = <T>(work: () => T, isWrite = false): Promise<T> =>
        exchange(hospital, caller, work, isWrite);
      return {
        ...{ id, base: `http://${id}.example/fhir` },
        probe: () => Promise.reject(new Error('not asked here')),
        read: (type, localId) => once(() => readOne(`${type}/${localId}`)),
        readMany: (wanted) =>
          wanted.length === 0
            ? Promise.resolve([])
            : once(() => wanted.map(({ type, id: localId }) => readOne(`${type}/${localId}`))),
        readEach: () => Promise.reject(new Error('not asked here')),
        async *search(type, params) {
          const tokens = String(params['identifier']).split(',');
          yield* await once(() =>
            tokens.flatMap((token) => {
              const bar = token.indexOf('|');
              return withIdentifier(type, token.slice(0, bar), token.slice(bar + 1)).map(shown);
            }),
          );
        },
        transaction: (entries) => once(() => perform(structuredClone(entries), caller.name), true),
        writeAlone: (entry) => once(() => perform(structuredClone([entry]), caller.name)[0]!, true),
        update: () => Promise.reject(new Error('not asked here')),
        binary: () => Promise.reject(new Error('not asked here')),
        close: () => Promise.resolve(),
      };
    },
  };
  return hospital;
}

function fail(error: Error): never {
  throw error;
}
