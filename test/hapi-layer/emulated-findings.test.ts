/** The example networks matched against emulated FINESS and RPPS data, findings included, and published to a real HAPI. */
import { afterAll, describe } from '@jest/globals';
import { emulatedFindings } from '../gateway/emulated-findings.ts';
import { type Hapi, startHapi } from '../hapi/start.ts';

describe('the example networks over two days of an emulated directory, published to HAPI', () => {
  let hapi: Hapi | undefined;
  emulatedFindings(async () => {
    hapi = await startHapi();
    return hapi.base;
  });
  afterAll(async () => hapi?.stop());
});
