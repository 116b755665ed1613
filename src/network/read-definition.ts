/** Files that define kinds: written by integrators, installed with the program. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnySchemaObject } from 'ajv';
import type { Issue } from '../fhir/issue.ts';
import { readYaml } from '../mapping/read-yaml.ts';
import type { SourceDocument } from '../mapping/types.ts';
import { fault, startOf } from './fault.ts';

/** Every YAML file of a folder, in the order of their names. */
export async function readDocuments(folder: string, issues: Issue[]): Promise<SourceDocument[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const documents = await Promise.all(names.map((name) => readDocument(join(folder, name), issues)));
  return documents.filter((document) => document !== undefined);
}

/** A YAML file of ours; undefined, and issues, when it cannot be read. */
export async function readDocument(file: string, issues: Issue[]): Promise<SourceDocument | undefined> {
  const text = await readText(file, issues);
  if (text === undefined) return undefined;
  const read = readYaml(text, file);
  issues.push(...read.issues);
  return read.document;
}

/** A JSON Schema; undefined, and an issue, when it cannot be read. */
export async function readJson(file: string, issues: Issue[]): Promise<AnySchemaObject | undefined> {
  const text = await readText(file, issues);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as AnySchemaObject;
  } catch {
    issues.push(fault(startOf(file), 'structure', 'Le fichier n’est pas du JSON.'));
    return undefined;
  }
}

async function readText(file: string, issues: Issue[]): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    issues.push(fault(startOf(file), 'not-found', 'Fichier introuvable.'));
    return undefined;
  }
}
