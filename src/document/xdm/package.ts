/** An XDM package (IHE ITI TF-2 3.32): a zip with one submission set and its CDA document. Same document, same bytes. */
import { createHash } from 'node:crypto';
import { ZipFile } from 'yazl';
import type { DocumentFacts } from '../facts.ts';
import type { DocumentTypeRule } from '../rules.ts';
import { cdaDocument } from './cda.ts';
import { metadataFile } from './metadata.ts';
import type { PackageRules } from './rules.ts';

export type PackageInput = {
  facts: DocumentFacts;
  rule: DocumentTypeRule;
  rules: PackageRules;
  pdf: Buffer;
  recipients: readonly string[];
};

const folder = 'IHE_XDM/SUBSET01';
const document = 'DOC00001.XML';

/** Bytes of the zip. */
export async function xdmPackage(input: PackageInput): Promise<Buffer> {
  const cda = cdaDocument(input);
  const file = { uri: document, size: cda.length, sha1: createHash('sha1').update(cda).digest('hex') };
  const zip = new ZipFile();
  const mtime = new Date(input.facts.issued);
  const add = (path: string, bytes: Buffer): void =>
    zip.addBuffer(bytes, path, { mtime, mode: 0o100644, compress: true, forceDosTimestamp: true });
  add('INDEX.HTM', Buffer.from(index(), 'utf8'));
  add('README.TXT', Buffer.from(readme, 'utf8'));
  add(`${folder}/METADATA.XML`, metadataFile({ ...input, file }));
  add(`${folder}/${document}`, cda);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Names no patient: whoever looks at the folder's cover learns only that a document is inside. */
function index(): string {
  return [
    '<!DOCTYPE html>',
    '<html lang="fr"><head><meta charset="utf-8"><title>Document de santé</title></head>',
    `<body><h1>Document de santé</h1><p><a href="${folder}/${document}">Ouvrir le document</a></p>`,
    '<p>Émis par Passerelle. Voir <a href="README.TXT">README.TXT</a>.</p></body></html>',
    '',
  ].join('\n');
}

const readme = [
  'Passerelle : paquet IHE XDM',
  '',
  'Ce paquet contient un document de santé au format CDA R2 niveau 1, qui porte un PDF.',
  `Le document est ${folder}/${document}, ses métadonnées sont ${folder}/METADATA.XML.`,
  'Un logiciel compatible MSSanté l’intègre au dossier du patient ; INDEX.HTM l’ouvre dans un navigateur.',
  '',
].join('\r\n');
