/** Codes of a package: `mappings/exchange/mssante.yaml`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** `system` is an OID. */
export type Code = { code: string; system: string; display: string };

export type PackageRules = {
  templates: string[];
  codeSystems: Record<string, string>;
  confidentialitySystem: string;
  classes: Record<string, string>;
  confidentiality: Record<string, string>;
  genders: Record<string, { code: string; display: string }>;
  genderSystem: string;
  format: Code;
  practiceSetting: Code;
  facility: Code;
  encounter: Code;
};

/** Reads the rules from a `mappings` folder; `confidentialitySystem` is the one of FHIR documents. */
export function readPackageRules(mappings: string, confidentialitySystem: string): PackageRules {
  const text = readFileSync(join(mappings, 'exchange', 'mssante.yaml'), 'utf8');
  return { ...(parse(text) as Omit<PackageRules, 'confidentialitySystem'>), confidentialitySystem };
}
