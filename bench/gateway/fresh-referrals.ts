/** Referrals that differ in what identifies them, made fast enough to load a gateway with them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { syntheticIdentifiers } from '../../test/synthetic.ts';

export type BenchReferral = { order: string; body: Buffer };

const example = readFileSync(join(import.meta.dirname, '../../examples/referrals/coreso.json'), 'utf8');
/** The example without its blanks, cut where a referral's own values stand. */
const pieces = JSON.stringify(JSON.parse(example)).split(
  /("CORESO-2026-0001"|"LETTRE-2026-0001"|"174129910000157"|"800012345"|coreso-le-vinatier)/,
);

/** Makes referrals of one run; `name` tells the run apart from others at the same database. */
export function referralSource(name: string): (network?: string) => BenchReferral {
  const identifiers = syntheticIdentifiers({ seed: Math.floor(Math.random() * 2 ** 31), volume: true });
  let number = 0;
  return (network = 'coreso-le-vinatier') => {
    const order = `BANC-${name}-${(number += 1)}`;
    const own: Record<string, string> = {
      '"CORESO-2026-0001"': `"${order}"`,
      '"LETTRE-2026-0001"': `"LETTRE-${order}"`,
      '"174129910000157"': `"${identifiers.insNir()}"`,
      '"800012345"': `"8-${order}"`,
      'coreso-le-vinatier': network,
    };
    return { order, body: Buffer.from(pieces.map((piece) => own[piece] ?? piece).join('')) };
  };
}
