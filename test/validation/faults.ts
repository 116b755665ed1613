/**
 * Copies of a resource with one fault each, read off the snapshot of its profile: what is missing, too much, of another type,
 * form, code or target than the snapshot says. Where a fault is and what kind is known, so the answer can be checked.
 */
import type { AnyResource } from '../../src/fhir/types.ts';
import { isPrimitive, type Model } from '../../src/validation/base-schema.ts';
import type { ElementDefinition, StructureDefinition } from '../../src/validation/definitions.ts';
import type { Terminology } from '../../src/validation/terminology.ts';
import { brokenRules } from './broken-rules.ts';
import { badForms, otherCode, sampleOf } from './values.ts';
import { changed, changedAt, type Json, type JsonObject, type Place, placesIn, replaced } from './places.ts';
import { slicesOf } from './sliced.ts';

/** `path`: the FHIRPath of the faulty element; `holder`: of the one it stands in. */
export type Fault = { kind: string; path: string; holder: string; resource: AnyResource };

/** True where an issue at an expression points at a fault: at its element, within it, or at what holds it. */
export function pointsAt(expression: string | undefined, { path, holder }: Fault): boolean {
  return (
    expression === holder ||
    expression === path ||
    /^[.[]/.test(expression?.startsWith(path) ? expression.slice(path.length) : '')
  );
}

/** What the faults are read from. */
export type Knowledge = Model & { terminology: Terminology };

const unknownUrl = 'https://passerelle.example/other';

/** Every fault of the kinds below, in the order of the elements. */
export function faultsOf(resource: AnyResource, profile: StructureDefinition, known: Knowledge): Fault[] {
  const places = placesIn(resource, known.shapes);
  return [
    ...atPlaces(resource, places, profile, known),
    ...slicesOf(profile.snapshot.element).flatMap((slice) => slice.faults(resource, places)),
    ...notAllowed(resource, profile, known),
    ...brokenRules(resource, profile, places),
  ];
}

/** Faults of the first extension of a definition that a resource carries; none when it carries none. */
export function extensionFaultsOf(
  resource: AnyResource,
  definition: StructureDefinition,
  known: Knowledge,
): Fault[] {
  const places = placesIn(resource, known.shapes);
  const one = places.find(
    ({ type, value }) => type === 'Extension' && (value as JsonObject)['url'] === definition.url,
  );
  const within = places
    .filter(({ path }) => one && (path === one.path || path.startsWith(`${one.path}.`)))
    .map((place) => ({ ...place, element: `Extension${place.element.slice(one!.element.length)}` }));
  return atPlaces(resource, within, definition, known);
}

function atPlaces(
  resource: AnyResource,
  places: readonly Place[],
  { snapshot }: StructureDefinition,
  known: Knowledge,
): Fault[] {
  const whole = snapshot.element.filter(({ id, path }) => !id.includes(':') && path.includes('.'));
  return places.flatMap((place) => {
    const paths = [place.element, choiceOf(place, known)];
    const rules = whole.filter(({ path }) => paths.includes(path));
    return [...atAny(resource, place), ...rules.flatMap((rule) => atPlace(resource, place, rule, known))];
  });
}

/** `Extension.valueString` → `Extension.value[x]`. */
function choiceOf({ element, name }: Place, { choices }: Knowledge): string | undefined {
  const holder = element.slice(0, -name.length - 1);
  const stem = Object.entries(choices[holder] ?? {}).find(([, names]) => names.includes(name))?.[0];
  return stem && `${holder}.${stem}[x]`;
}

/** Faults that need no profile: JSON of another form than the type has. */
function atAny(resource: AnyResource, place: Place): Fault[] {
  const { type, value, path, holder } = place;
  const fault = (kind: string, changedTo: Json): Fault => {
    return { kind, path, holder, resource: replaced(resource, place, changedTo) };
  };
  if (!isPrimitive(type) && type !== 'xhtml') {
    return [
      fault('a text for an object', 'text'),
      fault('an empty object', {}),
      fault('an unknown element', { ...(value as JsonObject), unknownElement: 'text' }),
    ];
  }
  return [
    fault('an object for a value', { text: 'text' }),
    fault('an empty text', ''),
    ...badForms(type).map((bad) => fault('a bad form', bad)),
  ];
}

function atPlace(resource: AnyResource, place: Place, rule: ElementDefinition, known: Knowledge): Fault[] {
  const { name, path, holder, value, index, type } = place;
  const faults: Fault[] = [];
  const add = (kind: string, one: AnyResource): void =>
    void faults.push({ kind, path, holder, resource: one });
  const first = index === undefined || index === 0;
  if ((rule.min ?? 0) > 0 && first) {
    const missing = changed(resource, place, (object) => delete object[name]);
    const asked = rule.path.split('.').at(-1)!.replace('[x]', '');
    faults.push({ kind: 'missing', path: `${holder}.${asked}`, holder, resource: missing });
  }
  if (rule.max !== '*' && index !== undefined && first) {
    const repeated = changed(resource, place, (object) => {
      object[name] = Array.from({ length: Number(rule.max) + 1 }, () => structuredClone(value));
    });
    faults.push({ kind: 'too many', path: `${holder}.${name}`, holder, resource: repeated });
  }
  if (rule.max === '1' && index === undefined) add('a list for one', replaced(resource, place, [value]));
  const other = otherThan(rule, value);
  if (other !== undefined) add('another fixed value', replaced(resource, place, other));
  const isBound = rule.binding?.strength === 'required' && rule.binding.valueSet;
  if (isBound && known.terminology.expand(rule.binding!.valueSet!)) {
    const wrong = otherCode(type, value);
    if (wrong !== undefined) add('a code of no value set', replaced(resource, place, wrong));
  }
  if (type === 'Reference' && isLimited(rule)) {
    const target = allTargets(rule).some((url) => url.endsWith('/Slot')) ? 'Schedule/1' : 'Slot/1';
    add('another target', replaced(resource, place, { reference: target }));
  }
  return faults;
}

/** A value that is not the fixed one, or does not hold the pattern. */
function otherThan(rule: ElementDefinition, value: Json): Json | undefined {
  const entry = Object.entries(rule).find(([name]) => /^(fixed|pattern)[A-Z]/.test(name));
  if (!entry) return undefined;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return typeof entry[1] === 'object' ? { text: 'text' } : undefined;
  return /Ur[il]$/.test(entry[0]) ? unknownUrl : 'other';
}

function allTargets(rule: ElementDefinition): string[] {
  return (rule.type ?? []).flatMap(({ targetProfile }) => targetProfile ?? []);
}

function isLimited(rule: ElementDefinition): boolean {
  const targets = allTargets(rule);
  return targets.length > 0 && !targets.some((url) => url.endsWith('/Resource'));
}

/** Elements that the profile forbids, and a modifier extension that nobody knows. */
function notAllowed(resource: AnyResource, profile: StructureDefinition, known: Knowledge): Fault[] {
  const forbidden = profile.snapshot.element.flatMap(({ path, max, type, base }): Fault[] => {
    const [, name, ...deeper] = path.split('.');
    const sample = max === '0' && type?.[0] && !deeper.length ? sampleOf(type[0]) : undefined;
    if (sample === undefined || name!.endsWith('[x]') || !name) return [];
    const added = changedAt(resource, [], (object) => {
      object[name] = base?.max === '1' ? sample : [sample];
    });
    const holder = resource.resourceType;
    return [{ kind: 'a forbidden element', path: `${holder}.${name}`, holder, resource: added }];
  });
  if (!known.shapes[resource.resourceType]?.['modifierExtension']) return forbidden;
  const unknown = changedAt(resource, [], (object) => {
    object['modifierExtension'] = [{ url: unknownUrl, valueBoolean: true }];
  });
  const holder = resource.resourceType;
  const path = `${holder}.modifierExtension[0]`;
  return [...forbidden, { kind: 'an unknown modifier', path, holder, resource: unknown }];
}
