/** Words of the closure: what networks need of the directory, as hospitals get it. */
import type { CodeableConcept } from '../../fhir/types.ts';
import type { AnyResource } from '../../fhir/types.ts';
import type { FoundRecord } from '../../store/directory-search.ts';

/** What the directory says of one thing: the row readers see, as a resource. */
export type Said = { row: FoundRecord; resource: AnyResource };

/** Codes out of `mappings/codes/` that a copy needs; profiles want identifiers typed. */
export type CopyCodes = {
  idNatSt: CodeableConcept;
  idNatPs: CodeableConcept;
  siren: CodeableConcept;
  finessLegal: CodeableConcept;
  /** Type of an organisation that is a legal entity. */
  legalEntity: CodeableConcept;
  /** Canonical of the profile of structures. */
  structureProfile: string;
};
