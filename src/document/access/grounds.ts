/** On what ground somebody may read a document, and what keeps them from it. Pure. */
import { decide } from '../../consent/decide.ts';
import type { ConsentRules } from '../../consent/types.ts';
import { shareCoding } from '../../fhir/coding.ts';
import type { BusinessKey } from '../../fhir/key.ts';
import type { Coding, Consent } from '../../fhir/types.ts';
import type { Reader } from '../../store/readers.ts';
import type { DocumentStatus } from '../../store/documents.ts';
import type { Referral } from '../../store/referrals.ts';

export type Ground = 'author' | 'requester' | 'fulfiller' | 'addressee' | 'team';

/** Why not: no ground at all, content too sensitive for the ground, or what the patient agreed to. */
export type Withheld = 'no-ground' | 'sensitive' | 'consent';

export type Asking = {
  client: string;
  server: string | undefined;
  /** Whom it acts for. */
  keys: readonly BusinessKey[];
  /** Teams and places in which one of them is at this instant. */
  frames: readonly BusinessKey[];
};

export type Asked = {
  /** Absent: a resource that came with the referral. */
  status?: DocumentStatus;
  readers: readonly Reader[];
  frames: readonly BusinessKey[];
  placer: { client: string; server: string | null; keys: readonly BusinessKey[] };
  /** Who has the referral, if anybody. */
  fulfiller: { server: string | null; keys: readonly BusinessKey[] };
  types: readonly Coding[];
  consents: readonly Consent[];
  /** As `Consent.patient.reference` names the patient. */
  patient: string;
};

/** The first ground that holds; a preliminary document is its author's alone. */
export function groundOf(asking: Asking, asked: Asked): Ground | undefined {
  const { client, server, keys, frames } = asking;
  const { status, readers, placer, fulfiller } = asked;
  const isOne = (ground: Reader['ground']): boolean =>
    readers.some(
      (one) => one.ground === ground && (one.who === whoOfServer(server) || keys.includes(one.who)),
    );
  const isPlacer = placer.client === client || (server !== undefined && placer.server === server);
  if (isOne('author') || (isPlacer && (status === undefined || status === 'letter'))) return 'author';
  if (status === 'preliminary') return undefined;
  if (isPlacer) return 'requester';
  if (server !== undefined && fulfiller.server === server) return 'fulfiller';
  if (isOne('addressee')) return 'addressee';
  return asked.frames.some((frame) => frames.includes(frame)) ? 'team' : undefined;
}

/**
 * What keeps them from reading it now, if anything. Whoever wrote it may. The others ask the patient's consents again, as
 * when something leaves: inside the care team not having opposed is enough, except for sensitive content, which is for those
 * alone to whom it was addressed, under a consent that names it (CSP L.1110-4, L.1110-12).
 */
export function withheldFrom(
  asking: Asking,
  asked: Asked,
  rules: ConsentRules,
  now: Date,
): Withheld | undefined {
  const ground = groundOf(asking, asked);
  if (ground === undefined) return 'no-ground';
  if (ground === 'author') return undefined;
  const sensitive = isSensitive(asked.types, rules);
  if (ground === 'team' && sensitive) return 'sensitive';
  const { placer, fulfiller } = asked;
  const parties = { requester: placer.keys, fulfiller: fulfiller.keys, addressee: [], team: [] }[ground];
  const shared = asked.frames.filter((frame) => asking.frames.includes(frame));
  const recipient = {
    name: 'ce lecteur',
    keys: [...asking.keys, ...parties, ...(ground === 'team' ? shared : [])],
    careTeam: ground === 'team' || fulfiller.keys.some((key) => placer.keys.includes(key)),
  };
  const { consents, patient, types } = asked;
  const decision = decide({ consents, patient, recipient, rules, now, content: types });
  return decision.permit ? undefined : 'consent';
}

export function isSensitive(types: readonly Coding[], { sensitive }: ConsentRules): boolean {
  return sensitive.some((one) => shareCoding(one.types, types));
}

/** How whoever speaks for a server is named among the readers of a document. */
export function whoOfServer(server: string | undefined): string {
  return `server|${server ?? ''}`;
}

/** Only whoever has a referral sends its documents. */
export function authorOf({ fulfillerServer }: Pick<Referral, 'fulfillerServer'>): Reader {
  return { who: whoOfServer(fulfillerServer ?? undefined), ground: 'author' };
}
