/** The part of a configuration that says how resources are written in France: all that describing a network needs of it. */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../schemas/passerelle.schema.json' with { type: 'json' };
import { formIssue } from './config-faults.ts';
import type { FranceConfig } from './config.ts';
import { GatewayError } from './fhir/error.ts';
import { hasErrors } from './fhir/issue.ts';
import { readYaml } from './mapping/read-yaml.ts';

/**
 * The choice of the configuration that was named, or of `ordinary` where that file stands; undefined without one. The rest
 * of the file, its secrets above all, is not looked at: `check` does that. Throws `invalid` with the faults of the part.
 */
export function loadFrance(named: string | undefined, ordinary: string): FranceConfig | undefined {
  const file = named ?? ordinary;
  if (named === undefined && !existsSync(file)) return undefined;
  const { document, issues } = readYaml(textOf(file), file);
  if (document && !hasErrors(issues)) {
    const data = { france: (document.data as { france?: unknown } | null)?.france ?? {} };
    const ajv = new Ajv2020({ allErrors: true, verbose: true, useDefaults: true, validateSchema: false });
    const part = { type: 'object', properties: { france: schema.properties.france } };
    if (ajv.validate(part, data)) {
      const france = data.france as FranceConfig;
      return { ...france, frCore: `${france.frCore}` };
    }
    issues.push(...(ajv.errors ?? []).map((error) => formIssue(error, document)));
  }
  const message = `Configuration refusée : ${issues.length} faute(s) dans ${file}`;
  throw new GatewayError({ category: 'invalid', side: 'gateway', message, issues });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `Configuration introuvable ou illisible : ${file}.`;
    throw new GatewayError({ category: 'invalid', side: 'gateway', message, cause });
  }
}
