import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allows, grantScopes, parseScope, scopesOf } from '../../src/api/auth/scopes.ts';
import type { Role, Scope } from '../../src/api/types.ts';

const roles = fc.subarray<Role>(['placer', 'fulfiller', 'reader', 'admin']);
const letters = ['c', 'r', 'u', 'd', 's'] as const;
const scope = fc
  .tuple(
    fc.constantFrom('*', 'Task', 'Patient'),
    fc.constantFrom('read', 'write', '*', 'rs', 'c', 'cruds', 'x', ''),
  )
  .map(([type, access]) => `system/${type}.${access}`);

describe('scopes', () => {
  it('are granted never wider than asked nor than the roles allow', () => {
    fc.assert(
      fc.property(
        fc.array(scope),
        roles,
        fc.constantFrom('Task', 'Patient', 'Consent'),
        (asked, held, type) => {
          const parsed = (texts: string[]): Scope[] => texts.flatMap((text) => parseScope(text) ?? []);
          const granted = parsed(grantScopes(asked.join(' '), held));
          for (const letter of letters) {
            const both = allows(parsed(asked), type, letter) && allows(scopesOf(held), type, letter);
            expect(allows(granted, type, letter)).toBe(both);
          }
        },
      ),
    );
  });

  it.each(['system/Task.read', 'system/Task.rs'])('mean the same in both versions of SMART: %s', (text) => {
    expect(parseScope(text)).toEqual({ type: 'Task', letters: 'rs' });
  });

  it.each([
    'patient/*.read',
    'user/Task.rs',
    'system/*',
    'system/task.rs',
    'system/Task.rx',
    ' system/*.rs',
    '',
  ])('are nothing to us in another form: %p', (text) => expect(parseScope(text)).toBeUndefined());
});
