import type { Network } from './network.ts';

/** What a network file says of its own origin, as one sentence; nothing when it says nothing. Never published. */
export function provenanceOf({ data }: Network): { provenance?: string } {
  const { source, invente } = (data['provenance'] ?? {}) as { source?: unknown; invente?: unknown };
  const parts = [
    ...(typeof source === 'string' ? [`d’après ${source}`] : []),
    ...(Array.isArray(invente) && invente.length ? ['en partie inventé pour l’exemple'] : []),
  ];
  return parts.length ? { provenance: parts.join(', ') } : {};
}
