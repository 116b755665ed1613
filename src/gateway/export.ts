import { GatewayError } from '../fhir/error.ts';
import { type ExportedList, exportList } from '../network/export-list.ts';
import { findKind } from '../network/find-kind.ts';
import { readNetwork } from '../network/read.ts';
import type { Knowledge } from './knowledge.ts';

/** A list of a network file. Throws `invalid` when the file cannot be read, `not-found` when it has no such list. */
export async function exportedList(
  file: string,
  wanted: { list?: string; at?: string },
  knowledge: Knowledge,
): Promise<ExportedList> {
  const kinds = await knowledge.kinds();
  const { network, issues } = await readNetwork(file, kinds);
  const found = network && findKind(network, kinds);
  const faults = [...issues, ...(found?.issues ?? [])].filter(({ severity }) => severity === 'error');
  if (!network || !found?.kind || faults.length > 0) {
    const message = 'Le fichier de réseau a des fautes : rien n’est exporté.';
    throw new GatewayError({ category: 'invalid', side: 'sender', message, issues: faults });
  }
  const exported = exportList(network.data, found.kind.shape, wanted);
  if ('refused' in exported)
    throw new GatewayError({ category: 'not-found', side: 'sender', message: exported.refused });
  return exported;
}
