/** `backport-filter-criteria`: `Type?name=value,value&name=value`, as far as the topic has it (SUB-01, SUB-07). Pure. */
import type { AnyResource, CodeableConcept, Reference } from '../fhir/types.ts';
import type { FilterForm, Topic } from './topics.ts';

/** One condition; `values` are alternatives. */
export type Filter = { form: FilterForm; element: string; values: string[] };

/**
 * The conditions of one filter; undefined for whatever the topic does not have: another type, parameter, modifier, chain,
 * prefix or an empty value. Ignoring one would tell more than was asked.
 */
export function readFilter(text: string, topic: Topic): Filter[] | undefined {
  const [type, query, ...more] = text.split('?');
  if (type !== topic.type || !query || more.length) return undefined;
  const filters: Filter[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    const known = Object.hasOwn(topic.filters, name) ? topic.filters[name] : undefined;
    const values = value.split(',');
    if (!known || values.some((one) => one === '' || one.includes('\\'))) return undefined;
    filters.push({ ...known, values });
  }
  return filters;
}

/** True when every condition finds one of its values. */
export function matchesFilters(resource: AnyResource, filters: readonly Filter[]): boolean {
  return filters.every(({ form, element, values }) => {
    const found = resource[element];
    return values.some((value) => matches(found, form, value));
  });
}

function matches(found: unknown, form: FilterForm, value: string): boolean {
  if (form === 'code') return found === value;
  if (form === 'patient') {
    const wanted = value.startsWith('Patient/') ? value : `Patient/${value}`;
    return (found as Reference | undefined)?.reference === wanted;
  }
  const bar = value.indexOf('|');
  const [system, code] = bar < 0 ? [undefined, value] : [value.slice(0, bar), value.slice(bar + 1)];
  const codings = (found as CodeableConcept | undefined)?.coding ?? [];
  return codings.some(
    (coding) =>
      (system === undefined || (coding.system ?? '') === system) && (code === '' || coding.code === code),
  );
}
