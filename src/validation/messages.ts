/** What ajv says, as issues: FHIRPath of the element, one message for one fault, nothing of the value itself. */
import type { ErrorObject } from 'ajv';
import type { Issue, IssueCode } from '../fhir/issue.ts';

/** What our schemas say of themselves besides JSON Schema. */
type Annotated = { description?: string; missing?: string; code?: IssueCode };

/** Keywords that only repeat what another error says more precisely. */
const echoes = new Set(['if', 'not', 'then', 'required']);

/** Issues of the errors of one validation, without duplicates. */
export function issuesOf(resourceType: string, errors: readonly ErrorObject[], profile?: string): Issue[] {
  const issues = new Map<string, Issue>();
  for (const error of withoutAlternatives(errors)) {
    const issue = oneIssue(resourceType, error, profile);
    if (issue) issues.set(`${issue.expression} ${issue.message}`, issue);
  }
  return [...issues.values()];
}

/** Errors inside the branches of anyOf, oneOf and contains are replaced by the one about the whole. */
function withoutAlternatives(errors: readonly ErrorObject[]): ErrorObject[] {
  const groups = errors
    .filter((error) => ['anyOf', 'oneOf', 'contains', 'propertyNames', 'not'].includes(error.keyword))
    .map((error) => `${error.schemaPath}`);
  return errors.filter((error) => !groups.some((group) => error.schemaPath.startsWith(`${group}/`)));
}

function oneIssue(resourceType: string, error: ErrorObject, profile: string | undefined): Issue | undefined {
  const annotated = (error.parentSchema ?? {}) as Annotated;
  if (echoes.has(error.keyword) && !annotated.description) return required(resourceType, error, profile);
  const expression = expressionOf(resourceType, error.instancePath);
  const [code, message] = wording(error, annotated);
  const place = annotated.missing ? `${expression}.${annotated.missing.replace('[x]', '')}` : expression;
  return { severity: 'error', code, message, expression: place, ...(profile ? { rule: profile } : {}) };
}

function required(resourceType: string, error: ErrorObject, profile: string | undefined): Issue | undefined {
  if (error.keyword !== 'required') return undefined;
  const { missingProperty } = error.params as { missingProperty: string };
  return {
    severity: 'error',
    code: 'required',
    message: `élément obligatoire absent : ${missingProperty}`,
    expression: `${expressionOf(resourceType, error.instancePath)}.${missingProperty}`,
    ...(profile ? { rule: profile } : {}),
  };
}

function wording(error: ErrorObject, annotated: Annotated): [IssueCode, string] {
  const params = error.params as Record<string, unknown>;
  if (annotated.missing) return ['required', annotated.description!];
  switch (error.keyword) {
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
    case 'contains':
      return ['required', annotated.description ?? 'élément attendu absent de la liste'];
    case 'minItems':
    case 'minProperties':
    case 'minLength':
      return ['structure', 'vide, ou moins de valeurs que le minimum'];
    case 'maxItems':
      return ['structure', `plus de valeurs que le maximum (${String(params['limit'])})`];
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
