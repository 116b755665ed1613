import { dirname, join } from 'node:path';
import type { Issue } from '../fhir/issue.ts';
import { compileMapping } from '../mapping/compile.ts';
import { readDocument, readDocuments } from '../network/read-definition.ts';
import type { Knowledge } from './knowledge.ts';

/** Issues of one mapping file, with the code tables and parts of its own `mappings/` folder, or else the shipped ones. */
export async function checkMappingFile(file: string, { folders }: Knowledge): Promise<Issue[]> {
  const issues: Issue[] = [];
  const definition = await readDocument(file, issues);
  if (!definition) return issues;
  const own = join(dirname(file), '..');
  const found: Issue[] = [];
  const ownCodes = await readDocuments(join(own, 'codes'), found).catch(() => []);
  const root = ownCodes.length ? own : folders.mappings;
  const library = {
    codes: ownCodes.length ? ownCodes : await readDocuments(join(root, 'codes'), issues),
    parts: await readDocuments(root, issues),
  };
  return [...issues, ...compileMapping(definition, library).issues];
}
