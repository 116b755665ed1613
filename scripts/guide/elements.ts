/** What a profile asks of each element, as rows of a table. */
import { code, table, text } from './markdown.ts';
import type { Element, ElementType, GuideResource } from './resources.ts';
import type { Links } from './links.ts';

/** The elements a profile says something about: those of its differential, as its snapshot has them. */
export function elementTable(profile: GuideResource, links: Links): string[] {
  const said = new Map((profile.differential?.element ?? []).map((element) => [element.id, element]));
  const elements = (profile.snapshot?.element ?? []).filter(({ id }) => said.has(id) && id.includes('.'));
  return table(
    ['Element', 'Card.', 'Type', 'Asked for'],
    elements.map((element) => [
      code(element.id.slice(element.id.indexOf('.') + 1)),
      `${element.min ?? 0}..${element.max ?? '*'}`,
      (element.type ?? []).map((type) => typeText(type, links)).join(', '),
      demands({ ...element, short: ownShort(said.get(element.id)) }, links).join('; '),
    ]),
  );
}

/** What a definition itself says of an element: what it leaves to R4 is read there. */
function ownShort(said: Element | undefined): string {
  return said?.short ?? '';
}

function typeText(type: ElementType, links: Links): string {
  const { code: name, profile = [], targetProfile = [] } = type;
  const targets = [...profile, ...targetProfile].map((url) => links.to(url));
  const short = name.startsWith('http://hl7.org/fhirpath/') ? 'string' : name;
  return targets.length ? `${text(short)}(${targets.join(', ')})` : text(short);
}

function demands(element: Element, links: Links): string[] {
  const { short, slicing, binding, max } = element;
  const fixed = Object.entries(element).filter(([name]) => /^(fixed|pattern)[A-Z]/.test(name));
  const by = slicing?.discriminator?.map(({ type, path }) => `${type} ${code(path)}`).join(', ');
  return [
    ...(max === '0' ? ['not used'] : short ? [text(short)] : []),
    ...(by ? [`sliced by ${by} (${slicing?.rules})`] : []),
    ...fixed.map(([name, value]) => `${name.startsWith('fixed') ? 'exactly' : 'at least'} ${shown(value)}`),
    ...(binding?.valueSet ? [`${links.to(binding.valueSet)} (${binding.strength})`] : []),
  ];
}

function shown(value: unknown): string {
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Invariants of the profile itself, not those of R4. */
export function constraintTable(profile: GuideResource): string[] {
  const elements = profile.differential?.element ?? [];
  const rows = elements.flatMap(({ id, constraint = [] }) =>
    constraint.map(({ key, severity, human, expression }) => [
      code(key),
      severity,
      code(id),
      text(human),
      expression ? code(expression) : '',
    ]),
  );
  return table(['Rule', 'Severity', 'On', 'Says', 'FHIRPath'], rows);
}

/** Extensions are shown by what they carry. */
export function extensionTable(extension: GuideResource, links: Links): string[] {
  const elements = extension.snapshot?.element ?? [];
  const carried = elements.filter(({ id, max }) => max !== '0' && /\.value\[x\]$/.test(id));
  const rows = carried.map((element) => {
    const slice = /extension:([^.]+)/.exec(element.id)?.[1];
    const holder = elements.find(({ id }) => id === `Extension.extension:${slice}`);
    const said = extension.differential?.element.find(({ id }) => id === holder?.id);
    const { min = 0, max = '*' } = holder ?? element;
    return [
      slice === undefined ? 'value' : code(slice),
      `${min}..${max}`,
      (element.type ?? []).map((type) => typeText(type, links)).join(', '),
      demands({ ...element, short: ownShort(said) }, links).join('; '),
    ];
  });
  return table(['Part', 'Card.', 'Type', 'Asked for'], rows);
}
