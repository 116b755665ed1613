/** Figures of the demonstration, read back from the hospitals at its end: what they show, not what the code believes. */
import { createHash } from 'node:crypto';
import { networkSystem } from '../fhir/names.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Operations } from '../operations.ts';
import type { Caller } from './http.ts';
import { referralStatus, type Stage } from './story.ts';
import { isRestored, published, type Tampered } from './tamper.ts';

export type Summary = {
  networks: number;
  /** Distinct published resources, over both hospitals. */
  resources: number;
  /** Published resources at each hospital, added up. */
  applied: number;
  secondPlanChanges: number;
  referral: { status: string };
  /** Hospitals that hold the synthesis, byte for byte. */
  synthesis: { deliveries: number };
  drift: { found: number; repaired: number; afterRepair: number };
  /** What was tampered with, drawn by this seed. */
  tampered: Omit<Tampered, 'before'>;
  durationMs: number;
};

/** Every type that publication writes. */
const publishedTypes = [
  'Organization',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'HealthcareService',
  'CareTeam',
  'OrganizationAffiliation',
  'ActivityDefinition',
  'PlanDefinition',
  'Measure',
  'DocumentReference',
];

export type Told = {
  hospitals: Record<string, Caller>;
  stage: Stage;
  operations: Operations;
  tampered: Tampered;
  /** What the tampered resource looked like at the hospital before the repair: true when it really differed. */
  differed: boolean;
  startedAt: number;
};

/** Reads both hospitals and asks for one more plan and one more reconciliation. */
export async function summarise(told: Told): Promise<Summary> {
  const { hospitals, stage, operations, tampered } = told;
  const { before: _before, ...shown } = tampered;
  const held = await Promise.all(
    Object.values(hospitals).map((hospital) => published(hospital, publishedTypes)),
  );
  const plan = await operations.plan({ refresh: true });
  const after = await operations.reconcile({});
  const changes = plan.servers.flatMap(({ changes: all }) => all.filter(({ op }) => op !== 'unchanged'));
  const restored = await isRestored(hospitals[tampered.hospital]!, tampered);
  return {
    networks: networksAt(held),
    resources: new Set(held.flat().map(({ resourceType, id }) => `${resourceType}/${id}`)).size,
    applied: held.flat().length,
    secondPlanChanges: changes.length,
    referral: { status: await referralStatus(stage) },
    synthesis: { deliveries: await deliveries(Object.values(hospitals), stage.cast.synthesis) },
    drift: { found: told.differed ? 1 : 0, repaired: restored ? 1 : 0, afterRepair: after.drift.length },
    tampered: shown,
    durationMs: Math.round(performance.now() - told.startedAt),
  };
}

/** A network is one Organization under a key of ours without a path; it counts when every hospital shows it. */
function networksAt(held: readonly AnyResource[][]): number {
  const idsAt = (resources: readonly AnyResource[]): Set<string> =>
    new Set(
      resources
        .filter(({ resourceType }) => resourceType === 'Organization')
        .flatMap((one) => (one['identifier'] ?? []) as { system?: string; value?: string }[])
        .filter(({ system, value }) => system === networkSystem && value && !value.includes('/'))
        .map(({ value }) => value!),
    );
  const [first, ...others] = held.map(idsAt);
  return [...(first ?? [])].filter((id) => others.every((ids) => ids.has(id))).length;
}

/** Hospitals where a Binary behind a DocumentReference has exactly the bytes that were sent. */
async function deliveries(hospitals: readonly Caller[], sent: Buffer): Promise<number> {
  const wanted = sha256(sent);
  const found = await Promise.all(
    hospitals.map(async (hospital) => {
      const references = await hospital.all('DocumentReference?status=current');
      const urls = references.flatMap((one) =>
        (one['content'] as { attachment: { url?: string; contentType?: string } }[]).map(
          ({ attachment }) => attachment,
        ),
      );
      for (const { url, contentType } of urls) {
        if (url && contentType && sha256(await binaryBytes(hospital, url)) === wanted) return true;
      }
      return false;
    }),
  );
  return found.filter(Boolean).length;
}

/** The Binary as a resource, its data decoded: servers differ in when they send it raw. */
async function binaryBytes(hospital: Caller, url: string): Promise<Buffer> {
  const path = /Binary\/[^/?]+/.exec(url)?.[0];
  if (!path) return Buffer.alloc(0);
  const text = (await hospital.bytes(path, 'application/fhir+json')).toString('utf8');
  const { data, resourceType } = JSON.parse(text) as { data?: string; resourceType?: string };
  return resourceType === 'Binary' && data ? Buffer.from(data, 'base64') : Buffer.from(text);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
