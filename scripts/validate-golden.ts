/**
 * Judges every golden file of `examples/` and `test/fixtures/` with HAPI's and HL7's validators, offline.
 *   node scripts/validate-golden.ts [FILE...]
 * Exit: 0 no error, 1 errors, 2 when a JDK or Maven is missing.
 */
import { resolve } from 'node:path';
import { goldenFiles } from './golden/files.ts';
import { judge } from './golden/judge.ts';
import { missingTools } from './golden/maven.ts';

const missing = missingTools();
if (missing.length) {
  console.error(`npm run validate:golden demande ${missing.join(' et ')}.`);
  process.exit(2);
}

const asked = process.argv.slice(2).map((file) => resolve(file));
const files = asked.length ? asked : goldenFiles(resolve(import.meta.dirname, '..'));
const verdicts = judge(files);
for (const { validator, resources, errors, unchecked } of verdicts) {
  for (const { source, expression, message } of errors) {
    console.log(`${validator} ${source} ${expression} ${message}`);
  }
  console.log(`${validator} : ${files.length} fichiers, ${resources} ressources, ${errors.length} erreurs`);
  console.log(`${validator} : terminologies non vérifiées : ${unchecked.sort().join(' ') || 'aucune'}`);
}
process.exitCode = verdicts.some(({ errors }) => errors.length) ? 1 : 0;
