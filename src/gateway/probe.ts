/** Asks servers what they are and remembers the answer; a server that does not answer never keeps the gateway from starting. */
import { isGatewayError, type Side } from '../fhir/error.ts';
import type { Json } from '../fhir/types.ts';
import { messageOf } from './message.ts';
import type { Parts } from './parts.ts';

/** `side` and `retryable` tell of a failure whose it is and whether waiting helps. */
export type Probed = { id: string; ok: boolean; message: string; side?: Side; retryable?: boolean };

const fault = { side: 'gateway', retryable: false } as const;

/** Probes the named servers, all at the same time. */
export async function probeServers(
  { servers, store, clock, log }: Pick<Parts, 'servers' | 'store' | 'clock' | 'log'>,
  ids: readonly string[],
): Promise<Probed[]> {
  return Promise.all(
    ids.map(async (id): Promise<Probed> => {
      const at = new Date(clock.now());
      try {
        const probe = await servers.get(id)!.probe();
        await store.probes.record({
          serverId: id,
          at,
          ok: true,
          capability: probe.capability as unknown as Json,
        });
        const ways = [probe.interactions.transaction && 'transactions', probe.interactions.batch && 'lots'];
        const message = `${probe.software}, FHIR ${probe.fhirVersion}, ${ways.filter(Boolean).join(' et ') || 'ni transaction ni lot'}`;
        return { id, ok: probe.interactions.transaction, message };
      } catch (error) {
        const message = messageOf(error);
        log.warn('gateway.server-unreachable', { server: id });
        await store.probes.record({ serverId: id, at, ok: false, message });
        const { side, retryable } = isGatewayError(error) ? error : fault;
        return { id, ok: false, message, side, retryable };
      }
    }),
  );
}
