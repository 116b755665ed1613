import type { SourceRecord } from '../mapping/types.ts';

/** A network as its file describes it, lists kept in CSV files included; not yet checked against its kind. */
export type Network = SourceRecord & {
  /** The YAML text as it was read. */
  text: string;
  /** SHA-256 (hex) of the content, CSV rows included, comments and layout not: equal hash, same network. */
  hash: string;
};
