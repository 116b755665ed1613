/** Scenarios, and the parts of them that admin calls send, held against one JSON Schema. */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import schema from '../../../../schemas/emulator-scenario.schema.json' with { type: 'json' };

/** A fault: JSON pointer of the part concerned, and French words. */
export type Fault = { pointer: string; message: string };

/** Definitions of the schema that a text can be held against by themselves. */
export type ScenarioPart = 'quirks' | 'events' | 'change' | 'life' | 'quotas' | 'pages' | 'files';

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  discriminator: true,
  strict: false,
  validateSchema: false,
});
ajv.addSchema(schema);

/** Faults of a whole scenario, or of one of its parts. */
export function faultsOf(data: unknown, part?: ScenarioPart): Fault[] {
  const validate = ajv.getSchema(part ? `${schema.$id}#/$defs/${part}` : schema.$id)!;
  if (validate(data)) return [];
  const faults = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'oneOf').map(faultOf);
  return faults.filter(({ pointer }, index) => faults.findIndex((one) => one.pointer === pointer) === index);
}

function faultOf(error: ErrorObject): Fault {
  const { instancePath, keyword, params, data, parentSchema } = error;
  const field = instancePath.split('/').at(-1) ?? '';
  const about = instancePath === '' ? 'L’ensemble' : `« ${field} »`;
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const known = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {});
      return {
        pointer: `${instancePath}/${name}`,
        message: `Champ inconnu : « ${name.slice(0, 60)} ». Champs possibles : ${known.join(', ')}.`,
      };
    }
    case 'required':
      return { pointer: instancePath, message: `Il manque « ${String(params['missingProperty'])} ».` };
    case 'enum':
      return {
        pointer: instancePath,
        message: `Valeur inconnue : « ${String(data).slice(0, 60)} ». Valeurs possibles : ${(params['allowedValues'] as unknown[]).join(', ')}.`,
      };
    case 'discriminator': {
      const kinds =
        (parentSchema?.['oneOf'] as { properties: { kind: { const: string } } }[] | undefined) ?? [];
      return {
        pointer: `${instancePath}/kind`,
        message: `Sorte d’événement inconnue. Sortes possibles : ${kinds.map((one) => one.properties.kind.const).join(', ')}.`,
      };
    }
    case 'type':
      return {
        pointer: instancePath,
        message: `${about} : ${frenchTypes[String(params['type'])] ?? 'autre chose'} attendu.`,
      };
    case 'minimum':
    case 'maximum':
      return {
        pointer: instancePath,
        message: `${about} : ${keyword === 'minimum' ? 'au moins' : 'au plus'} ${String(params['limit'])}.`,
      };
    case 'pattern':
      return {
        pointer: instancePath,
        message: `${about} : forme refusée. ${String(parentSchema?.['description'] ?? '')}`.trim(),
      };
    default:
      return { pointer: instancePath, message: `${about} : valeur refusée (${keyword}).` };
  }
}

const frenchTypes: Readonly<Record<string, string>> = {
  object: 'un objet',
  array: 'une liste',
  string: 'un texte',
  integer: 'un nombre entier',
  number: 'un nombre',
  boolean: 'true ou false',
};
