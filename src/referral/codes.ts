/** Codes and statuses that an order must carry to be understood; which ones is data (`mappings/exchange/referral.yaml`). */
import { hasCoding } from '../fhir/coding.ts';
import type { Issue } from '../fhir/issue.ts';
import type { CodeableConcept, Coding } from '../fhir/types.ts';
import { at, type Part, type Parts, partsOf, valuesOf } from './parts.ts';
import type { ReferralRules } from './rules.ts';

/** Missing or wrong codes, one issue an element. */
export function codeIssues(parts: Parts, rules: ReferralRules): Issue[] {
  const missing = rules.codes.flatMap(({ type, element, name, anyOf }) =>
    partsOf(parts, type)
      .filter((part) => !concepts(part, element).some((one) => anyOf.some((code) => hasCoding(one, code))))
      .map((part) => issue(at(part, element), `Il manque ${name} (${anyOf.map(codeText).join(' ou ')}).`)),
  );
  const wrong = rules.values.flatMap(({ type, element, value }) =>
    partsOf(parts, type)
      .filter((part) => part.resource[element] !== value)
      .map((part) =>
        issue(at(part, element), `À l’envoi d’un adressage, ${type}.${element} vaut « ${value} ».`),
      ),
  );
  return [...missing, ...wrong];
}

function concepts(part: Part, element: string): CodeableConcept[] {
  return valuesOf(part.resource, element) as CodeableConcept[];
}

function codeText({ system, code }: Coding): string {
  return `${system}|${code}`;
}

function issue(expression: string, message: string): Issue {
  return { severity: 'error', code: 'code-invalid', message, expression };
}
