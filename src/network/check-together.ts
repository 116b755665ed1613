import type { Issue } from '../fhir/issue.ts';
import { locate } from '../mapping/locate.ts';
import { closest } from './closest.ts';
import { fault, quoted } from './fault.ts';
import type { Kind } from './kind.ts';
import type { Network } from './network.ts';
import type { Rule } from './rule.ts';
import type { CoveredRegion } from './table.ts';
import { coverOf, holesIn, mostOverlaps, overlapsOf } from './territories.ts';

/** Regions that the networks of one kind say they cover entirely. */
export type Coverage = CoveredRegion & { kind: string };

type Kinds = ReadonlyMap<string, Pick<Kind, 'rules' | 'places'>>;

/**
 * What is wrong between networks: one id for two of them (it is the key of a network on every server); and, where the
 * rules of their kind ask for it, territories that overlap and regions said to be covered that are not.
 */
export function checkTogether(
  networks: readonly Network[],
  kinds: Kinds = new Map(),
  covered: readonly Coverage[] = [],
): Issue[] {
  return [
    ...sameIds(networks),
    ...[...kinds].flatMap(([name, kind]) => {
      const own = networks.filter((network) => network.kind === name);
      const claims = covered.filter((claim) => claim.kind === name);
      return [
        ...unknownRegions(kind, claims),
        ...kind.rules.flatMap((rule) => [
          ...overlapIssues(rule, own),
          ...holeIssues(rule, kind, own, claims),
        ]),
      ];
    }),
  ];
}

function sameIds(networks: readonly Network[]): Issue[] {
  const seen = new Map<string, Network>();
  return networks.flatMap((network): Issue[] => {
    if (network.id === '') return [];
    const first = seen.get(network.id);
    if (!first) {
      seen.set(network.id, network);
      return [];
    }
    const { file, line } = locate(first, '/id');
    const place = first.file === network.file ? `${file}, ligne ${line}` : first.file;
    const message = `L’id de réseau ${quoted(network.id)} est déjà celui de ${place}.`;
    return [
      { severity: 'error', code: 'duplicate', message, source: locate(network, '/id'), rule: 'network-id' },
    ];
  });
}

function overlapIssues(rule: Rule, networks: readonly Network[]): Issue[] {
  if (rule.rule !== 'territories-apart') return [];
  const overlaps = overlapsOf(networks);
  const issues = overlaps.map(({ network, other, pointer, places }): Issue => {
    const names = { value: enumerated(places), other: `${other.name} (${other.id})` };
    return { ...breach(rule, names), source: locate(network, pointer) };
  });
  if (overlaps.length < mostOverlaps) return issues;
  const { severity, source } = issues.at(-1)!;
  const message = 'Bien des territoires se recouvrent : les suivants ne sont pas dits.';
  return [...issues, { severity, code: 'too-costly', message, ...(source ? { source } : {}) }];
}

function holeIssues(
  rule: Rule,
  { places }: Pick<Kind, 'places'>,
  networks: readonly Network[],
  claims: readonly Coverage[],
): Issue[] {
  if (rule.rule !== 'region-covered' || !places || claims.length === 0) return [];
  const cover = coverOf(networks);
  return claims.flatMap(({ region, position }) => {
    const { uncovered, partly } = holesIn(region, cover, places);
    const open = rule.partly ? partly : uncovered;
    if (open.length === 0) return [];
    const names = { value: enumerated(open), other: places.regions.get(region)?.nom ?? region };
    return [{ ...breach(rule, names), source: position }];
  });
}

function unknownRegions({ places }: Pick<Kind, 'places'>, claims: readonly Coverage[]): Issue[] {
  if (!places) return [];
  const words = [...places.regions.keys()];
  return claims.flatMap(({ region, position }) => {
    if (places.regions.has(region)) return [];
    const meant = closest(region, words);
    const hint = meant ? `Vouliez-vous dire ${quoted(meant)} ?` : `Valeurs possibles : ${words.join(', ')}.`;
    return [fault(position, 'value', `La région ${quoted(region)} est inconnue. ${hint}`)];
  });
}

function breach(rule: Rule, names: { value: string; other: string }): Issue {
  const message = rule.message
    .replaceAll('{value}', () => names.value)
    .replaceAll('{other}', () => names.other);
  return { severity: rule.severity ?? 'error', code: 'business-rule', message, rule: rule.id };
}

/** The first few, and how many more there are. */
function enumerated(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} et ${names.length - 5} autres` : shown;
}
