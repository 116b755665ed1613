import { describe } from '@jest/globals';
import { emulatedFindings } from './emulated-findings.ts';

describe('the example networks over two days of an emulated directory', () => {
  emulatedFindings(async () => undefined);
});
