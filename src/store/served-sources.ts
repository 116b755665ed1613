/** The sources of what `/fhir` serves, as one shape of rows, and who may see them. */
import { type RawBuilder, sql } from 'kysely';
import { subscriptionRows } from './subscriptions.ts';

/** Published: what the networks of the tenant say. Clinical: what was exchanged. A type has one source. */
export type ServedSource = 'published' | 'clinical' | 'subscription';

/**
 * Whose eyes: every row of the tenant, or, for a party to referrals, the clinical rows of the patients that were
 * referred by it or to it (as a client, or as the hospital whose server it speaks for). `client`: whose subscriptions; absent:
 * nobody's.
 */
export type Viewer = {
  tenant: string;
  client?: string;
  party?: {
    client: string;
    server: string | undefined;
    /** Further grounds to see a DocumentReference: as which reader it names them, or by teams they are in. */
    readers?: { who: readonly string[]; frames: readonly string[] };
  };
};

/** Columns of a source: `seq` orders the versions of one resource, `version` is its FHIR version id. */
export type SourceRow = {
  id: string;
  seq: number;
  version: string;
  last_updated: Date;
  body: Record<string, unknown>;
};

/** Rows of one type that the viewer may see; `versions` says whether superseded ones are among them. */
export function sourceOf(
  source: ServedSource,
  viewer: Viewer,
  type: string,
  versions: 'current' | 'all',
): RawBuilder<SourceRow> {
  if (source === 'subscription') return subscriptionsOf(viewer);
  return source === 'published' ? published(viewer.tenant, type) : clinical(viewer, type, versions);
}

/** Only the client's own, whatever its roles: an endpoint and what it is told of are nobody else's business. */
function subscriptionsOf({ tenant, client }: Viewer): RawBuilder<SourceRow> {
  return sql<SourceRow>`
    select r.id, r.version as seq, r.version::text as version, r."updatedAt" as last_updated,
      r.body || jsonb_strip_nulls(jsonb_build_object('status', r.status, 'error', r.error)) as body
    from (${subscriptionRows(sql`s.tenant = ${tenant} and s.client = ${client ?? null}`)}) r`;
}

/**
 * The id is `logicalId` of fhir/key.ts, computed where the rows are (a test holds the two together). What several
 * networks say of one establishment or professional is shown once. A version is named by its content and dated by the
 * publication that first said so; those of earlier releases by the file of their network.
 */
function published(tenant: string, type: string): RawBuilder<SourceRow> {
  return sql<SourceRow>`
    select distinct on (d.key)
      'pas-' || left(encode(sha256(convert_to(d.type || chr(10) || d.key, 'UTF8')), 'hex'), 32) as id,
      1 as seq, left(d.hash, 16) as version, coalesce(s.since, n.last_updated) as last_updated, d.body
    from desired d
    left join desired_since s on s.tenant = d.tenant and s.network_id = d.network_id and s.type = d.type
      and s.key = d.key and s.hash = d.hash
    join (select id, max(loaded_at) as last_updated from network where tenant = ${tenant} group by id) n
      on n.id = d.network_id
    where d.tenant = ${tenant} and d.type = ${type}
    order by d.key, d.network_id`;
}

function clinical(viewer: Viewer, type: string, versions: 'current' | 'all'): RawBuilder<SourceRow> {
  const currentOnly = versions === 'current' ? sql`and c.current` : sql``;
  return sql<SourceRow>`
    select c.id, c.version as seq, c.version::text as version, c.last_updated, c.body
    from clinical_version c
    where c.tenant = ${viewer.tenant} and c.type = ${type} ${currentOnly} ${visibleTo(viewer)}`;
}

function visibleTo({ tenant, party }: Viewer): RawBuilder<unknown> {
  if (!party) return sql``;
  const { client, server, readers } = party;
  const more = readers
    ? sql`
        or exists (select from referral_frame f
          where f.tenant = r.tenant and f.referral_id = r.id and f.team = any(${[...readers.frames]}))
        or exists (select from document_reader a
          where a.tenant = r.tenant and a.who = any(${[...readers.who]}) and a.document_id = coalesce(
            (select d.detail ->> 'of' from document d
              where d.tenant = r.tenant and d.id = c.body #>> '{identifier,0,value}'),
            c.body #>> '{identifier,0,value}'))`
    : sql``;
  return sql`and exists (
    select from referral r
    where r.tenant = ${tenant}
      and (r.placer_client = ${client} or ${server ?? null}::text in (r.placer_server, r.fulfiller_server) ${more})
      and (c.type = 'Patient' and c.id = r.patient_id
        or 'Patient/' || r.patient_id in
          (c.body #>> '{subject,reference}', c.body #>> '{for,reference}', c.body #>> '{patient,reference}')))`;
}
