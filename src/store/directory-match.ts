/** What persons decided about matches of network items to held records; nothing of it is ever deleted. */
import type { BusinessKey } from '../fhir/key.ts';
import type { Json } from '../fhir/types.ts';
import type { Db } from './store.ts';

/** A decision on a pair. `item` is the business key of the network's resource, `key` the short key of the record. */
export type MatchDecision = {
  networkId: string;
  item: BusinessKey;
  kind: string;
  key: string;
  decision: 'accepted' | 'refused';
  /** Version of the rules that had proposed the pair. */
  ruleVersion: string;
  actor: string;
  decidedAt: Date;
  undoneAt: Date | null;
  reasons: Json;
};

export type DirectoryMatchRepository = ReturnType<typeof directoryMatchRepository>;

/** Decisions, on the pool or in a transaction. */
export function directoryMatchRepository(db: Db) {
  const standing = (tenant: string, { networkId, item, kind, key }: PairOf) =>
    db
      .updateTable('directory_match')
      .where('tenant', '=', tenant)
      .where('network_id', '=', networkId)
      .where('item', '=', item)
      .where('kind', '=', kind)
      .where('key', '=', key)
      .where('undone_at', 'is', null);

  return {
    /** Keeps a decision; one that stood for the same pair is undone by it. */
    async decide(tenant: string, decision: Omit<MatchDecision, 'undoneAt'>): Promise<void> {
      const { networkId, item, kind, key, ruleVersion, actor, decidedAt, reasons } = decision;
      await standing(tenant, decision).set({ undone_at: decidedAt }).execute();
      await db
        .insertInto('directory_match')
        .values({
          ...{ tenant, network_id: networkId, item, kind, key, decision: decision.decision, actor },
          ...{ rule_version: ruleVersion, decided_at: decidedAt, reasons: JSON.stringify(reasons) },
        })
        .execute();
    },

    /** Takes back the decision on a pair; false when none stands. */
    async undo(tenant: string, pair: PairOf, at: Date): Promise<boolean> {
      const [{ numUpdatedRows } = { numUpdatedRows: 0n }] = await standing(tenant, pair)
        .set({ undone_at: at })
        .execute();
      return numUpdatedRows > 0n;
    },

    /** Decisions, oldest first; only those that stand unless `undone` ones are asked for as well. */
    async list(
      tenant: string,
      { networkId, undone = false }: { networkId?: string; undone?: boolean } = {},
    ): Promise<MatchDecision[]> {
      return db
        .selectFrom('directory_match')
        .where('tenant', '=', tenant)
        .$if(networkId !== undefined, (query) => query.where('network_id', '=', networkId!))
        .$if(!undone, (query) => query.where('undone_at', 'is', null))
        .select(['network_id as networkId', 'item', 'kind', 'key', 'decision', 'actor', 'reasons'])
        .select(['rule_version as ruleVersion', 'decided_at as decidedAt', 'undone_at as undoneAt'])
        .orderBy('decided_at')
        .execute();
    },
  };
}

type PairOf = Pick<MatchDecision, 'networkId' | 'item' | 'kind' | 'key'>;
