/** Words of the files that the emulated directory writes. */

/** Which files: the three flat extracts, FINESS in the old and in the new layout, a ROR export. */
export const fileKinds = ['extract', 'finess', 'finess-plus', 'ror'] as const;
export type FileKind = (typeof fileKinds)[number];

/** What is wrong with the files: shares 0 to 1 of rows unless said otherwise, drawn with the population's seed and day. */
export type FileQuirks = {
  /** Header to write instead of another one, by the public name. */
  renamed?: Readonly<Record<string, string>>;
  /** Columns in another order. */
  moved?: boolean;
  /** Rows in another order. */
  shuffled?: boolean;
  /** Rows written twice. */
  repeated?: number;
  /** Rows left out. */
  dropped?: number;
  /** Rows in ISO-8859-1 in a file that is UTF-8. */
  damaged?: number;
  /** The file ends after this share of its rows, in the middle of a line. */
  cut?: number;
  /** Rows with the RPPS in the column of the site's FINESS. */
  misplaced?: number;
  /** Lines end with CR LF. */
  crlf?: boolean;
  /** The file begins with a byte order mark. */
  bom?: boolean;
};

export type FileOptions = {
  /** All without it. */
  kinds?: readonly FileKind[];
  /** Flat extracts as text, in one zip, or in a zip each. */
  zip?: 'none' | 'one' | 'each';
  /** Of the old FINESS layout; UTF-8 without it. */
  encoding?: 'utf8' | 'latin1';
  quirks?: FileQuirks;
  /** Resources in a slice of the ROR export; 200 without it. */
  slice?: number;
  signal?: AbortSignal;
};

/** A file that was written. */
export type WrittenFile = { path: string; rows: number; bytes: number };

/** Rows of a file before they are lines; the header is apart. */
export type RowFile = {
  name: string;
  separator: string;
  /** Absent: the file has none. */
  header?: readonly string[];
  /** Lines before the rows, as they are. */
  preamble?: readonly string[];
  /** A separator after the last field too. */
  trailing: boolean;
  rows(): Iterable<readonly string[]>;
};
