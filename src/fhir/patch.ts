/** FHIRPath Patch (FHIR R4 §3.1.0.8.1): what is to change in a resource, as Parameters. */
import type { AnyResource } from './types.ts';

/** One element that gets another code. */
export type CodePatch = { type: string; element: string; code: string };

/** Parameters with one operation `replace`. */
export function patchParameters({ type, element, code }: CodePatch): AnyResource {
  return {
    resourceType: 'Parameters',
    parameter: [
      {
        name: 'operation',
        part: [
          { name: 'type', valueCode: 'replace' },
          { name: 'path', valueString: `${type}.${element}` },
          { name: 'value', valueCode: code },
        ],
      },
    ],
  };
}
