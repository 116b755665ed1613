/** Looks for the patient's care circle where something is to be asked of it, and decides once what is asked (identity.md). */
import type { Clock } from '../../clock.ts';
import type { Effect, Prepare } from '../../delivery/types.ts';
import { GatewayError } from '../../fhir/error.ts';
import type { AnyResource } from '../../fhir/types.ts';
import type { FhirServer } from '../../server/types.ts';
import type { CircleAsk } from '../../store/circles.ts';
import type { ServerReference } from '../../store/references.ts';
import type { Store } from '../../store/store.ts';
import { partKey } from '../names.ts';
import type { ExchangeRules } from '../rules.ts';
import type { CircleDetail } from './ask-circle.ts';
import { circleEntries, circleKey } from './circle-entries.ts';
import { circlesOf, keysInCircle } from './find-circles.ts';

export type PrepareCircleParts = {
  store: Store;
  connect: (serverId: string) => FhirServer;
  rules: ExchangeRules;
  clock: Clock;
};

/**
 * A hook: what was found is recorded before anything is sent, so that a retry asks the same. A circle that is there becomes
 * known by our key and stays the hospital's.
 */
export function prepareCircle(parts: PrepareCircleParts): Prepare {
  const { store, rules } = parts;
  return async (item) => {
    const { tenant, referralId } = item;
    const { ask: n } = item.detail as CircleDetail;
    const ask = referralId === null ? undefined : await store.circles.get(tenant, referralId, n);
    if (!ask) return [];
    if (ask.state !== 'queued') return circleEntries(ask, rules.referral);
    const known = await store.references.find([tenant], ask.serverId, [
      partKey(ask.referralId, 'patient'),
      circleKey(ask.referralId),
    ]);
    const patient = known.find(({ type }) => type === 'Patient');
    if (!patient) return item.entries; // not there: sending them says so
    const before = known.find(({ type }) => type === 'CareTeam');
    const { decided, circle } = await decide(parts, ask, patient.localId, before);
    const isFirst = await store.transaction(async (tx) => {
      if (!(await tx.circles.decide(decided))) return false;
      if (circle) await tx.references.put([circle]);
      return true;
    });
    // a gateway that was paused since it looked takes what another decided meanwhile
    const kept = isFirst ? decided : await store.circles.get(tenant, ask.referralId, n);
    return kept ? circleEntries(kept, rules.referral) : [];
  };
}

type Decided = { decided: CircleAsk; circle?: ServerReference };

/** `before`: the circle that this referral proposed or asked of there. */
async function decide(
  { connect, rules, clock }: PrepareCircleParts,
  ask: CircleAsk,
  patientId: string,
  before: ServerReference | undefined,
): Promise<Decided> {
  const server = connect(ask.serverId);
  const now = new Date(clock.now());
  const circles = await circlesAt(server, patientId, rules, now);
  if (!circles) return { decided: { ...ask, state: 'unsupported' } };
  const [only, ...others] = circles;
  if (!only) return { decided: { ...ask, state: before ? 'declined' : 'proposed' } };
  if (others.length > 0) return { decided: { ...ask, state: 'several' } };
  const present = await keysInCircle(server, only, now);
  const members = ask.members.filter(({ keys }) => !keys.some((key) => present.has(key)));
  if (members.length === 0) return { decided: { ...ask, state: 'complete' } };
  const decided: CircleAsk = { ...ask, state: 'joining', members };
  if (before?.localId === only.id) return { decided };
  const { tenant, serverId, referralId } = ask;
  return {
    decided,
    circle: {
      ...{ tenant, serverId, type: 'CareTeam', key: circleKey(referralId), localId: only.id! },
      ...{ versionId: null, lastUpdated: null, ours: false },
    },
  };
}

/** Undefined where the server keeps no care teams. */
async function circlesAt(
  server: FhirServer,
  patientId: string,
  { referral }: ExchangeRules,
  now: Date,
): Promise<AnyResource[] | undefined> {
  try {
    return await circlesOf(server, patientId, referral.careCircle, now);
  } catch (error) {
    const keepsNone =
      error instanceof GatewayError && ['not-supported', 'not-found'].includes(error.category);
    if (keepsNone) return undefined;
    throw error;
  }
}

/** The ledger tells what was found, and asked, once it has arrived. */
export function circleEffect(clock: Clock): Effect {
  return async (tx, { tenant, referralId, serverId, detail }) => {
    if (referralId === null) return;
    await tx.referrals.hold(tenant, referralId);
    const ask = await tx.circles.get(tenant, referralId, (detail as CircleDetail).ask);
    if (!ask || ask.state === 'overtaken') return;
    await tx.referrals.addEvent(tenant, referralId, {
      ...{ at: new Date(clock.now()), kind: `circle-${ask.state}`, actor: 'gateway' },
      detail: { server: serverId, ask: ask.n, members: ask.members.length },
    });
  };
}
