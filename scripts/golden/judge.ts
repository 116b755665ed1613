/** Both validators over the same files. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { samplesOf } from './files.ts';
import { judgeWithHapi } from './hapi-validator.ts';
import { judgeWithHl7 } from './hl7-validator.ts';
import type { Verdict } from './verdict.ts';

const root = join(import.meta.dirname, '../..');

/**
 * What HAPI's and HL7's validators say of FHIR files (JSON or NDJSON), offline, against R4 and `profiles/generated`.
 * Needs a JDK and Maven; takes about 30 s. Sources in the answer are relative to the project.
 */
export function judge(files: readonly string[]): Verdict[] {
  const work = mkdtempSync(join(tmpdir(), 'passerelle-golden-'));
  try {
    const folder = join(work, 'samples');
    mkdirSync(folder);
    const samples = samplesOf(files, folder).map(({ path, source }) => ({
      path,
      source: relative(root, source),
    }));
    const guide = join(root, 'profiles', 'generated');
    return [judgeWithHapi(root, guide, samples), judgeWithHl7(root, guide, samples, work)];
  } finally {
    rmSync(work, { recursive: true });
  }
}
