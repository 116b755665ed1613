/** Who may read a document by itself (its author, its addressees), and the teams in whose frame a referral stands. */
import { sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Db } from './store.ts';

/** `who`: a business key, or `server|id` for whoever speaks for a hospital's server. */
export type Reader = { who: string; ground: 'author' | 'addressee' };

/** What networks say of a team or of a place in a network, by its key. */
export type FramePart = { key: BusinessKey; body: AnyResource };

export type ReadersRepository = ReturnType<typeof readersRepository>;

/** Readers, on the pool or in a transaction. */
export function readersRepository(db: Db) {
  const desired = (tenant: string, types: readonly string[]) =>
    db.selectFrom('desired').where('tenant', '=', tenant).where('type', 'in', types);

  return {
    async add(tenant: string, documentId: string, readers: readonly Reader[]): Promise<void> {
      if (readers.length === 0) return;
      await db
        .insertInto('document_reader')
        .values(readers.map((one) => ({ tenant, document_id: documentId, ...one })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async of(tenant: string, documentId: string): Promise<Reader[]> {
      return db
        .selectFrom('document_reader')
        .where('tenant', '=', tenant)
        .where('document_id', '=', documentId)
        .select(['who', 'ground'])
        .orderBy('ground')
        .orderBy('who')
        .execute();
    },

    /** Keys of CareTeams and PractitionerRoles whose people care for the patient of a referral. */
    async addFrames(tenant: string, referralId: string, teams: readonly BusinessKey[]): Promise<void> {
      if (teams.length === 0) return;
      await db
        .insertInto('referral_frame')
        .values(teams.map((team) => ({ tenant, referral_id: referralId, team })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async framesOf(tenant: string, referralId: string): Promise<BusinessKey[]> {
      const rows = await db
        .selectFrom('referral_frame')
        .where('tenant', '=', tenant)
        .where('referral_id', '=', referralId)
        .select('team')
        .orderBy('team')
        .execute();
      return rows.map(({ team }) => team);
    },

    /** The teams and places, as the networks say them now, that some referral stands in the frame of; or those named. */
    async frames(tenant: string, keys?: readonly BusinessKey[]): Promise<FramePart[]> {
      const wanted = keys
        ? sql<boolean>`key = any(${keys})`
        : sql<boolean>`exists (select from referral_frame f where f.tenant = ${tenant} and f.team = desired.key)`;
      const rows = await desired(tenant, ['CareTeam', 'PractitionerRole'])
        .where(wanted)
        .select(['key', 'body'])
        .execute();
      return rows.map(({ key, body }) => ({ key, body: body as AnyResource }));
    },

    /** Affiliations of establishments, named by `Organization?identifier=…`, to whatever network. */
    async affiliations(tenant: string, establishments: readonly string[]): Promise<AnyResource[]> {
      if (establishments.length === 0) return [];
      const rows = await desired(tenant, ['OrganizationAffiliation'])
        .where(sql<boolean>`body #>> '{participatingOrganization,reference}' = any(${[...establishments]})`)
        .select('body')
        .execute();
      return rows.map(({ body }) => body as AnyResource);
    },
  };
}
