/** Assertions already used: each is taken once per issuer within its lifetime (SBS-04). */

export type SeenAssertions = {
  /** True for the first claim of (client, jti); `until` and `now` in seconds since the epoch. */
  claim(client: string, jti: string, until: number, now: number): Promise<boolean>;
};

/**
 * Remembers in memory, at most `capacity` live assertions; when full it claims nothing, so that pressure never opens
 * the door to a replay.
 */
export function rememberAssertions(capacity = 100_000): SeenAssertions {
  const expiries = new Map<string, number>();
  return {
    claim: async (client, jti, until, now) => {
      const key = JSON.stringify([client, jti]);
      const known = expiries.get(key);
      if (known !== undefined && known >= now) return false;
      if (expiries.size >= capacity) forgetExpired(expiries, now);
      if (expiries.size >= capacity) return false;
      expiries.set(key, until);
      return true;
    },
  };
}

function forgetExpired(expiries: Map<string, number>, now: number): void {
  for (const [key, until] of expiries) if (until < now) expiries.delete(key);
}
