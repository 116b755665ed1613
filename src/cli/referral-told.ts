import type { ReferralDetail, ReferralPerson, TimelineEntry } from '../referral-operations.ts';
import { table } from './output.ts';
import { french, moment } from './words.ts';

/** A receipt, or what still waits and why. */
type Delivery = {
  server: string;
  kind: string;
  type?: string;
  at?: string;
  state?: string;
  reason?: unknown;
};

/** What `referral show` prints, line by line. */
export function told({ id, network, state, clocks, timeline, people, deliveries }: ReferralDetail): string[] {
  const due = clocks.map(({ title, owner, dueAt, stoppedAt, late }) => [
    title,
    french(owner),
    `échéance ${moment(dueAt)}`,
    stoppedAt ? `arrêtée ${moment(stoppedAt)}${late ? ', en retard' : ''}` : late ? 'EN RETARD' : 'en cours',
  ]);
  const events = timeline.map((event) => [
    moment(event.at),
    french(event.kind),
    french(event.actor),
    detailOf(event),
  ]);
  const all = deliveries as Delivery[];
  const receipts = Map.groupBy(
    all.filter(({ at }) => at),
    ({ server, kind, at }) => [moment(at!), french(kind), server].join('\n'),
  );
  const received = [...receipts].map(([key, group]) => [
    ...key.split('\n'),
    `accusé : ${group.map(({ type }) => type).join(', ')}`,
  ]);
  const waiting = all
    .filter(({ at }) => !at)
    .map((one) => ['', french(one.kind), one.server, `${french(one.state ?? '')} : ${reasonOf(one)}`]);
  return [
    `${id}  ${network || '(réseau à choisir)'}  ${french(state)}`,
    ...table(events).map((row) => `  ${row}`),
    'Personnes :',
    ...table(people.map(rowOf)).map((row) => `  ${row}`),
    'Échéances :',
    ...table(due).map((row) => `  ${row}`),
    'Envois :',
    ...table([...received, ...waiting]).map((row) => `  ${row}`),
  ];
}

/** Somebody by role, name and identifiers; of a system its host is enough. */
function rowOf({ role, name, identifiers, at, state }: ReferralPerson): string[] {
  const keys = identifiers.map((key) => key.replace(/^https?:\/\/([^/|]+)[^|]*\|/, '$1 ').replace('|', ' '));
  return [moment(at), state ? `${role} (${french(state)})` : role, name, keys.join(', ')];
}

/** What an event is about, in a few words: its own names, never content. */
function detailOf({ detail }: TimelineEntry): string {
  const { from, to, order, step, server, kind, document, ...more } = (detail ?? {}) as Record<string, string>;
  const { protocol, version, mapping, rules, event, state, name, by, reason, said } = more;
  const parts = [
    order,
    protocol && `protocole ${protocol.split('/').at(-1)} (version ${version})`,
    mapping && `correspondances ${mapping}`,
    rules && `règles ${rules}`,
    kind && french(kind),
    event && french(event),
    state && french(state),
    name,
    from && to ? `${french(from)} → ${french(to)}` : to && `→ ${to}`,
    by && `par ${by}`,
    reason && `: ${reason}`,
    said && `: ${said}`,
    step,
    server && `→ ${server}`,
    document && `document ${document}`,
  ];
  return parts.filter(Boolean).join(' ');
}

function reasonOf({ reason }: Delivery): string {
  const { message, until } = (reason ?? {}) as { message?: string; until?: string };
  return `${message ?? 'pas encore tenté'}${until ? ` Prochain essai : ${moment(until)}.` : ''}`;
}
