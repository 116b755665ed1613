/** What a request gets before it becomes bytes, and the bodies of the server and of the API gateway before it. */
import { SearchRefusal } from '../search/refusal.ts';

export type Answer = {
  status: number;
  headers?: Record<string, string>;
  /** An object is sent as FHIR JSON, a text as it is, with the content type among its headers. */
  body?: object | string;
  /** Rows of a page. */
  rows?: number;
  /** Quirks that shaped it. */
  quirks?: readonly string[];
};

/** The header of a body that is FHIR JSON already. */
export const fhirJson = { 'content-type': 'application/fhir+json;charset=UTF-8' };

/** A refusal of the FHIR server. */
export function outcomeOf(status: number, code: string, text: string): Answer {
  return {
    status,
    body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics: text }] },
  };
}

/** A refusal of the API gateway: not FHIR. */
export function gatewayRefusal(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ message, http_status_code: status }),
  };
}

/** Any error as an answer; what was not foreseen says nothing of itself. */
export function refusalOf(error: unknown): Answer {
  return error instanceof SearchRefusal
    ? outcomeOf(error.status, error.code, error.message)
    : outcomeOf(500, 'exception', 'Internal error');
}
