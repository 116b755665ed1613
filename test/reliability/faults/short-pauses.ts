/**
 * Loaded before a gateway: the waits of delivery made short, so that hundreds of rounds fit into an hour. Everything else is as it
 * ships. What a server asks for with `Retry-After` is honoured up to the shorter bound.
 */
import { defaultPolicy } from '../../../src/delivery/policy.ts';

Object.assign(defaultPolicy, { baseMs: 200, capMs: 2_000, retryAfterCapMs: 2_000, probeEveryMs: 1_000 });
