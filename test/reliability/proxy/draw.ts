/** A seed's faults: first how bad the network is as a whole, then what befalls each request. */
import { type Random, seeded } from '../random.ts';
import { type Fault, type FaultKind, faultKinds } from './fault.ts';

/** Everything that a seed decides about one proxy beside the single requests; printed with a run. */
export type FaultOptions = {
  seed: number;
  /** Share of requests that meet a fault. */
  rate: number;
  kinds: FaultKind[];
  /** Longest time for which connections are refused, and that something slow takes. */
  refuseMs: number;
  slowMs: number;
  /** Time between the two of a request delivered twice. */
  apartMs: number;
};

/** What a hospital, or something before it, may say about when to come back. */
const seconds = ['0', '1', '2'];
const absurd = ['-5', 'bientôt', '', '1e9', '99999999999', 'Thu, 01 Jan 1970 00:00:00 GMT'];

/** The network of a seed: from a fault in ten requests to one in two, of two kinds at least. */
export function optionsOf(seed: number): FaultOptions {
  const random = seeded(seed);
  const kinds = faultKinds.filter(() => random.chance(0.6));
  while (kinds.length < 2) kinds.push(random.pick(faultKinds.filter((kind) => !kinds.includes(kind))));
  return {
    ...{ seed, kinds, rate: 0.1 + 0.4 * random.fraction() },
    ...{ refuseMs: 200 + random.below(1_500), slowMs: 300 + random.below(3_000), apartMs: random.below(200) },
  };
}

/** What befalls the request of a number, the same for the same seed; `now` dates a date of `Retry-After`. */
export function faultOf(options: FaultOptions, request: number, now: number): Fault | undefined {
  const random = seeded(Math.imul(options.seed + 1, 0x9e3779b1) ^ Math.imul(request + 1, 0x85ebca6b));
  if (!random.chance(options.rate)) return undefined;
  return drawn(random.pick(options.kinds), options, random, now);
}

/** One fault of a kind. */
function drawn(kind: FaultKind, options: FaultOptions, random: Random, now: number): Fault {
  switch (kind) {
    case 'refuse':
      return { kind, ms: 50 + random.below(options.refuseMs) };
    case 'reset':
      return { kind, in: random.pick(['request', 'answer'] as const), part: random.fraction() };
    case 'half-open':
      return { kind, reached: random.chance(0.5) };
    case 'slow':
      return {
        kind,
        in: random.pick(['request', 'answer'] as const),
        ms: 100 + random.below(options.slowMs),
      };
    case 'truncate':
      return { kind, part: random.fraction(), hidden: random.chance(0.5) };
    case 'duplicate': {
      const apartMs = random.chance(0.5) ? 0 : random.below(options.apartMs + 1);
      return { kind, apartMs, answer: random.pick(['first', 'second'] as const) };
    }
    case 'throttle':
      return { kind, retryAfter: retryAfter(random, now) };
    case 'status':
      return { kind, status: random.pick([500, 502, 503, 504] as const), reached: random.chance(0.5) };
    case 'length':
      return { kind, by: (random.chance(0.5) ? 1 : -1) * (1 + random.below(200)) };
    case 'page':
      return { kind, reached: random.chance(0.5) };
  }
}

function retryAfter(random: Random, now: number): string {
  const date = new Date(now + 1_000 * (1 + random.below(2))).toUTCString();
  return random.pick([random.pick(seconds), date, random.pick(absurd)]);
}
