import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { closureIssues } from '../../src/document/closure.ts';
import { composeDocument } from '../../src/document/compose.ts';
import { readDocument } from '../../src/document/read-document.ts';
import { readDocumentRules } from '../../src/document/rules.ts';
import type { Bundle } from '../../src/fhir/types.ts';
import { testValidator } from '../validator.ts';

const rules = readDocumentRules('mappings');
const content = parse(readFileSync('examples/documents/coreso-synthesis.yaml', 'utf8')) as Record<
  string,
  unknown
>;

function composed(change: object = {}): Buffer {
  const { bytes, issues } = composeDocument({ ...content, ...change }, rules);
  expect(issues).toEqual([]);
  return bytes!;
}

function bundle(): Bundle {
  return JSON.parse(composed().toString('utf8')) as Bundle;
}

describe('a document composed from a file', () => {
  it('is the same bytes for the same content, in whatever order it was written', () => {
    const reversed = Object.fromEntries(Object.entries(content).reverse());
    expect(composeDocument(reversed, rules).bytes).toEqual(composed());
  });

  it('satisfies its profiles, hence the cardinalities of FRCompositionDocument', async () => {
    const validator = await testValidator();
    const document = bundle();
    const base = 'https://passerelle.example/fhir/StructureDefinition';
    const issues = [
      ...validator.validate(document, [`${base}/pas-document-bundle`]),
      ...validator.validate(document.entry![0]!.resource, [`${base}/pas-synthesis`]),
    ];
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('is closed: everything reachable is inside and nothing else (DOC-01, DOC-02)', () => {
    expect(closureIssues(bundle())).toEqual([]);
    expect(readDocument(composed())).toMatchObject({
      key: 'https://coreso.example/documents|SYNTHESE-2026-0001',
      orderKeys: ['https://ch-le-vinatier.example/demandes|CORESO-2026-0001'],
    });
  });

  it('is judged as the edge parsed it, and not parsed again', () => {
    const parsed = bundle() as unknown as Parameters<typeof readDocument>[2];
    expect(readDocument(Buffer.from('no JSON'), undefined, parsed)).toEqual(readDocument(composed()));
  });

  it('says that nothing is known where a section has no line (IPS-02)', () => {
    const [{ resource }] = bundle().entry as unknown as [
      { resource: { section: { title: string; emptyReason?: object }[] } },
    ];
    const empty = resource.section.filter(({ emptyReason }) => emptyReason);
    expect(empty.map(({ title }) => title)).toEqual(['Allergies et intolérances']);
  });

  it('keeps what a person wrote as text, never as markup', () => {
    const sections = { ...(content['sections'] as object), plan: ['<script>&"'] };
    expect(composed({ sections }).toString('utf8')).not.toContain('<script>');
  });

  it.each<[string, object, string[]]>([
    ['an unknown type', { type: 'ordonnance' }, ['type']],
    ['a type taken from the prototype', { type: 'constructor' }, ['type']],
    ['a date without zone', { date: '2026-11-20T10:00:00' }, ['date']],
    ['no author and no patient', { auteur: undefined, patient: null }, ['auteur', 'patient']],
    ['a missing section', { sections: { problemes: [] } }, ['sections.traitements', 'sections.plan']],
    [
      'an unknown section',
      { sections: { ...(content['sections'] as object), autre: ['x'] } },
      ['sections.autre'],
    ],
    [
      'a section that is neither lines nor a text',
      { sections: { ...(content['sections'] as object), plan: { texte: 'x' } } },
      ['sections.plan'],
    ],
  ])('is refused for %s, naming the field and no value', (_case, change, paths) => {
    const { bytes, issues } = composeDocument({ ...content, ...change }, rules);
    expect(bytes).toBeUndefined();
    expect(issues.map(({ expression }) => expression)).toEqual(expect.arrayContaining(paths));
  });

  it('keeps the paragraphs of a section that is a text', () => {
    const sections = {
      ...(content['sections'] as object),
      plan: 'Un début\nqui continue.\n\nUne suite <b>.',
    };
    const text = composed({ sections }).toString('utf8');
    expect(text).toContain('<p>Un début qui continue.</p><p>Une suite &#60;b&#62;.</p>');
  });

  it.each([undefined, null, 'texte', 7, [], {}])('is refused when the file holds %j', (value) => {
    expect(composeDocument(value, rules).bytes).toBeUndefined();
  });
});

describe('a document received', () => {
  const refused = (
    change: (document: Bundle) => void,
  ): { category: string; issues: { expression: string }[] } => {
    const document = bundle();
    change(document);
    try {
      readDocument(Buffer.from(JSON.stringify(document)));
    } catch (error) {
      return error as never;
    }
    throw new Error('accepted');
  };

  it.each<[string, (document: Bundle) => void, string]>([
    ['without identifier', (document) => void delete document.identifier, 'Bundle.identifier'],
    ['without timestamp', (document) => void delete document.timestamp, 'Bundle.timestamp'],
    [
      'whose first entry is no Composition',
      (document) => void document.entry!.reverse(),
      'Bundle.entry[0].resource',
    ],
    [
      'with an entry nobody reaches',
      (document) =>
        void document.entry!.push({
          fullUrl: 'urn:uuid:9',
          resource: { resourceType: 'Basic', code: {} } as never,
        }),
      'Bundle.entry[5]',
    ],
    [
      'with a reference that leads nowhere',
      (document) => void document.entry!.pop(),
      'Bundle.entry[0].resource.encounter',
    ],
    [
      'with two entries of one fullUrl',
      (document) => void (document.entry![4]!.fullUrl = document.entry![3]!.fullUrl!),
      'Bundle.entry[4].fullUrl',
    ],
    [
      'with request parts',
      (document) => void (document.entry![1]!.request = { method: 'POST', url: 'Patient' }),
      'Bundle.entry[1]',
    ],
  ])('is refused %s', (_case, change, expression) => {
    const error = refused(change);
    expect(error.category).toBe('unprocessable');
    expect(error.issues.map((issue) => issue.expression)).toContain(expression);
  });

  it.each<[string, Buffer]>([
    ['no JSON', Buffer.from('<Bundle/>')],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['a prototype key', Buffer.from('{"resourceType":"Bundle","type":"document","__proto__":{}}')],
    ['another Bundle', Buffer.from('{"resourceType":"Bundle","type":"collection"}')],
    ['null', Buffer.from('null')],
  ])('is refused when it is %s, without quoting it', (_case, bytes) => {
    expect(() => readDocument(bytes)).toThrow(expect.objectContaining({ category: 'invalid' }));
  });
});

describe('closure', () => {
  /** Any graph of entries: each refers to some others. */
  const graph = fc.array(fc.array(fc.nat(9), { maxLength: 4 }), { minLength: 1, maxLength: 10 });

  it('finds exactly the entries that no way from the Composition leads to', () => {
    fc.assert(
      fc.property(graph, (links) => {
        const entry = links.map((targets, index) => ({
          fullUrl: `urn:uuid:${index}`,
          resource: {
            resourceType: 'Basic',
            list: targets
              .filter((target) => target < links.length)
              .map((target) => ({ reference: `urn:uuid:${target}` })),
          },
        }));
        const reached = new Set<number>();
        const visit = (index: number): void => {
          if (reached.has(index)) return;
          reached.add(index);
          for (const target of links[index]!) if (target < links.length) visit(target);
        };
        visit(0);
        const issues = closureIssues({
          resourceType: 'Bundle',
          type: 'document',
          entry,
        } as unknown as Bundle);
        const lost = links.map((_, index) => index).filter((index) => !reached.has(index));
        expect(issues.map(({ expression }) => expression)).toEqual(
          lost.map((index) => `Bundle.entry[${index}]`),
        );
      }),
    );
  });

  it('resolves relative references from the address of the entry that refers (CORE-09)', () => {
    const at = (id: string, list: object[] = []) => ({
      fullUrl: `https://h.example/fhir/Basic/${id}`,
      resource: { resourceType: 'Basic', list },
    });
    const entry = [
      at('a', [{ reference: 'Basic/b' }]),
      at('b', [{ reference: '#x' }, { identifier: { value: 'y' } }]),
    ];
    expect(closureIssues({ resourceType: 'Bundle', type: 'document', entry } as unknown as Bundle)).toEqual(
      [],
    );
  });
});
