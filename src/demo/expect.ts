import type { ReconcileResult } from '../operations.ts';
import type { Reply } from './http.ts';
import { notAsTold } from './not-as-told.ts';
import type { Tampered } from './tamper.ts';

/** The demonstration stops where a step does not go as told, and says what the gateway answered. */
export function expectStatus({ status, resource }: Reply, wanted: number, what: string): void {
  if (status === wanted) return;
  const issues = (resource['issue'] ?? []) as { details?: { text?: string }; expression?: string[] }[];
  const texts = issues.map(({ details, expression }) =>
    [expression?.[0], details?.text].filter(Boolean).join(' '),
  );
  throw notAsTold(`${what} : ${wanted} attendu, ${status} reçu. ${texts.join(' ')}`);
}

/** Figures are read at the hospitals; what reconciliation itself reports must be that one change and nothing else. */
export function expectOnly({ drift }: ReconcileResult, { hospital, type, id }: Tampered): void {
  const [first, ...others] = drift;
  const same = first?.server === hospital && first.type === type && first.localId === id;
  if (!same || others.length > 0)
    throw notAsTold(
      `rapprochement : ${type}/${id} à ${hospital} attendu, ${drift.length} écart(s) signalé(s).`,
    );
}

/** Nothing is left: no difference, and no accepted item without its receipt. */
export function expectClean({ drift, clinical, servers }: ReconcileResult): void {
  const unasked = servers.filter(({ error }) => error !== undefined).length;
  if (drift.length + clinical.length + unasked > 0)
    throw notAsTold(
      `rapprochement : rien attendu, ${drift.length} écart(s), ${clinical.length} envoi(s) sans accusé, ` +
        `${unasked} serveur(s) muet(s).`,
    );
}
