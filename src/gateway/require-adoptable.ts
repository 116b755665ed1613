import { GatewayError } from '../fhir/error.ts';
import { closest } from '../network/closest.ts';
import type { Plan } from '../operations.ts';
import { unaskedRule } from '../publish/lookups.ts';

/** More keys than that are not listed in a message. */
const maxListed = 10;

/**
 * Throws `not-found` for a key to adopt that the plan does not propose: a mistyped confirmation would pass for one. At a
 * server that could not be asked, whatever would be created may turn out to be there already.
 */
export function requireAdoptable({ servers }: Pick<Plan, 'servers'>, adopt: readonly string[] = []): void {
  const proposed = new Set<string>();
  const possible = new Set<string>();
  for (const { changes, issues } of servers) {
    const unasked = issues.some(({ rule }) => rule === unaskedRule);
    for (const { op, key } of changes) {
      if (op === 'adopt') proposed.add(key);
      if (op === 'adopt' || op === 'blocked' || unasked) possible.add(key);
    }
  }
  const wrong = adopt.find((key) => key !== '*' && !possible.has(key));
  if (wrong === undefined) return;
  const keys = [...proposed].sort();
  const near = closest(wrong, keys);
  const listed = keys.slice(0, maxListed).join(', ') + (keys.length > maxListed ? ', …' : '');
  throw new GatewayError({
    ...{ category: 'not-found', side: 'sender' },
    message:
      `Clé à adopter inconnue : « ${wrong} ».${near === undefined ? '' : ` Vouliez-vous dire « ${near} » ?`} ` +
      (keys.length ? `Proposées : ${listed}.` : 'Rien n’est à adopter.') +
      ' Rien n’est écrit.',
  });
}
