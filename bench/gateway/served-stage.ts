/** The measured gateway of a referral stage, with its networks published, and a sender beside it. */
import { build } from './build.ts';
import { referralSource, type BenchReferral } from './fresh-referrals.ts';
import { createSender, type Sender } from './load.ts';
import { type RunningGateway, startGateway } from './process.ts';
import { type ReferralStage, type ReferralStageOptions, setReferralStage } from './referral-stage.ts';

export type Served = ReferralStage & {
  gateway: RunningGateway;
  next: (network?: string) => BenchReferral;
  /** Posts referrals over at most so many connections. */
  sender(connections: number): Sender;
  /** Ends gateway, hospitals and database. */
  end(): Promise<void>;
};

/** Builds, starts, publishes. */
export async function serveReferrals(name: string, options?: ReferralStageOptions): Promise<Served> {
  await build();
  const stage = await setReferralStage(options);
  try {
    const gateway = await startGateway(stage.configFile, stage.address);
    await stage.publish();
    return {
      ...{ ...stage, gateway, next: referralSource(`${name}-${process.pid}`) },
      sender: (connections) => createSender(`${stage.address}/fhir`, stage.authorization, connections),
      async end() {
        await gateway.stop();
        await stage.close();
      },
    };
  } catch (error) {
    await stage.close();
    throw error;
  }
}
