/** `meta` of a clinical resource that the gateway writes: profile, source and tag; the tag is a label, not a proof. */
import { managedByTag, publicationSource } from '../fhir/names.ts';
import type { Meta } from '../fhir/types.ts';
import { profileUrl } from './names.ts';

export function writtenMeta(profile: string): Meta {
  return { profile: [profileUrl(profile)], source: publicationSource, tag: [{ ...managedByTag }] };
}
