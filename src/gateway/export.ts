import { GatewayError } from '../fhir/error.ts';
import { chooseNetworks } from '../network/choose-network.ts';
import { type ExportedList, exportList, type WantedList } from '../network/export-list.ts';
import { findKind } from '../network/find-kind.ts';
import { readNetworks } from '../network/read.ts';
import type { Knowledge } from './knowledge.ts';

/**
 * A list of a network file, or of a table of networks: of the one asked for, or of all, each row naming its network.
 * Throws `invalid` when the file cannot be read, `not-found` when it has no such list or network.
 */
export async function exportedList(
  file: string,
  { network: id, ...wanted }: WantedList & { network?: string },
  knowledge: Knowledge,
): Promise<ExportedList> {
  const kinds = await knowledge.kinds();
  const { networks, issues } = await readNetworks(file, kinds);
  const found = networks.map((network) => findKind(network, kinds));
  const faults = [...issues, ...found.flatMap((one) => one.issues)].filter(
    ({ severity }) => severity === 'error',
  );
  const kind = found[0]?.kind;
  if (!kind || faults.length > 0) {
    const message = 'Le fichier de réseau a des fautes : rien n’est exporté.';
    throw new GatewayError({ category: 'invalid', side: 'sender', message, issues: faults });
  }
  const chosen = chooseNetworks(file, networks, id);
  const exported = exportList(chosen, kind.shape, wanted);
  if ('refused' in exported)
    throw new GatewayError({ category: 'not-found', side: 'sender', message: exported.refused });
  return exported;
}
