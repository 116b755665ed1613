/** The ledger names the versions of mapping and protocol that a referral and its documents were judged by. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { told } from '../../src/cli/referral-told.ts';
import { receiveDocument } from '../../src/document/receive.ts';
import type { Json } from '../../src/fhir/types.ts';
import { readyForDocument } from '../document/ready.ts';
import { startStory, type Story, synthesis, tenant } from './story.ts';

const mapping = '0123456789abcdef';
const version = /^[0-9a-f]{16}$/;

let story: Story;
let events: { kind: string; detail: { [name: string]: Json } }[];
beforeAll(async () => {
  story = await startStory();
  const basis = `2026-11-20 ${mapping}${mapping} digest-of-the-directory`;
  await story.context.store.desired.note(tenant, [
    { networkId: 'coreso-le-vinatier', sourceHash: 'h', basis, issues: [] },
  ]);
  const { id } = await readyForDocument(story);
  await receiveDocument(
    story.documents,
    story.coreso,
    synthesis(story.documents, { statut: 'preliminaire' }),
  );
  const identifiant = { system: 'https://coreso.example/documents', value: 'SYNTHESE-2026-0002' };
  await receiveDocument(story.documents, story.coreso, synthesis(story.documents, { identifiant }));
  events = (await story.context.store.referrals.events(tenant, id)) as never;
});
afterAll(() => story.close());

const detailOf = (kind: string) => events.find((one) => one.kind === kind)!.detail;

describe('the ledger', () => {
  it('names, for a referral, the protocol’s version, the mapping that made it and the rules that judged it', () => {
    expect(detailOf('accepted')).toMatchObject({
      ...{ network: 'coreso-le-vinatier', protocol: expect.stringContaining('/PlanDefinition/') },
      ...{ version: expect.stringMatching(version), mapping, rules: expect.stringMatching(version) },
    });
  });

  it('names, for a document, the mapping that its metadata were made by, preliminary and final alike', () => {
    const { version: current } = story.documents.rules;
    expect(current).toMatch(version);
    expect(detailOf('document-preliminary')).toMatchObject({ mapping: current });
    expect(detailOf('document-final')).toMatchObject({ mapping: current });
  });

  it('is shown in French by referral show', () => {
    const { version: protocol, rules } = detailOf('accepted') as Record<string, string>;
    const detail = { clocks: [], people: [], deliveries: [], overdue: [], timeline: events };
    const lines = told({ id: 'r', network: 'n', state: 'accepted', ...detail } as never).join('\n');
    expect(lines).toContain(`(version ${protocol}) correspondances ${mapping} règles ${rules}`);
    expect(lines).toMatch(/document définitif .* correspondances [0-9a-f]{16}/);
  });
});
