/** Load on an HTTP server: by clients that wait for their answers, or at a pace that waits for nobody (no coordinated omission). */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchReferral } from './fresh-referrals.ts';

/** `sentAt` and `answeredAt` in milliseconds since 1970; an open loop counts from when a request was due. */
export type Sent = { order: string; status: number; sentAt: number; answeredAt: number };

export type Sender = {
  /** Posts one; status 0 when the connection broke. */
  post(referral: BenchReferral, dueAt?: number): Promise<Sent>;
  close(): void;
};

/** A sender with at most so many connections. */
export function createSender(url: string, authorization: string, connections: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const now = (): number => performance.timeOrigin + performance.now();
  return {
    post: ({ order, body }, dueAt) =>
      new Promise((resolve) => {
        const sentAt = dueAt ?? now();
        const done = (status: number): void => resolve({ order, status, sentAt, answeredAt: now() });
        const headers = {
          ...{ 'content-type': 'application/fhir+json', authorization, 'content-length': body.length },
        };
        const asked = request(url, { method: 'POST', agent, headers }, (answer) => {
          answer.resume();
          answer.once('error', () => done(0)).once('end', () => done(answer.statusCode!));
        });
        asked.once('error', () => done(0));
        asked.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** So many clients, each posting its next as soon as it is answered, for some milliseconds. */
export async function closedLoop(
  sender: Sender,
  next: () => BenchReferral,
  { clients, forMs }: { clients: number; forMs: number },
): Promise<Sent[]> {
  const sent: Sent[] = [];
  const end = performance.now() + forMs;
  const client = async (): Promise<void> => {
    while (performance.now() < end) sent.push(await sender.post(next()));
  };
  await Promise.all(Array.from({ length: clients }, client));
  return sent;
}

/** One every 1/rate second whatever became of those before. */
export async function openLoop(
  sender: Sender,
  next: () => BenchReferral,
  { perSecond, forMs }: { perSecond: number; forMs: number },
): Promise<Sent[]> {
  const all: Promise<Sent>[] = [];
  const start = performance.timeOrigin + performance.now();
  for (let n = 0; (n * 1000) / perSecond < forMs; n += 1) {
    const dueAt = start + (n * 1000) / perSecond;
    const wait = dueAt - (performance.timeOrigin + performance.now());
    if (wait > 1) await sleep(wait);
    all.push(sender.post(next(), dueAt));
  }
  return Promise.all(all);
}

/** Throws unless all were accepted: failures are counted, never dropped. */
export function allAccepted(sent: readonly Sent[]): readonly Sent[] {
  const bad = sent.filter(({ status }) => status < 200 || status > 299);
  if (bad.length)
    throw new Error(`${bad.length} of ${sent.length} not accepted, first with ${bad[0]!.status}`);
  return sent;
}
