/** In whose frame a referral stands, as the example networks say it. */
import { describe, expect, it } from '@jest/globals';
import { networkSystem } from '../../src/fhir/names.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import { readNetwork } from '../../src/network/read.ts';
import { framesOf } from '../../src/referral/frames.ts';
import { kindsOfTheProject, today } from '../network/project.ts';

async function framesIn(file: string): Promise<string[]> {
  const { network } = await readNetwork(`examples/networks/${file}.yaml`);
  const kinds = await kindsOfTheProject();
  const { resources } = mapRecord(kinds.get(network!.kind)!.mapping, network!, { at: today });
  const bodies = (type: string): AnyResource[] =>
    resources.filter((one) => one.type === type).map(({ body }) => body);
  const plan = bodies('PlanDefinition').find((one) => one['action'])!;
  return framesOf(plan, bodies('ActivityDefinition'));
}

describe('the frame of a referral', () => {
  it('is the team that its pathway meets in', async () => {
    expect(await framesIn('cso-filiere-inventee')).toEqual([
      `${networkSystem}|cso-filiere-inventee/team/rcp`,
    ]);
  });

  it('is the places of those who perform its steps, where no team meets', async () => {
    expect(await framesIn('pathway-coreso-le-vinatier')).toEqual([
      `${networkSystem}|coreso-le-vinatier/person/medecin-generaliste`,
      `${networkSystem}|coreso-le-vinatier/person/infirmier`,
    ]);
  });
});
