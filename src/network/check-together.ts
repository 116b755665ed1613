import type { Issue } from '../fhir/issue.ts';
import { locate } from '../mapping/locate.ts';
import { quoted } from './fault.ts';
import type { Network } from './network.ts';

/** What is wrong between networks: an id is the key of a network on every server, so two files cannot share one. */
export function checkTogether(networks: readonly Network[]): Issue[] {
  const seen = new Map<string, Network>();
  return networks.flatMap((network): Issue[] => {
    if (network.id === '') return [];
    const first = seen.get(network.id);
    if (!first) {
      seen.set(network.id, network);
      return [];
    }
    const message = `L’id de réseau ${quoted(network.id)} est déjà celui de ${first.file}.`;
    return [
      { severity: 'error', code: 'duplicate', message, source: locate(network, '/id'), rule: 'network-id' },
    ];
  });
}
