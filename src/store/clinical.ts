/** What `/fhir` serves: every version of what hospitals sent and of what the gateway made of it. */
import { sql } from 'kysely';
import { GatewayError } from '../fhir/error.ts';
import { splitKey } from '../fhir/key.ts';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import { keptLater } from './gathered.ts';
import { kept } from './kept-statements.ts';
import type { Db } from './store.ts';

/** A resource as stored: with its id and the version the store gave it. */
export type StoredResource = AnyResource & { id: string; meta: { versionId: string; lastUpdated: string } };

export type ClinicalSearch = {
  type: string;
  identifier?: BusinessKey;
  /** Logical id of the Patient that `subject`, `for` or `patient` refers to. */
  patient?: string;
  status?: string;
  /** Only what changed at or after this instant (`_lastUpdated=ge`). */
  since?: Date;
  limit?: number;
  offset?: number;
};

/** As indexed (`clinical_patient`): a resource has one of the three. */
const patientReference = sql<string>`coalesce(body #>> '{subject,reference}', body #>> '{for,reference}', body #>> '{patient,reference}')`;

export type ClinicalRepository = ReturnType<typeof clinicalRepository>;

/** Clinical resources on the pool or in a transaction. */
export function clinicalRepository(db: Db) {
  const rows = (tenant: string, type: string, id: string) =>
    db
      .selectFrom('clinical_version')
      .where('tenant', '=', tenant)
      .where('type', '=', type)
      .where('id', '=', id);

  return {
    /**
     * Stores the next version and answers it. `expected` is the version that must be the current one (If-Match);
     * another one is a `conflict`. Call it inside a transaction: the lock it takes lasts as long.
     */
    async put(
      tenant: string,
      resource: AnyResource & { id: string },
      at: Date,
      expected?: number,
    ): Promise<StoredResource> {
      const { resourceType: type, id } = resource;
      await sql`${keptLater}select pg_advisory_xact_lock(hashtextextended(${`${tenant}/${type}/${id}`}, 0))`.execute(
        db,
      );
      const current = await rows(tenant, type, id)
        .where('current', '=', true)
        .select('version')
        .modifyEnd(kept)
        .executeTakeFirst();
      if (expected !== undefined && current?.version !== expected) throw staleVersion();
      const version = (current?.version ?? 0) + 1;
      const body = stamped(resource, version, at);
      await db
        .updateTable('clinical_version')
        .set({ current: false })
        .where('tenant', '=', tenant)
        .where('type', '=', type)
        .where('id', '=', id)
        .where('current', '=', true)
        .modifyEnd(keptLater)
        .execute();
      await db
        .insertInto('clinical_version')
        .values({ tenant, type, id, version, last_updated: at, body: JSON.stringify(body), current: true })
        .modifyEnd(keptLater)
        .execute();
      return body;
    },

    /** Stores the first versions of resources whose ids were just drawn; an id that is taken fails the transaction. */
    async create(
      tenant: string,
      resources: readonly (AnyResource & { id: string })[],
      at: Date,
    ): Promise<StoredResource[]> {
      const stored = resources.map((resource) => stamped(resource, 1, at));
      const bodies = JSON.stringify(stored);
      await sql`${keptLater}
        insert into clinical_version (tenant, type, id, version, last_updated, body, current)
        select ${tenant}, body ->> 'resourceType', body ->> 'id', 1, ${at}, body, true
        from jsonb_array_elements(${bodies}::jsonb) body`.execute(db);
      return stored;
    },

    /** The current version, or a given one. */
    async get(
      tenant: string,
      type: string,
      id: string,
      version?: number,
    ): Promise<StoredResource | undefined> {
      const query = rows(tenant, type, id).select('body');
      const row = await (
        version === undefined ? query.where('current', '=', true) : query.where('version', '=', version)
      )
        .modifyEnd(kept)
        .executeTakeFirst();
      return row?.body as StoredResource | undefined;
    },

    /** Current versions of a type that refer to a patient, oldest change first. */
    async ofPatient(
      tenant: string,
      type: string,
      patientId: string,
      limit: number,
    ): Promise<StoredResource[]> {
      const { rows: found } = await sql<{ body: StoredResource }>`${kept}
        select body from clinical_version
        where tenant = ${tenant} and type = ${type} and current and ${patientReference} = ${`Patient/${patientId}`}
        order by last_updated, id limit ${limit}`.execute(db);
      return found.map((row) => row.body);
    },

    /** All versions, newest first. */
    async history(tenant: string, type: string, id: string): Promise<StoredResource[]> {
      const found = await rows(tenant, type, id).select('body').orderBy('version', 'desc').execute();
      return found.map((row) => row.body as StoredResource);
    },

    /** Current versions that match every given criterion, oldest change first, and how many there are in all. */
    async search(
      tenant: string,
      criteria: ClinicalSearch,
    ): Promise<{ total: number; resources: StoredResource[] }> {
      let query = db
        .selectFrom('clinical_version')
        .where('tenant', '=', tenant)
        .where('type', '=', criteria.type)
        .where('current', '=', true);
      if (criteria.identifier) {
        const wanted = JSON.stringify([splitKey(criteria.identifier)]);
        query = query.where(sql<boolean>`body -> 'identifier' @> ${wanted}::jsonb`);
      }
      if (criteria.patient) {
        const patient = `Patient/${criteria.patient}`;
        query = query.where(sql<boolean>`${patientReference} = ${patient}`);
      }
      if (criteria.status) query = query.where(sql<boolean>`body ->> 'status' = ${criteria.status}`);
      if (criteria.since) query = query.where('last_updated', '>=', criteria.since);
      const { total } = await query
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const found = await query
        .select('body')
        .orderBy('last_updated')
        .orderBy('id')
        .limit(criteria.limit ?? 50)
        .offset(criteria.offset ?? 0)
        .execute();
      return { total, resources: found.map((row) => row.body as StoredResource) };
    },
  };
}

function stamped(resource: AnyResource & { id: string }, version: number, at: Date): StoredResource {
  const meta = { ...resource.meta, versionId: String(version), lastUpdated: at.toISOString() };
  const { resourceType, id, meta: _meta, ...rest } = resource;
  return { resourceType, id, meta, ...rest };
}

function staleVersion(): GatewayError {
  return new GatewayError({
    category: 'conflict',
    side: 'sender',
    message: 'La ressource a changé entre-temps : relisez-la avant de la modifier.',
  });
}
