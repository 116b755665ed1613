/** Tables of documents and of who may read them, as kysely sees them (schema.ts). */
import type { Json } from '../fhir/types.ts';
import type { At, JsonColumn } from './schema-columns.ts';

export type DocumentRow = {
  tenant: string;
  id: string;
  referral_id: string;
  key: string;
  status: string;
  content_type: string;
  bytes: Buffer;
  size: number;
  sha1: string;
  sha256: string;
  detail: JsonColumn<Json>;
  created_at: At;
};

export type DocumentReaderRow = {
  tenant: string;
  document_id: string;
  who: string;
  ground: 'author' | 'addressee';
};

export type ReferralFrameRow = { tenant: string; referral_id: string; team: string };
