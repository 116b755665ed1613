/** Documents and letters as received, and their prints: bytes that never change (DOC-03), digests, where they were sent. */
import type { Selectable } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { Json } from '../fhir/types.ts';
import { keptLater } from './gathered.ts';
import { kept } from './kept-statements.ts';
import type { DocumentRow } from './schema-documents.ts';
import type { Db } from './store.ts';

/** `print` and `package`: the PDF and the XDM package made of a final document, whose id is in `detail.of`. */
export type DocumentStatus = 'letter' | 'preliminary' | 'final' | 'print' | 'package';

/** A document without its bytes. `sha1` and `sha256` are hexadecimal, of the bytes as received. */
export type DocumentRecord = {
  tenant: string;
  /** Also the id under which the bytes are read as Binary. */
  id: string;
  referralId: string;
  /** Bundle.identifier of a document; a key of ours for a letter or a print. */
  key: BusinessKey;
  status: DocumentStatus;
  contentType: string;
  size: number;
  sha1: string;
  sha256: string;
  detail: Json;
  createdAt: Date;
};

export type DocumentsRepository = ReturnType<typeof documentsRepository>;

const columns = [
  'tenant',
  'id',
  'referral_id',
  'key',
  'status',
  'content_type',
  'size',
  'sha1',
  'sha256',
  'detail',
  'created_at',
] as const;

/** Documents, on the pool or in a transaction. */
export function documentsRepository(db: Db) {
  const read = (tenant: string) => db.selectFrom('document').where('tenant', '=', tenant).select(columns);

  return {
    async insert(record: DocumentRecord, bytes: Buffer): Promise<void> {
      await db
        .insertInto('document')
        .values({
          tenant: record.tenant,
          id: record.id,
          referral_id: record.referralId,
          key: record.key,
          status: record.status,
          content_type: record.contentType,
          bytes,
          size: record.size,
          sha1: record.sha1,
          sha256: record.sha256,
          detail: JSON.stringify(record.detail),
          created_at: record.createdAt,
        })
        .modifyEnd(keptLater)
        .execute();
    },

    async get(tenant: string, id: string): Promise<DocumentRecord | undefined> {
      const row = await read(tenant).where('id', '=', id).executeTakeFirst();
      return row && recordOf(row);
    },

    async byKey(tenant: string, key: BusinessKey): Promise<DocumentRecord | undefined> {
      const row = await read(tenant).where('key', '=', key).executeTakeFirst();
      return row && recordOf(row);
    },

    /** Oldest first. */
    async ofReferral(tenant: string, referralId: string): Promise<DocumentRecord[]> {
      const rows = await read(tenant).where('referral_id', '=', referralId).orderBy('created_at').execute();
      return rows.map(recordOf);
    },

    /** How many outbox items of a kind still wait for their receipt, parked ones too. */
    async undelivered(tenant: string, referralId: string, kind: string): Promise<number> {
      const { count } = await db
        .selectFrom('outbox')
        .where('tenant', '=', tenant)
        .where('referral_id', '=', referralId)
        .where('kind', '=', kind)
        .where('state', 'in', ['queued', 'sending', 'parked'])
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return count;
    },

    /** The bytes as received, with their media type. */
    async bytes(tenant: string, id: string): Promise<{ contentType: string; bytes: Buffer } | undefined> {
      const row = await db
        .selectFrom('document')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .select(['content_type', 'bytes'])
        .modifyEnd(kept)
        .executeTakeFirst();
      return row && { contentType: row.content_type, bytes: row.bytes };
    },
  };
}

type Row = Omit<Selectable<DocumentRow>, 'bytes'>;

function recordOf(row: Row): DocumentRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    referralId: row.referral_id,
    key: row.key,
    status: row.status as DocumentStatus,
    contentType: row.content_type,
    size: row.size,
    sha1: row.sha1,
    sha256: row.sha256,
    detail: row.detail,
    createdAt: row.created_at,
  };
}
