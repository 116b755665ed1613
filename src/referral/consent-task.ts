/** The work item of a person when a consent ends after something left: what was given to whom. One a referral. */
import { dayOf } from '../fhir/zone.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { ReferralContext } from './context.ts';
import type { Transmitted } from './transmitted.ts';
import { workItem, workItemOf } from './work-item.ts';

const part = 'consent-review';

/** Opens it with what the patient no longer agrees to, or completes it when nothing of that is left. Hold the lock. */
export async function consentTask(
  tx: Repositories,
  { ids, clock, rules }: Pick<ReferralContext, 'ids' | 'clock' | 'rules'>,
  referral: Referral,
  uncovered: readonly Transmitted[],
): Promise<void> {
  const { tenant, id } = referral;
  const before = await workItemOf(tx, referral, part);
  if (uncovered.length === 0 && (!before || before['status'] === 'completed')) return;
  const now = new Date(clock.now());
  const description = uncovered.length
    ? alreadyGiven(uncovered, now, rules.clocks.zone)
    : before!['description'];
  const of = { purpose: 'consentTask', part, id: before?.id ?? ids.uuid(), before, now } as const;
  const task = workItem(referral, rules, of, {
    status: uncovered.length ? 'requested' : 'completed',
    description,
    owner: { display: 'Coordination' },
  });
  await tx.clinical.put(tenant, task, now);
  await tx.referrals.addEvent(tenant, id, {
    ...{ at: now, kind: uncovered.length ? 'consent-narrowed' : 'consent-covers-again', actor: 'gateway' },
    detail: uncovered.length ? { said: String(description) } : {},
  });
}

/** In French, for whoever coordinates; names professionals and establishments, never the patient. */
function alreadyGiven(uncovered: readonly Transmitted[], now: Date, zone: string): string {
  const day = (at: Date): string => {
    const { year, month, day: number } = dayOf(at.getTime(), zone);
    return [number, month, year].map((part) => String(part).padStart(2, '0')).join('/');
  };
  const lines = uncovered.map(
    ({ recipient, at, what }) => `${recipient.name}, le ${day(at)} : ${what.join(', ')}`,
  );
  return (
    `Le consentement du patient a changé le ${day(now)} et ne couvre plus ces destinataires. Plus rien ne part vers eux. ` +
    `Déjà transmis : ${lines.join(' ; ')}. Prévenez-les, et convenez avec le patient de la suite.`
  );
}
