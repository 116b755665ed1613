/** Findings between networks and the directory: listing what is kept of them, and letting one stand for a while. */
import { directoryPlace } from '../directory/findings/note-findings.ts';
import type { KeptFinding, TolerateArguments } from '../directory/told.ts';
import { longKey } from '../directory/keys.ts';
import { typedKeys } from '../directory/typed-key.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Operations } from '../operations.ts';
import type { Tolerance } from '../store/finding-tolerances.ts';
import type { StoredFinding } from '../store/findings.ts';
import type { Parts } from './parts.ts';
import { unknown } from './require.ts';

/** What note-findings.ts keeps in `detail`. */
type Detail = Pick<KeptFinding, 'message' | 'expression' | 'networks'> & {
  theme: { code: string };
  action: { code: string };
  errorValue?: string;
  proposedValue?: string;
};

/** `actor` is who lets a finding stand. */
export function findingOperations(
  { store, clock, config }: Parts,
  actor: string,
): Pick<Operations, 'directoryFindings' | 'directoryTolerate'> {
  const { tenant } = config;
  const today = (): string => new Date(clock.now()).toISOString().slice(0, 10);
  const kept = (state?: string): Promise<StoredFinding[]> =>
    store.findings.list(tenant, { serverId: directoryPlace, ...(state === undefined ? {} : { state }) });
  const told = async (findings: readonly StoredFinding[]): Promise<KeptFinding[]> => {
    const tolerances = await store.findingTolerances.inForce(tenant, directoryPlace, today());
    const byName = new Map(tolerances.map((one) => [nameOf(one), one]));
    return findings.map((one) => toldFinding(one, byName.get(nameOf(one))));
  };

  return {
    async directoryFindings({ state }) {
      await store.findingTolerances.settle(tenant, directoryPlace, today()); // a last day may have passed since the match
      const found = await kept(state);
      return told(state === undefined ? found.filter(isThere) : found);
    },

    async directoryTolerate(args) {
      const finding = theOne((await kept()).filter(isThere), args);
      const at = new Date(clock.now());
      if (args.undo) {
        if (!(await store.findingTolerances.undo(tenant, finding, at)))
          throw unknown('Cette anomalie n’est pas tolérée : rien à défaire.');
      } else {
        const { reason, until } = askedFor(args, today());
        const { serverId, type, key, kind } = finding;
        const tolerance: Tolerance = { serverId, type, key, kind, reason, until, actor, decidedAt: at };
        await store.transaction((tx) => tx.findingTolerances.tolerate(tenant, tolerance));
      }
      await store.findingTolerances.settle(tenant, directoryPlace, today());
      const again = (await kept()).filter((one) => nameOf(one) === nameOf(finding));
      return (await told(again))[0]!;
    },
  };
}

function nameOf({ type, key, kind }: Pick<StoredFinding, 'type' | 'key' | 'kind'>): string {
  return [type, key, kind].join(' ');
}

function isThere({ state }: StoredFinding): boolean {
  return state === 'open' || state === 'tolerated';
}

/** Throws `not-found` or, when the resource has several findings and none is named, `ambiguous`. */
function theOne(findings: readonly StoredFinding[], { key, kind }: TolerateArguments): StoredFinding {
  const keys = new Set([key, ...typedKeys(key).map(longKey)]);
  const mine = findings.filter((one) => keys.has(one.key) && (kind === undefined || one.kind === kind));
  if (mine.length === 0)
    throw unknown(
      'Aucune anomalie de ce genre sous ce numéro : « passerelle directory findings » les liste.',
    );
  if (mine.length === 1) return mine[0]!;
  throw new GatewayError({
    ...{ category: 'ambiguous', side: 'sender', retryable: false },
    message: `Plusieurs anomalies sous ce numéro, dire laquelle par --kind : ${mine.map((one) => one.kind).join(', ')}.`,
  });
}

/** A reason, and a day that has not passed. Throws `invalid`. */
function askedFor({ reason, until }: TolerateArguments, today: string): { reason: string; until: string } {
  const given = reason?.trim();
  if (given && until !== undefined && until >= today) return { reason: given, until };
  const what = !given ? 'une raison (--reason)' : 'une date de fin qui n’est pas passée (--until)';
  throw new GatewayError({
    ...{ category: 'invalid', side: 'sender', retryable: false },
    message: `Tolérer une anomalie demande ${what}.`,
  });
}

function toldFinding(one: StoredFinding, tolerance: Tolerance | undefined): KeptFinding {
  const { kind, type, key, severity, state, firstSeen, lastSeen } = one;
  const { message, expression, networks, theme, action, errorValue, proposedValue } = one.detail as Detail;
  return {
    ...{ kind, type, key, severity, state, message, expression, networks },
    ...{ theme: theme.code, action: action.code },
    ...(errorValue === undefined ? {} : { wrong: errorValue }),
    ...(proposedValue === undefined ? {} : { proposed: proposedValue }),
    ...{ firstSeen: firstSeen.toISOString(), lastSeen: lastSeen.toISOString() },
    ...(tolerance
      ? {
          tolerated: {
            ...{ until: tolerance.until, reason: tolerance.reason, actor: tolerance.actor },
            decidedAt: tolerance.decidedAt.toISOString(),
          },
        }
      : {}),
  };
}
