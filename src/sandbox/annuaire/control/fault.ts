import type { Fault } from '../scenario/check.ts';

/** A control call that is refused; `faults` name the parts of its body. */
export class ControlFault extends Error {
  readonly status: number;
  readonly faults: readonly Fault[];

  constructor(status: number, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.name = 'ControlFault';
    this.status = status;
    this.faults = faults;
  }
}
