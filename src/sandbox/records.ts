import type { Memory } from './memory.ts';
import type { Pages } from './pages.ts';

/** What every interaction works on: the hospital's memory and its habits. */
export type Records = {
  memory: Memory;
  pages: Pages;
  /** Base URL without trailing slash. */
  base: string;
  /** Who chooses logical ids; with `server`, a PUT to an unknown id is refused. */
  ids: 'client' | 'server';
  /** Refuse references to resources that are not here. */
  checkReferences: boolean;
  /** Largest page, whatever `_count` says. */
  pageSize: number;
  /** Now, as an instant. */
  now(): string;
  newId(): string;
};
