import type { Reply } from './http.ts';

/** The demonstration stops where a step does not go as told, and says what the gateway answered. */
export function expectStatus({ status, resource }: Reply, wanted: number, what: string): void {
  if (status === wanted) return;
  const issues = (resource['issue'] ?? []) as { details?: { text?: string }; expression?: string[] }[];
  const texts = issues.map(({ details, expression }) =>
    [expression?.[0], details?.text].filter(Boolean).join(' '),
  );
  throw new Error(`${what} : ${wanted} attendu, ${status} reçu. ${texts.join(' ')}`);
}
