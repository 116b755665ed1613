/** Requests counted: a caller that claims to have changed nothing can be taken at its word. */
export type Traffic = {
  /** Counts a request as it comes in; gives its index from 0. */
  arrived(): number;
  count(kind: 'read' | 'write'): void;
  counts(): { reads: number; writes: number };
};

export function createTraffic(): Traffic {
  let requests = 0;
  let reads = 0;
  let writes = 0;
  return {
    arrived: () => requests++,
    count: (kind) => void (kind === 'read' ? (reads += 1) : (writes += 1)),
    counts: () => ({ reads, writes }),
  };
}
