/**
 * A profile may only narrow what it derives from (FHIR R4 §5.1.0.2): what would widen it, or leave nothing that holds, is found
 * before anything is compiled, for no resource could be right by both.
 */
import type { Issue } from '../fhir/issue.ts';
import type { ElementDefinition, StructureDefinition } from './definitions.ts';
import type { Terminology } from './terminology.ts';
import { targetsOf } from './values.ts';

export type Ancestry = {
  terminology: Terminology;
  /** A definition by canonical URL, or by name for data types. */
  definition(name: string): StructureDefinition | undefined;
};

/** One issue for each element that contradicts the parent: `expression` is its id, `rule` the profile's URL. */
export function contradictionsOf(profile: StructureDefinition, ancestry: Ancestry): Issue[] {
  const parent = profile.baseDefinition && ancestry.definition(profile.baseDefinition);
  if (!parent)
    return [issue(profile, profile.type, 'le parent n’est pas connu', 'compiler aussi sa définition')];
  const lists = new Map(profile.snapshot.element.map((element) => [element.id, element]));
  return profile.differential.element.flatMap((element) => {
    if (!element.id.includes('.')) return [];
    const base = inherited(element.path, parent, ancestry);
    if (!base) return [issue(profile, element.id, 'le parent n’a pas cet élément', 'corriger son chemin')];
    const found = [
      ...cardinality(element, base, lists.get(element.id.replace(/:[^.:]+$/, ''))),
      ...types(element, base),
      ...values(element, base),
      ...bindings(element, base, ancestry.terminology),
    ];
    return found.map(([wrong, remedy]) => issue(profile, element.id, wrong, remedy));
  });
}

type Finding = [wrong: string, remedy: string];

function issue(profile: StructureDefinition, id: string, wrong: string, remedy: string): Issue {
  const message = `Profil ${profile.id}, élément ${id} : ${wrong}. À faire : ${remedy}.`;
  return { severity: 'error', code: 'business-rule', message, expression: id, rule: profile.url };
}

/** The element of the parent that a path leads to, through the data types on its way. */
function inherited(
  path: string,
  parent: StructureDefinition,
  ancestry: Ancestry,
): ElementDefinition | undefined {
  const own = parent.snapshot.element.find((element) => element.path === path && !element.id.includes(':'));
  if (own) return own;
  const at = path.lastIndexOf('.');
  if (at < 0) return undefined;
  const holder = inherited(path.slice(0, at), parent, ancestry);
  const named = holder?.contentReference?.replace(/^.*#/, '');
  if (named) return inherited(`${named}${path.slice(at)}`, parent, ancestry);
  for (const { code } of holder?.type ?? []) {
    const type = ancestry.definition(code);
    const found = type && inherited(`${code}${path.slice(at)}`, type, ancestry);
    if (found) return found;
  }
  return undefined;
}

function cardinality(
  own: ElementDefinition,
  base: ElementDefinition,
  list: ElementDefinition | undefined,
): Finding[] {
  const isSlice = own.sliceName !== undefined;
  const found: Finding[] = [];
  const least = own.min ?? 0;
  const most = limit(own.max ?? base.max);
  const parents = `${base.min ?? 0}..${base.max ?? '*'}`;
  if (!isSlice && own.min !== undefined && own.min < (base.min ?? 0)) {
    found.push([
      `minimum ${own.min}, alors que le parent exige ${parents}`,
      `donner un minimum d’au moins ${base.min}`,
    ]);
  }
  if (own.max !== undefined && limit(own.max) > limit(isSlice ? (list?.max ?? base.max) : base.max)) {
    found.push([
      `maximum ${own.max}, alors que le parent permet ${parents}`,
      'donner un maximum que le parent permet',
    ]);
  }
  if (least > most) found.push([`minimum ${least} au-dessus du maximum ${most}`, 'accorder les deux']);
  return found;
}

function limit(max: string | undefined): number {
  return max === undefined || max === '*' ? Infinity : Number(max);
}

function types(own: ElementDefinition, base: ElementDefinition): Finding[] {
  const allowed = (base.type ?? []).map(({ code }) => code);
  const wider = (own.type ?? []).map(({ code }) => code).filter((code) => !isAmong(code, allowed));
  if (wider.length) {
    return [[`type ${wider.join(', ')}, que le parent n’a pas (${allowed.join(', ')})`, 'retirer ce type']];
  }
  const parents = targetsOf(base.type);
  const targets = targetsOf(own.type)?.filter((name) => parents && !parents.includes(name));
  if (!targets?.length) return [];
  return [
    [
      `référence vers ${targets.join(', ')}, que le parent n’admet pas`,
      `choisir parmi ${parents!.join(', ')}`,
    ],
  ];
}

/** `Resource` and `Element` stand for all that derive from them. */
function isAmong(code: string, allowed: readonly string[]): boolean {
  return (
    allowed.length === 0 ||
    allowed.includes(code) ||
    allowed.includes('Resource') ||
    allowed.includes('Element')
  );
}

function values(own: ElementDefinition, base: ElementDefinition): Finding[] {
  const imposed = imposedValue(base);
  const mine = imposedValue(own);
  if (imposed === undefined || mine === undefined || contains(mine, imposed)) return [];
  return [['valeur imposée qui contredit celle du parent', 'reprendre la valeur du parent']];
}

function imposedValue(element: ElementDefinition): unknown {
  return Object.entries(element).find(([name]) => /^(fixed|pattern)[A-Z]/.test(name))?.[1];
}

function contains(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((one) => value.some((item) => contains(item, one)));
  }
  if (typeof pattern !== 'object' || pattern === null) return value === pattern;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(pattern).every(([name, one]) =>
    contains((value as Record<string, unknown>)[name], one),
  );
}

function bindings(own: ElementDefinition, base: ElementDefinition, terminology: Terminology): Finding[] {
  const parent = base.binding?.strength === 'required' ? base.binding : undefined;
  if (!own.binding || !parent?.valueSet || !own.binding.valueSet) return [];
  if (own.binding.strength !== 'required') {
    return [
      [
        `liaison ${own.binding.strength}, plus faible que celle du parent`,
        'la rendre obligatoire (required)',
      ],
    ];
  }
  const [mine, theirs] = [terminology.expand(own.binding.valueSet), terminology.expand(parent.valueSet)];
  if (!mine || !theirs) return [];
  const foreign = [...mine].flatMap(([system, codes]) =>
    [...codes].filter((code) => !theirs.get(system)?.has(code)),
  );
  if (!foreign.length) return [];
  return [
    [
      `codes hors du jeu de valeurs du parent : ${foreign.slice(0, 5).join(', ')}`,
      'les retirer du jeu de valeurs',
    ],
  ];
}
