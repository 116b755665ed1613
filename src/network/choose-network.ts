import { GatewayError } from '../fhir/error.ts';
import { closest } from './closest.ts';
import { quoted } from './fault.ts';

const maxListed = 10;

/**
 * The networks of a file, or of a table the one that is asked for; with `one`, exactly one must be meant. Throws `not-found`
 * or `invalid`, naming those there are.
 */
export function chooseNetworks<T extends { id?: string | undefined }>(
  file: string,
  networks: readonly T[],
  id: string | undefined,
  { one = false }: { one?: boolean } = {},
): T[] {
  const ids = networks.flatMap((network) => (network.id ? [network.id] : []));
  const found = id === undefined ? [...networks] : networks.filter((network) => network.id === id);
  if (found.length > 0 && (!one || found.length === 1)) return found;
  const some = ids.slice(0, maxListed).join(', ') + (ids.length > maxListed ? ', …' : '');
  if (id === undefined)
    throw new GatewayError({
      ...{ category: 'invalid', side: 'sender' },
      message: ids.length
        ? `${file} décrit ${ids.length} réseaux : choisissez par --network (${some}).`
        : `${file} : aucun réseau.`,
    });
  const meant = closest(id, ids);
  const hint = meant ? `Vouliez-vous dire ${quoted(meant)} ?` : `Il y a : ${some}.`;
  const message = `${file} ne décrit pas le réseau ${quoted(id)}. ${hint}`;
  throw new GatewayError({ category: 'not-found', side: 'sender', message });
}
