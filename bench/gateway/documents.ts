/** Large documents posted to a running gateway at once: the example synthesis, each with an attachment that makes it as long as may be. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { composeDocument } from '../../src/document/compose.ts';
import { readDocumentRules } from '../../src/document/rules.ts';
import type { Bundle } from '../../src/fhir/types.ts';
import type { GatewayStage } from './stage.ts';

const root = join(import.meta.dirname, '../..');
const attachmentUrl = 'urn:uuid:2f1c9d6e-7b0a-4c53-9a4e-0d8f5b1e6a77';

export type Flood = { peakMiB: number; slowestMs: number; statuses: number[] };

/**
 * Posts `count` documents of `bytes` at once. A fresh gateway knows no referral that they answer, which is said only after each was
 * read, judged against its profiles and taken apart: 404.
 */
export async function postDocuments(
  stage: GatewayStage,
  pid: number,
  count: number,
  bytes: number,
): Promise<Flood> {
  const document = synthesis();
  const agent = new Agent({ maxSockets: count });
  let [peakMiB, open] = [0, true];
  const watch = (async () => {
    while (open) {
      peakMiB = Math.max(peakMiB, await residentNow(pid));
      await sleep(20);
    }
  })();
  const all = Array.from({ length: count }, (_, n) => post(stage, agent, sized(document, n, bytes)));
  const answers = await Promise.all(all).finally(() => (open = false));
  await watch;
  agent.destroy();
  return {
    peakMiB,
    slowestMs: Math.max(...answers.map(({ ms }) => ms)),
    statuses: answers.map(({ status }) => status),
  };
}

function synthesis(): Bundle {
  const content: unknown = parse(
    readFileSync(join(root, 'examples/documents/coreso-synthesis.yaml'), 'utf8'),
  );
  const { bytes, issues } = composeDocument(content, readDocumentRules(join(root, 'mappings')));
  if (!bytes) throw new Error(issues.map(({ message }) => message).join('\n'));
  return JSON.parse(bytes.toString()) as Bundle;
}

/** The document under an identifier of its own, in three parts, so that fifty of them share the long one. */
function sized(document: Bundle, n: number, bytes: number): [string, Buffer, string] {
  const own = structuredClone(document) as Bundle & { entry: { fullUrl: string; resource: object }[] };
  own.identifier = { ...own.identifier, value: `P14-${n}` };
  const sections = (own.entry[0]!.resource as unknown as { section: { entry?: object[] }[] }).section;
  sections[0]!.entry = [...(sections[0]!.entry ?? []), { reference: attachmentUrl }];
  const resource = { resourceType: 'Binary', contentType: 'application/pdf', data: '' };
  own.entry.push({ fullUrl: attachmentUrl, resource });
  const [head, tail] = JSON.stringify(own).split('"data":""') as [string, string];
  const around = Buffer.byteLength(head) + Buffer.byteLength(tail) + '"data":""'.length;
  return [`${head}"data":"`, dataOf(Math.floor((bytes - around) / 4) * 4), `"${tail}`];
}

let data = Buffer.alloc(0);

function dataOf(length: number): Buffer {
  if (data.length < length) data = Buffer.alloc(length, 'JVBERi0xLjcK');
  return data.subarray(0, length);
}

function post(
  { address, fulfiller }: GatewayStage,
  agent: Agent,
  parts: readonly [string, Buffer, string],
): Promise<{ status: number; ms: number }> {
  const start = performance.now();
  const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  return new Promise((resolve, reject) => {
    const asked = request(
      `${address}/fhir/Bundle`,
      {
        method: 'POST',
        agent,
        headers: {
          ...{ 'content-type': 'application/fhir+json', 'content-length': length },
          authorization: `Basic ${btoa(fulfiller)}`,
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode!, ms: performance.now() - start }));
      },
    );
    asked.on('error', reject);
    for (const part of parts) asked.write(part);
    asked.end();
  });
}

/** Resident memory of a process now (Linux), read without starting another. */
async function residentNow(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}
