/** The opaque `id` of a `_page` link: where a search goes on, sealed so that nobody builds one. */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** Place in a search. `offset` counts rows before the page; `after` is the index of the last of them, −1 at the start. */
export type Place = {
  search: number;
  offset: number;
  after: number;
  /** Where the page before began, for servers that repeat it. */
  previous?: number;
  /** The page before was repeated already. */
  repeated?: boolean;
};

export type Tokens = { seal(place: Place): string; open(token: string): Place | undefined };

/** The same seed and place give the same token. */
export function createTokens(seed: number): Tokens {
  const key = createHash('sha256').update(`page|${seed}`).digest();
  return {
    seal({ search, offset, after, previous, repeated }) {
      const text = JSON.stringify([search, offset, after, previous ?? null, repeated ? 1 : 0]);
      const iv = createHash('sha256').update(key).update(text).digest().subarray(0, 16);
      const cipher = createCipheriv('aes-256-ctr', key, iv);
      return Buffer.concat([iv, cipher.update(text.padEnd(64)), cipher.final()]).toString('base64url');
    },
    open(token) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length < 17 || bytes.length > 200) return undefined;
      const cipher = createDecipheriv('aes-256-ctr', key, bytes.subarray(0, 16));
      const text = Buffer.concat([cipher.update(bytes.subarray(16)), cipher.final()]).toString();
      try {
        const read: unknown = JSON.parse(text);
        if (!Array.isArray(read) || read.length !== 5) return undefined;
        const [search, offset, after, previous, repeated] = read as [
          number,
          number,
          number,
          number | null,
          0 | 1,
        ];
        return {
          ...{ search, offset, after },
          ...(previous === null ? {} : { previous }),
          ...(repeated ? { repeated: true } : {}),
        };
      } catch {
        return undefined;
      }
    },
  };
}
