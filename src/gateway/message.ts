import { isGatewayError } from '../fhir/error.ts';

/** The French message of anything thrown; what we did not foresee keeps its text for the log. */
export function messageOf(error: unknown): string {
  return isGatewayError(error) ? error.message : 'erreur interne : voir le journal';
}
