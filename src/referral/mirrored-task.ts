/** What our own Task says once it follows the fulfiller's. Pure. */
import { contentHash, normalForm } from '../fhir/normal.ts';
import type { AnyResource, Task } from '../fhir/types.ts';
import type { Facts } from './machine.ts';
import { isProposal } from './proposal.ts';

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

function visible(output: NonNullable<Task['output']>[number], serverId: string): object {
  const { type, valueReference } = output;
  if (!valueReference) return output;
  const { identifier, display, type: target } = valueReference;
  const shown = display ?? 'Résultat conservé par le destinataire';
  return {
    type,
    valueReference: {
      ...(target ? { type: target } : {}),
      ...(identifier ? { identifier } : {}),
      display: identifier ? shown : `${shown} (${serverId})`,
    },
  };
}
