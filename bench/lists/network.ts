/** A network whose list of establishments is a spreadsheet of any length. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeXlsx } from '../../src/tabular/write-xlsx.ts';
import { syntheticIdentifiers } from '../../test/synthetic.ts';

const columns = [
  'id',
  'nom',
  'finess',
  'role',
  'niveau',
  'categorie',
  'statut',
  'ville',
  'code_postal',
  'debut',
];

/** Writes it into a folder; answers the network file. */
export function writeListNetwork(folder: string, kind: 'csv' | 'xlsx', rows: number): string {
  const ids = syntheticIdentifiers({ seed: rows, volume: true });
  const cells = Array.from({ length: rows }, (_, n) => [
    ...[`p-${n}`, `Établissement inventé ${n}`, ids.finess(), 'partenaire', `niveau-${1 + (n % 3)}`],
    ...['centre-hospitalier', 'public', 'Ville fictive', '22000', '2024-01-15'],
  ]);
  const csv = (): string => [columns, ...cells].map((row) => `${row.join(';')}\n`).join('');
  writeFileSync(join(folder, `list.${kind}`), kind === 'csv' ? csv() : writeXlsx('Liste', columns, cells));
  const file = join(folder, 'network.yaml');
  writeFileSync(
    file,
    `kind: cso
id: cso-long
name: CSO fictif
territoire: { nom: Fictif, region: bretagne, departements: [{ code: '22', nom: Côtes-d'Armor }] }
etablissements:
  - { id: porteur, nom: Porteur, finess: '${ids.finess()}', role: porteur }
  - fichier: list.${kind}
`,
  );
  return file;
}
