/** Result sets being paged through: kept for a while as real servers do, so pages do not shift under writes. */
import { Refusal } from './answer.ts';
import type { Version } from './memory.ts';

export type ResultSet = {
  kind: 'searchset' | 'history';
  versions: readonly Version[];
  /** Address of the request, for the self link. */
  self: string;
  pageSize: number;
  /** Top-level elements to keep; undefined: all. */
  elements: readonly string[] | undefined;
};

export type Pages = {
  /** Keeps a result set; gives the token that next links carry. */
  keep(set: ResultSet): string;
  /** The set of a token; 410 when it was given up. */
  take(token: string): ResultSet;
};

/** Result sets kept at most; the oldest goes first. */
const mostSets = 200;

export function createPages(newToken: () => string): Pages {
  const sets = new Map<string, ResultSet>();
  return {
    keep(set) {
      const token = newToken();
      sets.set(token, set);
      const [oldest] = sets.keys();
      if (sets.size > mostSets && oldest !== undefined) sets.delete(oldest);
      return token;
    },
    take(token) {
      const set = sets.get(token);
      if (!set) throw new Refusal(410, 'not-found', 'This page has expired: search again');
      return set;
    },
  };
}
