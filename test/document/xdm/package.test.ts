/** The package that a GP without a FHIR server gets, held to the rules of the French header and of XDM. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { composeDocument } from '../../../src/document/compose.ts';
import { readDocument } from '../../../src/document/read-document.ts';
import { readDocumentRules } from '../../../src/document/rules.ts';
import { instanceOf, timeStamp, utcStamp } from '../../../src/document/xdm/ids.ts';
import { xdmPackage } from '../../../src/document/xdm/package.ts';
import { readPackageRules } from '../../../src/document/xdm/rules.ts';
import { element, words, xmlFile } from '../../../src/document/xdm/xml.ts';
import { at, filesIn, parseXml, type XmlNode } from './read-package.ts';

const documentRules = readDocumentRules('mappings');
const rules = readPackageRules('mappings', documentRules.confidentiality);
const example = parse(readFileSync('examples/documents/coreso-synthesis.yaml', 'utf8')) as { type: string };
const pdf = Buffer.from('%PDF-1.7 essai');

function made(change: object = {}): Promise<Buffer> {
  const { bytes } = composeDocument({ ...example, ...change }, documentRules);
  const facts = readDocument(bytes!);
  const rule = documentRules.types[example.type]!;
  return xdmPackage({ facts, rule, rules, pdf, recipients: ['Dr ESSAI-VILLE'] });
}

describe('an XDM package', () => {
  let files: Map<string, Buffer>;
  let cda: XmlNode;
  let metadata: XmlNode;
  beforeAll(async () => {
    files = await filesIn(await made());
    cda = parseXml(files.get('IHE_XDM/SUBSET01/DOC00001.XML')!);
    metadata = parseXml(files.get('IHE_XDM/SUBSET01/METADATA.XML')!);
  });
  const attributes = (path: string): Readonly<Record<string, string>>[] =>
    at(cda, path).map((node) => node.attributes);

  it('holds a cover, a readme, metadata and one document, and names no patient outside of them', () => {
    expect([...files.keys()]).toEqual([
      ...['INDEX.HTM', 'README.TXT', 'IHE_XDM/SUBSET01/METADATA.XML', 'IHE_XDM/SUBSET01/DOC00001.XML'],
    ]);
    for (const name of ['INDEX.HTM', 'README.TXT'])
      expect(files.get(name)!.toString('utf8')).not.toMatch(/ESSAI|800012345|1974/);
  });

  it('has the same bytes for the same document', async () => {
    expect((await made()).equals(await made())).toBe(true);
  });

  it('has the elements of the French CDA header in their order, each as often as it must be', () => {
    expect(cda.children.map(({ name }) => name)).toEqual([
      ...['realmCode', 'typeId', 'templateId', 'templateId', 'templateId', 'id', 'code', 'title'],
      ...['effectiveTime', 'confidentialityCode', 'languageCode', 'versionNumber', 'recordTarget', 'author'],
      ...['custodian', 'informationRecipient', 'legalAuthenticator', 'inFulfillmentOf', 'documentationOf'],
      ...['componentOf', 'component'],
    ]);
    expect(attributes('typeId')).toEqual([{ root: '2.16.840.1.113883.1.3', extension: 'POCD_HD000040' }]);
    expect(attributes('templateId').map(({ root }) => root)).toEqual([
      ...['2.16.840.1.113883.2.8.2.1', '1.2.250.1.213.1.1.1.1', '1.3.6.1.4.1.19376.1.2.20'],
    ]);
    expect(attributes('code')[0]).toEqual({
      ...{ code: '34133-9', codeSystem: '2.16.840.1.113883.6.1', displayName: 'Synthèse d’épisode de soins' },
    });
    expect(attributes('languageCode')).toEqual([{ code: 'fr-FR' }]);
    expect(attributes('confidentialityCode')).toEqual([
      { code: 'N', codeSystem: '2.16.840.1.113883.5.25', displayName: 'Normal' },
    ]);
  });

  it('names the patient with a qualified name, the author by idNatPs and the custodian by idNatSt', () => {
    const patient = 'recordTarget/patientRole';
    expect(attributes(`${patient}/id`)).toEqual([
      { root: expect.stringMatching(/^2\.25\.\d+$/), extension: '800012345' },
    ]);
    expect(at(cda, `${patient}/patient/name/family`)[0]).toMatchObject({
      ...{ attributes: { qualifier: 'BR' }, text: 'ESSAI-CORESO' },
    });
    expect(attributes(`${patient}/patient/birthTime`)).toEqual([{ value: '19741203' }]);
    expect(attributes('author/assignedAuthor/id')).toEqual([
      { root: '1.2.250.1.71.4.2.1', extension: '810999900029' },
    ]);
    expect(at(cda, 'author/assignedAuthor/assignedPerson/name/family')[0]!.text).toBe('ESSAI-GENERALISTE');
    expect(attributes('custodian/assignedCustodian/representedCustodianOrganization/id')).toEqual([
      { root: '1.2.250.1.71.4.2.2', extension: '1990780033' },
    ]);
    expect(attributes('legalAuthenticator/signatureCode')).toEqual([{ code: 'S' }]);
    expect(
      at(cda, 'componentOf/encompassingEncounter/location/healthCareFacility/code')[0]!.attributes['code'],
    ).toBe('SA01');
  });

  it('carries the very bytes of the PDF', () => {
    const [text] = at(cda, 'component/nonXMLBody/text');
    expect(text!.attributes).toEqual({ mediaType: 'application/pdf', representation: 'B64' });
    expect(Buffer.from(text!.text, 'base64').equals(pdf)).toBe(true);
  });

  it('says of its document the size and hash it has, under the identifier it carries', () => {
    const bytes = files.get('IHE_XDM/SUBSET01/DOC00001.XML')!;
    const [document] = at(metadata, 'RegistryObjectList/ExtrinsicObject');
    const slots = new Map(
      at(document!, 'Slot').map((slot) => [slot.attributes['name'], at(slot, 'ValueList/Value')[0]!.text]),
    );
    expect(slots.get('size')).toBe(String(bytes.length));
    expect(slots.get('hash')).toBe(createHash('sha1').update(bytes).digest('hex'));
    expect(slots.get('URI')).toBe('DOC00001.XML');
    expect(slots.get('creationTime')).toBe('20261120153000');
    const unique = at(document!, 'ExternalIdentifier').find(({ attributes: { identificationScheme } }) =>
      identificationScheme!.includes('2e82c1f6'),
    );
    expect(unique!.attributes['value']).toBe(attributes('id')[0]!['root']);
  });

  it('submits what it says it does: the set has the document as member, nothing has an id twice', () => {
    const [association] = at(metadata, 'RegistryObjectList/Association');
    expect(association!.attributes).toMatchObject({
      ...{ sourceObject: 'SubmissionSet01', targetObject: 'Document01' },
    });
    const ids: string[] = [];
    const visit = ({ attributes: { id }, children }: XmlNode): void => {
      if (id) ids.push(id);
      children.forEach(visit);
    };
    visit(metadata);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names the document it replaces by the identifier that one had', async () => {
    const of = async (change: object): Promise<XmlNode> =>
      parseXml((await filesIn(await made(change))).get('IHE_XDM/SUBSET01/DOC00001.XML')!);
    const identifiant = { system: 'https://coreso.example/documents', value: 'SYNTHESE-2026-0001' };
    const first = await of({ identifiant });
    const second = await of({ identifiant: { ...identifiant, value: 'CORRECTIF' }, remplace: identifiant });
    const [related] = at(second, 'relatedDocument');
    expect(related!.attributes).toEqual({ typeCode: 'RPLC' });
    expect(at(related!, 'parentDocument/id')[0]!.attributes).toEqual(at(first, 'id')[0]!.attributes);
  });
});

describe('XML as it is written here', () => {
  it('reads back as what was written, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (attribute, text) => {
        const node = parseXml(xmlFile(element('a', { b: attribute }, words(text))));
        const readable = (one: string): string =>
          [...one.toWellFormed()]
            .map((char) =>
              /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]$/u.test(char) ? char : '\uFFFD',
            )
            .join('');
        expect(node.attributes['b']).toBe(readable(attribute));
        expect(node.text).toBe(readable(text));
        expect(node.children).toEqual([]);
      }),
    );
  });
});

describe('identifiers and times of HL7 v3', () => {
  it.each([
    ['2026-11-20T16:30:00+01:00', '20261120163000+0100', '20261120153000'],
    ['2026-11-20T15:30:00.25Z', '20261120153000+0000', '20261120153000'],
    ['2026-11-20', '20261120', '20261120'],
    ['1974', '1974', '1974'],
  ])('%s is %s', (moment, stamp, utc) => {
    expect([timeStamp(moment), utcStamp(moment)]).toEqual([stamp, utc]);
  });

  it('an INS keeps its OID, a hospital identifier gets one that follows from its system', () => {
    expect(instanceOf('urn:oid:1.2.250.1.213.1.4.10|174129910000157')).toEqual({
      ...{ root: '1.2.250.1.213.1.4.10', extension: '174129910000157' },
    });
    const [a, b] = ['1', '2'].map((value) => instanceOf(`https://hopital.example/ipp|${value}`));
    expect(a!.root).toBe(b!.root);
    expect(a!.root).toMatch(/^2\.25\.\d{30,39}$/);
  });
});
