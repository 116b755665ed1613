/** What our own Task says once it follows the fulfiller's. Pure. */
import { contentHash, normalForm } from '../fhir/normal.ts';
import type { AnyResource, Task } from '../fhir/types.ts';
import type { Facts } from './machine.ts';
import { holdsIns } from './patient.ts';
import { isProposal } from './proposal.ts';
import { eachUnseen } from './unseen.ts';

/** What a Task brings along. */
export function factsOf({ output = [], statusReason }: Task, abort: boolean): Facts {
  return {
    output: output.length > 0,
    reason: statusReason !== undefined,
    proposal: output.some(isProposal),
    abort,
  };
}

/** Status, reasons and outcome of theirs on our Task, as they are now; what only their server can show becomes logical (P-22). */
export function mirrored(
  own: AnyResource & { id: string },
  theirs: Task,
  serverId: string,
  { abort }: Facts,
  now: Date,
): AnyResource & { id: string } {
  const { statusReason, output } = theirs;
  const { statusReason: _reason, businessStatus: asked, output: _output, ...rest } = own;
  const businessStatus =
    theirs.businessStatus ?? (abort && theirs.status !== 'cancelled' ? asked : undefined);
  return {
    ...rest,
    status: theirs.status,
    ...(statusReason ? { statusReason } : {}),
    ...(businessStatus ? { businessStatus } : {}),
    lastModified: now.toISOString(),
    ...(output ? { output: output.map((one) => visible(one, serverId)) } : {}),
  };
}

/** All that a Task says but when it said it. */
export function said(task: AnyResource): string {
  const { lastModified: _at, ...content } = task;
  return contentHash(normalForm(content));
}

/** The placer knows its patient: an INS in an outcome tells it nothing, and may be one that does not travel. */
function visible(output: NonNullable<Task['output']>[number], serverId: string): object {
  const { type, valueReference } = output;
  if (!valueReference) return crosses(output) ? output : { type, valueString: `${kept} (${serverId})` };
  const { identifier: named, display, type: target } = valueReference;
  const identifier = holdsIns(named) ? undefined : named;
  const shown = display ?? kept;
  return {
    type,
    valueReference: {
      ...(target ? { type: target } : {}),
      ...(identifier ? { identifier } : {}),
      display: identifier ? shown : `${shown} (${serverId})`,
    },
  };
}

const kept = 'Résultat conservé par le destinataire';

function crosses(output: object): boolean {
  let seen = true;
  eachUnseen(output, '', () => void (seen = false));
  return seen && !holdsIns(output);
}
