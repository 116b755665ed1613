import { GatewayError } from '../fhir/error.ts';

/** What stops the demonstration, told as it is: its patients are synthetic, so the sentence can be shown. */
export function notAsTold(what: string): GatewayError {
  const message = `La démonstration s’arrête : ${what}`;
  return new GatewayError({ category: 'fault', side: 'gateway', message });
}
