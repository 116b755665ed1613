/** What commands get to work with; main.ts assembles it. Commands parse, ask and print, nothing more. */
import type { Config } from '../config.ts';
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource, JsonObject } from '../fhir/types.ts';
import type { MappedResource } from '../mapping/types.ts';
import type { ExportedList, WantedList } from '../network/export-list.ts';
import type { DescribedVersion, NetworkDifference, Operations } from '../operations.ts';

/** A network file read, checked and, where it may be, mapped. */
export type MappedNetwork = {
  file: string;
  id?: string;
  kind?: string;
  resources: readonly MappedResource[];
  issues: Issue[];
  /** Where the file says its facts come from. */
  provenance?: string;
};

/** A network read back from FHIR: the text of its file, the same as data, and what that does not explain. */
export type ReversedNetwork = { id: string; kind: string; text: string; record: JsonObject; issues: Issue[] };

/** A file, or a version that was published; as of a day, or all of it. */
export type DiffSide = ({ file: string } | { version: DescribedVersion }) & { at?: string };

/** A gateway to ask: our own process, or the one that owns the folder (rule 9). */
export type Connection = { operations: Operations; where: 'here' | 'beside'; close(): Promise<void> };

/** A running gateway. */
export type Serving = { address: string; stop(): Promise<void> };

/** What a file is read with beside itself: the configuration that was named, for its French choices. */
export type ReadWith = { config?: string | undefined };

export type CliContext = {
  loadConfig(file: string | undefined): Config;
  connect(config: Config): Promise<Connection>;
  serve(config: Config): Promise<Serving>;
  migrate(config: Config): Promise<string[]>;
  /** Reads, checks and maps network files; `at` is a day, `YYYY-MM-DD`. */
  readNetworks(
    files: readonly string[],
    options: ReadWith & { at: string; explain?: boolean },
  ): Promise<MappedNetwork[]>;
  /**
   * Maps a network whose list is a CSV file of any length, resource by resource; undefined when it is to be mapped as a
   * whole. What was written before that, or before an error, is to be thrown away.
   */
  mapPaged(
    file: string,
    options: ReadWith & { at: string },
    write: (resource: AnyResource) => Promise<void>,
  ): Promise<{ issues: Issue[]; resources: number } | undefined>;
  /** A document from its content (YAML or JSON), the text of `file`: the Bundle to send, its print. Throws `invalid`. */
  buildDocument(text: string, file: string): Promise<{ bundle: Buffer; pdf: Buffer }>;
  /** A starter file (YAML) of a kind, to stand in a folder. Throws `not-found` for a kind there is not. */
  starter(kind: string, folder: string): Promise<string>;
  /** A list of a network file; on a day (`YYYY-MM-DD`) only what is in force. Throws `invalid` or `not-found`. */
  exportList(file: string, wanted: ReadWith & WantedList & { network?: string }): Promise<ExportedList>;
  /** Issues of a configuration file. */
  checkConfig(file: string): Issue[];
  /** Issues of a mapping file. */
  checkMapping(file: string): Promise<Issue[]>;
  validate(resource: unknown, profiles: readonly string[], options: ReadWith): Promise<Issue[]>;
  /** Network files that would publish these resources; `file` is where they came from. */
  reverse(
    resources: readonly AnyResource[],
    options: ReadWith & { at: string; file: string },
  ): Promise<{ networks: ReversedNetwork[]; issues: Issue[] }>;
  /** Compares two descriptions: files, or versions that were published. */
  diffNetworks(
    a: DiffSide,
    b: DiffSide,
    options: ReadWith,
  ): Promise<{ differences: NetworkDifference[]; issues: Issue[] }>;
  bundleOf(networks: readonly MappedNetwork[]): AnyResource;
  demo(options: DemoOptions, output: Output): Promise<number>;
  /** Starts an emulated national directory. Throws `invalid` with every fault of the scenario, `unavailable` for a taken port. */
  emulate(options: EmulateOptions): Promise<Emulating>;
  output: Output;
  today(): string;
  /** Resolves when the person or the system asks the program to stop. */
  stopRequested(): Promise<void>;
};

export type DemoOptions = { once: boolean; json: boolean; hapi: boolean; seed?: number; port?: number };

export type EmulateOptions = {
  port?: number;
  host?: string;
  roles?: number;
  seed?: number;
  scenario?: string;
  files?: string;
  /** First day, `YYYY-MM-DD`. */
  start?: string;
  daySeconds?: number;
};

/** A running emulated directory; `told` is what callers need to know of it. */
export type Emulating = {
  told: {
    base: string;
    key: string;
    /** Base of the control calls. */
    control: string;
    seed: number;
    date: string;
    served: Record<string, number>;
    files: string[];
  };
  stop(): Promise<void>;
};

/** Where commands write: people read French lines, programs one JSON value. */
export type Output = {
  line(text?: string): void;
  json(value: unknown): void;
  /** What should be known beside the answer: standard error, so that answers stay clean. */
  note(text: string): void;
  /** Progress of long work; only a terminal sees it. */
  progress(text: string): void;
  error(text: string): void;
};

/** Exit codes of every command (docs/cli.md). */
export const exit = { ok: 0, findings: 1, usage: 2, unreachable: 3 } as const;
