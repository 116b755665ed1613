/** What a record of the emulated directory is made of, before a resource or a line of a file is written from it. */

/** A code with its label, as the tables under data/ hold it. */
export type Code = { code: string; label: string };

export type Commune = {
  /** INSEE code. */
  code: string;
  name: string;
  postcode: string;
  department: string;
  region: string;
  /** WGS84 degrees; rough: near the chief town of its département. */
  lat: number;
  lon: number;
};

export type Address = {
  number: string;
  streetType: Code;
  street: string;
  commune: Commune;
  /** Of the establishment itself, WGS84 degrees. */
  lat: number;
  lon: number;
};

/** How a record stands on a day; days by number. */
export type Standing = { active: boolean; served: boolean; changed: number; closed?: number };

export type PersonFacts = Standing & {
  rpps: string;
  idNatPs: string;
  /** `M` or `MME`; title of practice, `DR` or none. */
  civility: Code;
  title?: Code;
  family: string;
  given: string;
  profession: Code;
  category: Code;
  knowHow?: Code & { type: Code };
  degree?: Code & { type: Code };
  /** Authority of registration (TRE_R60). */
  authority: string;
  /** MSSanté address in the API; in the flat files it may be another one (P-17). */
  mailbox?: string;
  fileMailbox?: string;
};

export type StructureFacts = Standing & {
  /** A legal entity, a site with FINESS, or a practice without. */
  level: 'legal' | 'site' | 'practice';
  idNatSt: string;
  finess?: string;
  siren?: string;
  siret?: string;
  /** Technical id of the RPPS: `F` and FINESS, `R` and the rank of a practice. */
  technical: string;
  name: string;
  longName: string;
  category?: Code;
  sector: Code;
  legalStatus?: Code;
  address: Address;
  phone: string;
  mailbox?: string;
  /** Index of the legal entity. */
  parent?: number;
  opened: string;
};

export type RoleFacts = Standing & {
  /** Identifier of the situation d'exercice. */
  situation: string;
  person: number;
  structure?: number;
  mode: Code;
  genre: Code;
  function: Code;
  /** Section of the table of pharmacists. */
  section?: Code;
};

/** A care activity or a heavy device authorised at a site. */
export type SiteServiceFacts = Standing & {
  authorisation: string;
  structure: number;
  code: Code;
  modality?: Code;
  form?: Code;
  serial?: string;
  start: string;
  end: string;
};
