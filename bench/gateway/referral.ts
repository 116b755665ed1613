import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayStage } from './stage.ts';

const referral = readFileSync(join(import.meta.dirname, '../../examples/referrals/coreso.json'));

/**
 * Posts the example referral; answers the milliseconds until the whole answer is there. Nothing is published at a fresh
 * gateway, so it is refused for its unknown pathway, which is said only after the content was judged.
 */
export async function postReferral({ address, placer }: GatewayStage): Promise<number> {
  const start = performance.now();
  const response = await fetch(`${address}/fhir`, {
    method: 'POST',
    body: referral,
    headers: { 'content-type': 'application/fhir+json', authorization: `Basic ${btoa(placer)}` },
  });
  const text = await response.text();
  if (response.status !== 422 || !text.includes('Parcours connus : aucun'))
    throw new Error(`unexpected answer ${response.status}: ${text.slice(0, 500)}`);
  return performance.now() - start;
}
