/**
 * A job queue doing what a gateway does, with nothing of what it checks: `node queue-server.ts NAME DATABASE_URL HOSPITAL` takes a body,
 * commits it as a job, answers 200, and a worker of the same process posts it to the hospital. NAME: graphile-worker or pg-boss.
 * Prints its URL once its worker runs.
 */
import { Agent, request as ask } from 'node:http';
import { serveBodies } from './body-server.ts';
import { type Queue, queues } from './queues.ts';

const [name, databaseUrl, hospital] = process.argv.slice(2) as [string, string, string];
const agent = new Agent({ keepAlive: true });
const queue: Queue = await queues[name]!(databaseUrl, forward);

serveBodies((body) => queue.add(body.toString('utf8')));

/** The placer's order becomes one of its own, so that the hospital counts it. */
function forward(body: string): Promise<void> {
  const sent = Buffer.from(body.replace('"intent":"order"', '"intent":"filler-order"'));
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/fhir+json', 'content-length': sent.length };
    const asked = ask(`${hospital}/f0/fhir`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error('refused'))));
    });
    asked.once('error', reject);
    asked.end(sent);
  });
}
