/**
 * The two parts of undici in use, from their own files: its index loads mocks, caches and WebSocket as well, which costs
 * every start 15 MiB and 60 ms. The version is exact, and every request of test/server goes through these.
 */
import { createRequire } from 'node:module';
import type undici from 'undici';

const require = createRequire(import.meta.url);

export const Agent = require('undici/lib/dispatcher/agent.js') as typeof undici.Agent;
export const DecoratorHandler =
  require('undici/lib/handler/decorator-handler.js') as typeof undici.DecoratorHandler;
