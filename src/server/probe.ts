/** What a server says of itself (FHIR R4 §3.1.0.9, capabilities). */
import { GatewayError } from '../fhir/error.ts';
import type { CapabilityStatement } from '../fhir/types.ts';
import type { CalledServer } from './called-server.ts';
import type { Probe } from './types.ts';
import { wrongAnswer } from './wrong-answer.ts';

/** Reads `/metadata`; refuses every version of FHIR but 4.0.x, whose resources would be misread. */
export async function probe({ id, call }: CalledServer): Promise<Probe> {
  const { body } = await call({ method: 'GET', path: 'metadata', effect: 'read' });
  if (body['resourceType'] !== 'CapabilityStatement') {
    throw wrongAnswer(id, '« /metadata » ne rend pas de CapabilityStatement');
  }
  const capability = body as unknown as CapabilityStatement;
  const fhirVersion = String(capability.fhirVersion);
  if (!/^4\.0(\.\d+)?$/.test(fhirVersion)) {
    throw new GatewayError({
      category: 'not-supported',
      side: 'server',
      message: `Serveur « ${id} » : il ne parle pas FHIR R4 (4.0.x), seule version prise en charge.`,
    });
  }
  const rest = capability.rest?.find(({ mode }) => mode === 'server');
  const interactions = new Set<string>((rest?.interaction ?? []).map(({ code }) => code));
  return {
    software: [capability.software?.name, capability.software?.version].filter(Boolean).join(' '),
    fhirVersion,
    types: (rest?.resource ?? []).map(({ type }) => type),
    // HAPI executes batches and lists only transactions.
    interactions: {
      transaction: interactions.has('transaction'),
      batch: interactions.has('batch') || interactions.has('transaction'),
    },
    capability,
  };
}
