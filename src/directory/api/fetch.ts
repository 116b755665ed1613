/** One GET to a directory: never redirected, never retried, body read up to a limit after decompression. */
import { GatewayError } from '../../fhir/error.ts';

export type Answer = { status: number; headers: Headers; body: Buffer };

export type Fetch = (
  url: string,
  ask: { headers: Record<string, string>; signal: AbortSignal; mostBytes: number },
) => Promise<Answer>;

/**
 * Throws GatewayError (side `directory`): `timeout` or `unavailable` when there is no whole answer, `too-large` beyond
 * `mostBytes`. An abort that is no deadline is thrown as it came.
 */
export const fetchAnswer: Fetch = async (url, { headers, signal, mostBytes }) => {
  try {
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    return { status: response.status, headers: response.headers, body: await readBody(response, mostBytes) };
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    const late = signal.aborted && (signal.reason as { name?: string } | undefined)?.name === 'TimeoutError';
    if (signal.aborted && !late) throw signal.reason;
    throw new GatewayError({
      category: late ? 'timeout' : 'unavailable',
      side: 'directory',
      message: late
        ? 'L’annuaire ne répond pas dans le délai.'
        : `La connexion à l’annuaire ne s’établit pas ou se rompt (${codeOf(error)}).`,
    });
  }
};

async function readBody(response: Response, mostBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (!response.body) return Buffer.alloc(0);
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) {
      throw new GatewayError({
        category: 'too-large',
        side: 'directory',
        retryable: false,
        message: `La réponse de l’annuaire dépasse ${mostBytes} octets décompressés : elle n’est pas lue.`,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Only the code: an error of fetch holds addresses and headers. */
function codeOf(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } } | undefined)?.cause;
  return typeof cause?.code === 'string' ? cause.code : 'connexion';
}
