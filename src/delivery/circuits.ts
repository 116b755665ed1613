import type { GatewayError } from '../fhir/error.ts';
import type { Policy } from './policy.ts';
import { reasonOf, type Reason } from './reason.ts';

/** Which servers may be sent to, as this gateway has seen them. */
export type Circuits = {
  /** How many items may be taken for the server now, at most `wanted`; while it is down, one probe each half minute. */
  slots(serverId: string, wanted: number, now: number): number;
  /** An attempt ended without a failure of the server; true when the server had been down. */
  answered(serverId: string): boolean;
  /** An item ended before its server was asked: if it was the probe, another may be. */
  unasked(serverId: string): void;
  /** An attempt met an unreachable or refusing server; true when the server counts as down since now. */
  failed(serverId: string, error: GatewayError, now: number): boolean;
  /** Servers that are down, each with the reason that waiting items show. */
  down(): { serverId: string; reason: Reason }[];
};

type Circuit = {
  failures: number;
  openUntil: number;
  /** What it was before the probe that is under way. */
  beforeProbe?: number;
  reason: Reason | undefined;
};

/** Failures that say something of the server and nothing of the item. */
const serverFailures = new Set(['unavailable', 'timeout', 'unknown-outcome', 'throttled']);

/** Is this a failure of the server as a whole? */
export function isServerFailure(error: GatewayError): boolean {
  return error.side === 'server' && serverFailures.has(error.category);
}

/** Circuits, all closed. A dead server costs one attempt each `probeEveryMs` and no other server anything (P17). */
export function createCircuits(policy: Policy): Circuits {
  const circuits = new Map<string, Circuit>();
  const of = (serverId: string): Circuit => {
    const known = circuits.get(serverId) ?? { failures: 0, openUntil: 0, reason: undefined };
    circuits.set(serverId, known);
    return known;
  };
  return {
    slots(serverId, wanted, now) {
      const circuit = of(serverId);
      if (circuit.reason === undefined || wanted <= 0) return wanted; // no place for a probe: it is not used up
      if (now < circuit.openUntil) return 0;
      circuit.beforeProbe = circuit.openUntil;
      circuit.openUntil = now + policy.probeEveryMs;
      return Math.min(1, wanted);
    },
    answered(serverId) {
      const was = of(serverId).reason !== undefined;
      circuits.delete(serverId);
      return was;
    },
    unasked(serverId) {
      const circuit = of(serverId);
      if (circuit.beforeProbe !== undefined) circuit.openUntil = circuit.beforeProbe;
    },
    failed(serverId, error, now) {
      const circuit = of(serverId);
      const first = circuit.reason === undefined;
      circuit.failures += 1;
      delete circuit.beforeProbe;
      // A server that says how long it wants to be left alone is left alone at once.
      if (error.retryAfterMs === undefined && circuit.failures < policy.failuresToOpen) return false;
      const pause = Math.min(error.retryAfterMs ?? policy.probeEveryMs, policy.retryAfterCapMs);
      circuit.openUntil = now + pause;
      circuit.reason = reasonOf(error, circuit.failures, new Date(circuit.openUntil));
      return first;
    },
    down: () => [...circuits].flatMap(([serverId, { reason }]) => (reason ? [{ serverId, reason }] : [])),
  };
}
