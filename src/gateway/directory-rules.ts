/** What the directory room knows by data: `mappings/exchange/{matching,findings,specialists}.yaml`, codes, communes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Communes, communesFrom } from '../directory/communes.ts';
import type { CopyCodes } from '../directory/closure/types.ts';
import type { FindingRules } from '../directory/findings/types.ts';
import type { MatchRules } from '../directory/match/types.ts';
import type { ShareRules } from '../directory/share/types.ts';
import { canonicalBase } from '../fhir/names.ts';
import type { CodeableConcept } from '../fhir/types.ts';

type Code = { code: string; system?: string; text?: string };

/** A table of `mappings/codes/`: words of network files and their codes. */
export type CodeTable = { system: string; codes: Readonly<Record<string, Code>> };

/** Rules and codes read from a `mappings` folder; they ship with the program, so a fault in them throws. */
export type DirectoryRules = {
  matching: MatchRules;
  copies: CopyCodes;
  findings: FindingRules;
  shares: ShareRules;
  professions: CodeTable;
  specialties: CodeTable;
  /** Read when first asked for: the list is long. */
  communes(): Communes;
};

const read = new Map<string, DirectoryRules>();

/** Reads each folder once. */
export function directoryRules(mappings: string): DirectoryRules {
  const known = read.get(mappings);
  if (known) return known;
  const yaml = (path: string): unknown => parse(readFileSync(join(mappings, path), 'utf8'));
  const table = (name: string) => yaml(`codes/${name}.yaml`) as CodeTable;
  const [identifiers, structures] = [table('identifier-type'), table('structure-type')];
  let communes: Communes | undefined;
  const rules: DirectoryRules = {
    matching: yaml('exchange/matching.yaml') as MatchRules,
    findings: yaml('exchange/findings.yaml') as FindingRules,
    shares: yaml('exchange/specialists.yaml') as ShareRules,
    copies: {
      idNatSt: conceptOf(identifiers, 'id-nat-st'),
      idNatPs: conceptOf(identifiers, 'id-nat-ps'),
      siren: conceptOf(identifiers, 'siren'),
      finessLegal: conceptOf(identifiers, 'finess-legal'),
      legalEntity: conceptOf(structures, 'legal'),
      structureProfile: `${canonicalBase}/StructureDefinition/pas-establishment`,
    },
    professions: table('profession'),
    specialties: table('specialty'),
    communes: () => (communes ??= communesFrom(readFileSync(join(mappings, 'communes.csv'), 'utf8'))),
  };
  read.set(mappings, rules);
  return rules;
}

function conceptOf(table: CodeTable, word: string): CodeableConcept {
  const { system = table.system, code } = table.codes[word]!;
  return { coding: [{ system, code }] };
}
