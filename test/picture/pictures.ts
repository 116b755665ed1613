/** Pictures of example networks, and what can be read back from an SVG. */
import { basename } from 'node:path';
import { networkSystem } from '../../src/fhir/names.ts';
import { referenceTo } from '../../src/fhir/references.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import type { SourceRecord } from '../../src/mapping/types.ts';
import { provenanceOf } from '../../src/network/provenance.ts';
import { drawNetwork } from '../../src/picture/draw.ts';
import { widthOf } from '../../src/picture/text.ts';
import type { PictureResource } from '../../src/picture/types.ts';
import { today, type Kinds } from '../network/project.ts';

/** The picture of a network as the command line draws it. */
export function pictureOf(record: SourceRecord, kinds: Kinds, at: string = today): string {
  const { resources } = mapRecord(kinds.get(record.kind)!.mapping, record, { at });
  const { provenance } = provenanceOf(record as Parameters<typeof provenanceOf>[0]);
  const source = [basename(record.file), provenance].filter(Boolean).join(', ');
  return drawNetwork({ id: record.id, resources, at, source }) ?? '';
}

type Member = { name: string; role?: string; level?: string; city?: string };

const keyOf = (path: string): string => `${networkSystem}|${path}`;
const reference = (type: string, key: string): { reference: string } => ({
  reference: referenceTo(type, key),
});

/** Resources of an invented network with these members, of no kind that ships. */
export function networkOf(name: string, members: readonly Member[]): PictureResource[] {
  const network = keyOf('maison');
  const make = (type: string, key: string, body: object): PictureResource => ({
    type,
    key,
    body: { resourceType: type, active: true, ...body },
  });
  return [
    make('Organization', network, { name, type: [{ text: 'Maison de santé' }] }),
    ...members.flatMap(({ name: title, role = 'Membre', level, city }, index) => {
      const structure = `https://example.org/structures|${index}`;
      const offer = keyOf(`maison/offer/${index}`);
      return [
        make('Organization', structure, { name: title, ...(city ? { address: [{ city }] } : {}) }),
        make('OrganizationAffiliation', keyOf(`maison/member/${index}`), {
          code: [{ text: role }],
          organization: reference('Organization', network),
          participatingOrganization: reference('Organization', structure),
          ...(level ? { healthcareService: [reference('HealthcareService', offer)] } : {}),
        }),
        ...(level ? [make('HealthcareService', offer, { characteristic: [{ text: level }] })] : []),
      ];
    }),
  ];
}

/** The picture of resources, drawn for the network `maison`. */
export function drawn(resources: readonly PictureResource[], at = today): string {
  return drawNetwork({ id: 'maison', resources, at, source: 'maison.yaml' }) ?? '';
}

export type Line = { text: string; left: number; right: number; top: number; bottom: number };

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The lines of text outside the map, with the room each one takes. */
export function linesOf(svg: string): Line[] {
  const outside = svg.replace(/<g transform="translate[\s\S]*?<\/g><\/g>/g, '');
  return [...outside.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].map(([, attributes, written]) => {
    const value = (name: string): string | undefined =>
      new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes!)?.[1];
    const text = written!.replace(/&([a-z]+|#39);/g, (_, name: string) => entities[name]!);
    const size = Number(value('font-size'));
    const width = widthOf(text, { size, bold: value('font-weight') === 'bold' });
    const start = Number(value('x')) - (value('text-anchor') === 'middle' ? width / 2 : 0);
    const y = Number(value('y'));
    return { text, left: start, right: start + width, top: y - size * 0.8, bottom: y + size * 0.15 };
  });
}

/** Everything written, in order, with lines that were broken joined again. */
export function wordsOf(svg: string): string {
  return linesOf(svg)
    .map(({ text }) => text)
    .join(' ');
}

/** Pairs of lines that cover each other, and lines that leave the sheet. */
export function collisions(svg: string): string[] {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  const lines = linesOf(svg).toSorted((a, b) => a.top - b.top);
  const faults: string[] = [];
  lines.forEach((line, index) => {
    if (line.left < 0 || line.right > width! || line.top < 0 || line.bottom > height!)
      faults.push(`leaves the sheet: ${line.text}`);
    for (let i = index + 1; i < lines.length && lines[i]!.top < line.bottom; i += 1) {
      const other = lines[i]!;
      if (other.left < line.right && other.right > line.left) faults.push(`${line.text} × ${other.text}`);
    }
  });
  return faults;
}
