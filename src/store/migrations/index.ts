/** Every migration, in order. One that was released is never edited: a change is the next number. */
import { foundation } from './0001-foundation.ts';
import { assertions } from './0002-assertions.ts';
import { occasions } from './0003-occasions.ts';
import { publication } from './0004-publication.ts';
import { networkContent } from './0005-network-content.ts';
import { directory } from './0006-directory.ts';
import { clocks } from './0008-clocks.ts';
import { directoryServed } from './0007-directory-served.ts';
import { findingTolerances } from './0009-finding-tolerances.ts';
import { candidates } from './0010-candidates.ts';
import { subscribers } from './0011-subscribers.ts';
import { documentReaders } from './0012-document-readers.ts';
import { pace } from './0013-pace.ts';
import { subscriptions } from './0014-subscriptions.ts';
import { corrections } from './0015-corrections.ts';
import { careCircles } from './0016-care-circles.ts';
import { candidateSeen } from './0017-candidate-seen.ts';
import { directoryOffers } from './0018-directory-offers.ts';
import { desiredSince } from './0019-desired-since.ts';

/** Statements by name; names sort in the order of their numbers. */
export const migrations: Readonly<Record<string, string>> = {
  '0001-foundation': foundation,
  '0002-assertions': assertions,
  '0003-occasions': occasions,
  '0004-publication': publication,
  '0005-network-content': networkContent,
  '0006-directory': directory,
  '0007-directory-served': directoryServed,
  '0008-clocks': clocks,
  '0009-finding-tolerances': findingTolerances,
  '0010-candidates': candidates,
  '0011-subscribers': subscribers,
  '0012-document-readers': documentReaders,
  '0013-pace': pace,
  '0014-subscriptions': subscriptions,
  '0015-corrections': corrections,
  '0016-care-circles': careCircles,
  '0017-candidate-seen': candidateSeen,
  '0018-directory-offers': directoryOffers,
  '0019-desired-since': desiredSince,
};
