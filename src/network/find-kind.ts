import type { Issue } from '../fhir/issue.ts';
import { locate } from '../mapping/locate.ts';
import { closest } from './closest.ts';
import { fault, quoted } from './fault.ts';
import type { Kind } from './kind.ts';
import type { Network } from './network.ts';

/** The kind a network says it is, or why there is none. */
export function findKind(
  network: Network,
  kinds: ReadonlyMap<string, Kind>,
): { kind?: Kind; issues: Issue[] } {
  const kind = kinds.get(network.kind);
  if (kind) return { kind, issues: [] };
  const names = [...kinds.keys()];
  const known = `Types possibles : ${names.join(', ')}.`;
  if (network.kind === '') {
    return {
      issues: [
        fault(locate(network, '/kind'), 'required', `Il manque le champ « kind » (type de réseau). ${known}`),
      ],
    };
  }
  const meant = closest(network.kind, names);
  const hint = meant ? `Vouliez-vous dire ${quoted(meant)} ?` : known;
  const message = `Le type de réseau ${quoted(network.kind)} est inconnu. ${hint}`;
  return { issues: [fault(locate(network, '/kind'), 'value', message)] };
}
