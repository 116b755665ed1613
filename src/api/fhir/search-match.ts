/** Whether a resource is what a search asks for: decides what the columns of the held directory only narrow down. */
import { folded } from '../../fhir/folded.ts';
import type {
  AnyResource,
  CodeableConcept,
  Coding,
  Extension,
  Identifier,
  Period,
  Reference,
} from '../../fhir/types.ts';
import { periodMatches } from './search-dates.ts';
import { stepsOf } from './search-path.ts';
import type { AskedParameter } from './search-query.ts';
import { readToken } from './search-values.ts';

/** True when every parameter finds one of its values. References are those of this endpoint. */
export function matchesAll(resource: AnyResource, asked: readonly AskedParameter[]): boolean {
  return asked.every((one) =>
    elementsAt(resource, one.parameter.path).some((element) => matches(element, one)),
  );
}

/** Values at a path of the table, alternatives between `|`. */
function elementsAt(resource: AnyResource, path: string): unknown[] {
  return path
    .split('|')
    .flatMap((alternative) =>
      stepsOf(alternative).reduce<unknown[]>(
        (at, { name, url }) =>
          at
            .flatMap((value) => (value as Record<string, unknown>)[name] ?? [])
            .filter((value) => url === undefined || (value as Extension).url === url),
        [resource],
      ),
    );
}

function matches(element: unknown, { parameter, mode, values, dates }: AskedParameter): boolean {
  switch (parameter.form) {
    case 'identifier': {
      const { system, value } = element as Identifier;
      return values.some((token) => tokenMatches(token, system, value));
    }
    case 'concept':
      return ((element as CodeableConcept).coding ?? []).some((coding) => codingMatches(values, coding));
    case 'coding':
      return codingMatches(values, element as Coding);
    case 'boolean':
      return values.includes(String(element));
    case 'reference':
      return values.includes((element as Reference).reference ?? '');
    case 'date':
      return dates.some((date) => periodMatches({ start: String(element), end: String(element) }, date));
    case 'period':
      return dates.some((date) => periodMatches(element as Period, date));
    case 'text':
      return values.some((value) => textMatches(String(element), value, mode));
    default:
      return values.includes(String(element));
  }
}

function codingMatches(values: readonly string[], { system, code }: Coding): boolean {
  return values.some((token) => tokenMatches(token, system, code));
}

function tokenMatches(token: string, system: string | undefined, value: string | undefined): boolean {
  const wanted = readToken(token);
  return (
    (wanted.system === undefined || wanted.system === system) &&
    (wanted.value === undefined || wanted.value === value)
  );
}

function textMatches(text: string, value: string, mode: AskedParameter['mode']): boolean {
  if (mode === 'exact') return text === value;
  const [within, wanted] = [folded(text), folded(value)];
  return mode === 'contains' ? within.includes(wanted) : within.startsWith(wanted);
}
