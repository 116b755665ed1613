/** Why a body was not read. Each names the rule and its limit, and nothing of what was sent (CORE-10, P-47). */
import { type Category, GatewayError } from '../../fhir/error.ts';
import type { IssueCode } from '../../fhir/issue.ts';

/** A refusal of the sender's body with the issue code that fits best. */
export function refusal(category: Category, code: IssueCode, message: string): GatewayError {
  return new GatewayError({
    category,
    side: 'sender',
    message,
    issues: [{ severity: 'error', code, message }],
  });
}

/** 413: more bytes than agreed, as sent or once decompressed. */
export function tooManyBytes(what: 'reçus' | 'décompressés', limit: number): GatewayError {
  return refusal('too-large', 'too-long', `Corps trop grand : au plus ${limit} octets ${what}.`);
}

/** 415: a content type or an encoding that is not read here. */
export function unsupportedMedia(message: string): GatewayError {
  return refusal('media-type', 'not-supported', message);
}

/** 400: the body is not what its content type says. */
export function malformed(message: string): GatewayError {
  return refusal('invalid', 'structure', message);
}
