/** Who plays in the demonstration and from which files: `examples/demo.yaml`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { composeDocument } from '../document/compose.ts';
import { readDocumentRules } from '../document/rules.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Folders } from '../gateway/knowledge.ts';

export type Cast = {
  networkId: string;
  hospitalName: string;
  hospitalFiness: string;
  townGpName: string;
  townGpRpps: string;
  consultationSteps: string[];
  orientationStep: string;
  referral: AnyResource;
  consultation: AnyResource;
  /** The synthesis as the bytes that travel. */
  synthesis: Buffer;
};

type CastFile = {
  parcours: string;
  hopital: { nom: string; finess: string };
  medecin: { nom: string; rpps: string };
  etapes: { consultations: string[]; orientation: string };
  adressage: string;
  consultation: string;
  synthese: string;
};

/** Reads the cast; the files ship with the program, so a fault in them throws. */
export async function readCast({ examples, mappings }: Folders): Promise<Cast> {
  const text = (name: string): Promise<string> => readFile(join(examples, name), 'utf8');
  const file = parse(await text('demo.yaml')) as CastFile;
  const content: unknown = parse(await text(file.synthese));
  const { bytes, issues } = composeDocument(content, readDocumentRules(mappings));
  if (!bytes) throw new Error(issues.map(({ message }) => message).join('\n'));
  return {
    networkId: file.parcours,
    hospitalName: file.hopital.nom,
    hospitalFiness: file.hopital.finess,
    townGpName: file.medecin.nom,
    townGpRpps: file.medecin.rpps,
    consultationSteps: file.etapes.consultations,
    orientationStep: file.etapes.orientation,
    referral: JSON.parse(await text(file.adressage)) as AnyResource,
    consultation: JSON.parse(await text(file.consultation)) as AnyResource,
    synthesis: bytes,
  };
}
