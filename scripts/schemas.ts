/**
 * Builds `profiles/schemas.json` from the R4 definitions and our generated profiles; `--check` fails when it is stale.
 * Only the resource types that some room reads or writes are kept: the list below is the whole universe of the gateway.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type CompiledDefinitions, compileDefinitions } from '../src/validation/compile.ts';
import { FaultyDefinitions } from '../src/validation/definition-faults.ts';
import { formatIssue } from '../src/fhir/issue.ts';
import { readSources } from './definitions.ts';

const resourceTypes = [
  'ActivityDefinition', 'Appointment', 'AuditEvent', 'Basic', 'Binary', 'Bundle', 'CapabilityStatement', 'CarePlan',
  'CareTeam', 'CodeSystem', 'Communication', 'ConceptMap', 'Composition', 'Condition', 'Consent', 'Device', 'DocumentReference',
  'Encounter', 'AllergyIntolerance', 'Endpoint', 'HealthcareService', 'List', 'Location', 'Measure', 'MeasureReport',
  'MedicationStatement', 'Observation', 'OperationOutcome', 'Organization', 'OrganizationAffiliation', 'Parameters',
  'Patient', 'PlanDefinition', 'Practitioner', 'PractitionerRole', 'Provenance', 'Questionnaire',
  'QuestionnaireResponse', 'RelatedPerson', 'ServiceRequest', 'Slot', 'Schedule', 'Subscription', 'Task', 'ValueSet',
]; // prettier-ignore

const target = 'profiles/schemas.json';
const compiled = compiledOrExit();
const text = `${JSON.stringify(compiled)}\n`;

if (process.argv.includes('--check')) {
  const fresh = existsSync(target) && readFileSync(target, 'utf8') === text;
  if (!fresh) console.error(`${target} is stale: npm run build:schemas`);
  process.exitCode = fresh ? 0 : 1;
} else {
  writeFileSync(target, text);
  console.log(
    `${target}: ${Object.keys(compiled.schemas).length} definitions, ${Math.round(text.length / 1024)} KiB`,
  );
}

/** Ends the program with one line a contradiction, at its place in `profiles/generated`. */
function compiledOrExit(): CompiledDefinitions {
  try {
    return compileDefinitions(readSources(resourceTypes));
  } catch (error) {
    if (!(error instanceof FaultyDefinitions)) throw error;
    for (const issue of error.issues) {
      const file = `profiles/generated/StructureDefinition-${issue.rule?.split('/').at(-1)}.json`;
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const before = text.slice(0, text.lastIndexOf(`"id": "${issue.expression}"`)).split('\n');
      const source = { file, line: before.length, column: before.at(-1)!.length + 1 };
      console.error(formatIssue({ ...issue, source }));
    }
    process.exit(1);
  }
}
