import type { Settings } from './options.ts';

/**
 * Whether an address may be asked, and the key sent there: the base's own origin, or one that the configuration allows (P-6).
 * An address with a user in it is nobody's.
 */
export function isOurs(url: string, { base, origins }: Pick<Settings, 'base' | 'origins'>): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, username, password } = new URL(url);
  return username === '' && password === '' && (origin === new URL(base).origin || origins.has(origin));
}
