/** Writes `schemas/document.schema.json` from what the rules say of documents; `--check` fails when it is stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { contentSchema } from '../src/document/content-schema.ts';
import { readDocumentRules } from '../src/document/rules.ts';

const target = 'schemas/document.schema.json';
const text = `${JSON.stringify(contentSchema(readDocumentRules('mappings')), undefined, 2)}\n`;

if (process.argv.includes('--check')) {
  const fresh = existsSync(target) && readFileSync(target, 'utf8') === text;
  if (!fresh) console.error(`${target} is stale: npm run build:profiles`);
  process.exitCode = fresh ? 0 : 1;
} else writeFileSync(target, text);
