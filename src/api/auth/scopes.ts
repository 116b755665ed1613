/** SMART system scopes, v1 (`system/Task.read`) and v2 (`system/Task.rs`), and what roles may be granted. */
import type { Role, Scope } from '../types.ts';

/** One letter of SMART v2: create, read, update, delete, search. */
export type Letter = 'c' | 'r' | 'u' | 'd' | 's';

const form = /^system\/(\*|[A-Z][A-Za-z]{1,63})\.(read|write|\*|[cruds]{1,5})$/;
const versionOne: Record<string, string> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** Most that each role may be granted; what it may do within is the table's to say. */
const ceilings: Record<Role, string> = { placer: 'cruds', fulfiller: 'cruds', reader: 'rs', admin: '' };

/** A scope taken apart; undefined for what is no SMART system scope. */
export function parseScope(scope: string): Scope | undefined {
  const match = form.exec(scope);
  if (!match) return undefined;
  const [, type, access] = match as unknown as [string, string, string];
  return { type, letters: versionOne[access] ?? access };
}

/** Every scope the roles allow: what a client with a password has. */
export function scopesOf(roles: readonly Role[]): Scope[] {
  const letters = lettersOf(roles);
  return letters ? [{ type: '*', letters }] : [];
}

/**
 * Scopes granted of those asked for, narrowed to the roles (SBS-05: granted may be narrower); a scope granted whole
 * keeps its spelling. Empty when nothing asked for may be had. `admin` grants what the role admin stands for.
 */
export function grantScopes(asked: string, roles: readonly Role[]): string[] {
  const ceiling = lettersOf(roles);
  return asked.split(' ').flatMap((text) => {
    if (text === adminScope) return roles.includes('admin') ? [adminScope] : [];
    const scope = parseScope(text);
    if (!scope) return [];
    const letters = [...scope.letters].filter((letter) => ceiling.includes(letter)).join('');
    if (!letters) return [];
    return letters === scope.letters ? [text] : [`system/${scope.type}.${letters}`];
  });
}

/** Scope of the admin endpoint: SMART has none for it. */
export const adminScope = 'passerelle/admin';

/** True when some scope covers the letter for the type. */
export function allows(scopes: readonly Scope[], type: string, letter: Letter): boolean {
  return scopes.some(
    (scope) => (scope.type === '*' || scope.type === type) && scope.letters.includes(letter),
  );
}

function lettersOf(roles: readonly Role[]): string {
  return [...'cruds'].filter((letter) => roles.some((role) => ceilings[role].includes(letter))).join('');
}
