/** A well-formed answer that is not what was asked for: the server breaks FHIR, and asking again will not help. */
import { GatewayError } from '../fhir/error.ts';

/** The error; `what` is French and holds no content of the answer. */
export function wrongAnswer(server: string, what: string): GatewayError {
  return new GatewayError({
    category: 'invalid',
    side: 'server',
    retryable: false,
    message: `Serveur « ${server} » : ${what} ; à corriger par l’hôpital.`,
  });
}
