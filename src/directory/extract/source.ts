import type { ByteLimits } from '../files/open-bytes.ts';
import type { DirectorySource } from '../types.ts';
import { readExtract } from './read-extract.ts';

export type ExtractOptions = {
  id: string;
  /** Absolute paths; `*` may stand in the last part. The newest by the date in its name is read. */
  files: readonly string[];
  /** Milliseconds since the epoch. */
  now: () => number;
  linesAPage?: number;
  recordsAPage?: number;
  limits?: ByteLimits;
};

/**
 * The national flat extract `PS_LibreAcces_Personne_activite` (text, zip or gzip). A line is a role; its person and its
 * structure are known from roles only. Bounded memory: some 80 bytes a role.
 */
export function createExtractSource(options: ExtractOptions): DirectorySource {
  return {
    id: options.id,
    kind: 'extract',
    modes: ['full'],
    derived: ['Practitioner', 'Organization'],
    readsAhead: true,
    read: (ask) => readExtract(options, ask),
  };
}
