/** Faults of a schema as issues: FHIRPath of the element, one message for one fault, nothing of the value itself. */
import type { Issue, IssueCode } from '../fhir/issue.ts';
import type { Fault } from './schema-check.ts';

/** What our schemas say of themselves besides JSON Schema. */
type Annotated = { description?: string; missing?: string; code?: IssueCode };

/** Issues of the faults of one validation, without duplicates. */
export function issuesOf(resourceType: string, faults: readonly Fault[], profile?: string): Issue[] {
  const issues = new Map<string, Issue>();
  for (const fault of faults) {
    const issue = oneIssue(resourceType, fault, profile);
    issues.set(`${issue.expression} ${issue.message}`, issue);
  }
  return [...issues.values()];
}

function oneIssue(resourceType: string, fault: Fault, profile: string | undefined): Issue {
  const annotated = fault.schema as Annotated;
  if (fault.keyword === 'required' && !annotated.description) return required(resourceType, fault, profile);
  const expression = expressionOf(resourceType, fault.path);
  const [code, message] = wording(fault, annotated);
  const place = annotated.missing ? `${expression}.${annotated.missing.replace('[x]', '')}` : expression;
  return { severity: 'error', code, message, expression: place, ...(profile ? { rule: profile } : {}) };
}

function required(resourceType: string, fault: Fault, profile: string | undefined): Issue {
  const { missingProperty } = fault.params as { missingProperty: string };
  return {
    severity: 'error',
    code: 'required',
    message: `élément obligatoire absent : ${missingProperty}`,
    expression: `${expressionOf(resourceType, fault.path)}.${missingProperty}`,
    ...(profile ? { rule: profile } : {}),
  };
}

function wording(fault: Fault, annotated: Annotated): [IssueCode, string] {
  const { params } = fault;
  if (annotated.missing) return ['required', annotated.description!];
  switch (fault.keyword) {
    case 'additionalProperties':
      return ['structure', `élément inconnu : ${safeName(params['additionalProperty'])}`];
    case 'type':
      return ['structure', `type JSON attendu : ${String(params['type'])}`];
    case 'enum':
    case 'anyOf':
    case 'const':
      return [annotated.code ?? 'code-invalid', annotated.description ?? 'valeur non permise ici'];
    case 'pattern':
      return ['value', annotated.description ?? 'forme de la valeur incorrecte pour ce type'];
    case 'slices':
      return ['required', String(params['message'])];
    case 'contains':
      return ['required', annotated.description ?? 'élément attendu absent de la liste'];
    case 'minItems':
    case 'filled':
    case 'minLength':
      return ['structure', 'vide, ou moins de valeurs que le minimum'];
    case 'maxItems':
      return ['structure', `plus de valeurs que le maximum (${String(params['limit'])})`];
    case 'minimum':
    case 'maximum':
      return ['value', 'nombre hors des bornes de ce type'];
    case 'maxLength':
      return ['value', 'texte plus long que ce que R4 permet (1 Mo)'];
    case 'base64':
      return ['value', annotated.description!];
    default:
      return ['structure', annotated.description ?? 'structure incorrecte'];
  }
}

/** An unknown property is named only when its name looks like one: a hostile name could carry data. */
function safeName(name: unknown): string {
  return typeof name === 'string' && /^_?[A-Za-z]{1,40}$/.test(name) ? name : '(nom non affiché)';
}

/** `/entry/0/resource/name` → `Bundle.entry[0].resource.name`. */
function expressionOf(resourceType: string, instancePath: string): string {
  const segments = instancePath.split('/').slice(1);
  return segments.reduce(
    (path, segment) => (/^\d+$/.test(segment) ? `${path}[${segment}]` : `${path}.${segment}`),
    resourceType,
  );
}
