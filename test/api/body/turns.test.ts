import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { takeTurns } from '../../../src/api/body/turns.ts';

const mebi = 1024 * 1024;

/** Requests by name that came in, as they are let through; `end` closes one. */
function gate(waitMs?: number) {
  const handler = takeTurns(20 * mebi, 40 * mebi, waitMs);
  const entered: string[] = [];
  const refused: unknown[] = [];
  const come = (name: string, headers: Record<string, string>): (() => void) => {
    const response = new EventEmitter();
    const next = (error?: unknown): void =>
      void (error === undefined ? entered.push(name) : refused.push(error));
    void handler({ headers } as unknown as Request, response as unknown as Response, next);
    return () => void response.emit('close');
  };
  const sized = (name: string, bytes: number): (() => void) =>
    come(name, { 'content-length': String(bytes) });
  return { entered, refused, come, sized };
}

describe('large bodies', () => {
  it('wait their turn in the order they came, and small ones pass by', () => {
    const { entered, sized, come } = gate();
    const [endA, endB] = [sized('a', 20 * mebi), sized('b', 20 * mebi)];
    const endC = sized('c', 20 * mebi);
    sized('d', 2 * mebi);
    sized('small', mebi);
    come('read', {});
    expect(entered).toEqual(['a', 'b', 'small', 'read']);
    endB();
    expect(entered.slice(4)).toEqual(['c']);
    endA();
    expect(entered.slice(5)).toEqual(['d']);
    endC();
  });

  it('count as the largest there may be when nobody knows: in pieces, or compressed', () => {
    const { entered, come } = gate();
    come('pieces', { 'transfer-encoding': 'chunked' });
    come('gzip', { 'content-length': String(mebi), 'content-encoding': 'gzip' });
    come('third', { 'transfer-encoding': 'chunked' });
    come('little gzip', { 'content-length': '9000', 'content-encoding': 'gzip' });
    expect(entered).toEqual(['pieces', 'gzip', 'little gzip']);
  });

  it('whose sender goes away while it waits give no turn away and take none', () => {
    const { entered, sized } = gate();
    const [endA, endB] = [sized('a', 20 * mebi), sized('b', 20 * mebi)];
    const endC = sized('c', 20 * mebi);
    sized('d', 20 * mebi);
    endC();
    expect(entered).toEqual(['a', 'b']);
    endA();
    endB();
    expect(entered).toEqual(['a', 'b', 'd']);
  });

  it('that got no turn in time are told to come back, and those behind them are not held up', async () => {
    const { entered, refused, sized } = gate(20);
    const endA = sized('a', 20 * mebi);
    sized('b', 20 * mebi);
    const endC = sized('c', 20 * mebi);
    await sleep(60);
    expect(refused).toEqual([expect.objectContaining({ category: 'unavailable', retryAfterMs: 5_000 })]);
    endC();
    sized('d', 20 * mebi);
    endA();
    expect(entered).toEqual(['a', 'b', 'd']);
  });
});
