/** The operations of the gateway that owns the folder, asked over its admin endpoint by a command line beside it. */
import { type Category, GatewayError, type Side } from '../fhir/error.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Operations } from '../operations.ts';
import { Agent } from '../server/undici.ts';
import type { Owner } from '../store/owner.ts';

/** A synchronisation takes as long as it takes: it is not the answer that may be late, but the gateway that may be gone. */
const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

type Problem = { type?: string; detail?: string; side?: Side; issues?: Issue[] };

/** Operations that call the owner; every failure comes back as the GatewayError it was there. */
export function remoteOperations(owner: Owner & { adminUrl: string }): Operations {
  return new Proxy({} as Operations, {
    get: (_target, name) => (args: unknown) => call(owner, String(name), args),
  });
}

async function call(owner: Owner & { adminUrl: string }, name: string, args: unknown): Promise<unknown> {
  const response = await fetch(`${owner.adminUrl}/admin/v1/operations/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.token}` },
    body: JSON.stringify(args),
    dispatcher: patient as never, // Node types its own copy of undici; the major is the same
  }).catch((cause: unknown) => {
    throw new GatewayError({
      category: 'unavailable',
      side: 'gateway',
      message: `La passerelle du dossier (processus ${owner.pid}) ne répond pas.`,
      cause,
    });
  });
  const body: unknown = await response.json();
  if (response.ok) return body;
  const problem = body as Problem;
  throw new GatewayError({
    category: (problem.type?.split('/').at(-1) ?? 'fault') as Category,
    side: problem.side ?? 'gateway',
    message: problem.detail ?? `La passerelle a répondu ${response.status}.`,
    issues: problem.issues ?? [],
  });
}
