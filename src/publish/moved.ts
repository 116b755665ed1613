import { GatewayError } from '../fhir/error.ts';

/** What was read no longer stands: nothing is written, and the command may be given again. */
export function moved(): GatewayError {
  return new GatewayError({
    category: 'conflict',
    side: 'gateway',
    message: 'Un autre passage a publié ces réseaux entre-temps : relancer la commande.',
  });
}
