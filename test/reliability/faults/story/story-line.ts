/** What a story is told by: data alone. */

/** Who was there, by RPPS number, and the concept each sat for. */
export type Seat = { rpps: string; type?: object[] };

/** A step at which somebody is seen or met; without seats, those of the example consultation. */
export type Sitting = { step: string; seats?: Seat[] };

/** A sitting that the gateway must refuse, in words that say why. */
export type Refusal = Sitting & { because: string };

export type Place = 'psychiatrie' | 'ville';

/** Somebody who is asked to take the referral on. */
export type Asked = {
  /** The order names them, a coordinator chooses them, or turns to them from whoever had it. */
  by: 'order' | 'assign' | 'transfer';
  /** Below the networks' system. */
  offer: string;
  at: Place;
  /** Absent: they do not. */
  answers?: 'accepted' | 'rejected';
  /** Status in which their Task ends. */
  ends: 'completed' | 'rejected' | 'cancelled';
};

export type StoryLine = {
  name: string;
  /** Network files that must be published for it. */
  networks: string[];
  /** More of them: the same as one of those, under another id. */
  copies?: { of: string; id: string }[];
  /** Who is asked, the last of them in town, who goes on with it; absent: whoever the order of the example names. */
  asked?: readonly Asked[];
  /** Keys that are at home at each hospital. */
  homes: Record<Place, string[]>;
  /** Below `examples/`. */
  referral: string;
  document: string;
  /** Fields of the document that are other ones than in the example. */
  change?: object;
  /** `Task.input` that the placer adds once it is accepted, where the pathway asks for it, and what is refused without it. */
  adds?: { input: object; without: Refusal };
  /** Refused although the file is complete. */
  refused?: Refusal[];
  /** Before the document, in their order. */
  consultations: Sitting[];
  /** Steps for which a professional is named before the document, and who. */
  named: Record<string, { rpps: string; display: string }>;
  /** After the document, which opens them. */
  afterwards?: Sitting[];
  /** In the end, status of the orders of other steps; those that somebody was seen at are completed. */
  left: Record<string, 'active' | 'draft' | 'revoked'>;
  /** How often the fulfiller's hospital is asked for the patient's care circle; absent: the pathway names nobody who sees the patient. */
  circle?: number;
  /** Hospitals that the document must reach. */
  documentAt: Place[];
};
