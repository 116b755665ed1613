/** Notes, while a record is mapped, which rule wrote which element from where. */
import type { Origin } from './types.ts';

export class Trace {
  private readonly element: string[] = [];
  private noted: Origin[] = [];
  /** Where the items of the next loop begin in the list around it. */
  offset = 0;

  /** Goes down to a named element (`name`) or to an item of a list (`[0]`). */
  enter(step: string): void {
    this.element.push(step);
  }

  leave(): void {
    this.element.pop();
  }

  note(rule: string, path: string): void {
    this.noted.push({ element: this.element.join('').replace(/^\./, ''), rule, path });
  }

  /** Remembers how far the notes go, to take back what is written to an element that comes to nothing. */
  mark(): number {
    return this.noted.length;
  }

  /** One rule wrote several items from a simple list: each item has its own place there. */
  fanOut(mark: number, first: number, count: number): void {
    const own = this.noted.splice(mark);
    const here = this.element.join('').replace(/^\./, '');
    for (let index = 0; index < count; index += 1) {
      for (const { element, rule, path } of own) {
        const rest = element.slice(`${here}[${first}]`.length);
        const place = path === '' ? '' : `${path}/${index}`;
        this.noted.push({ element: `${here}[${first + index}]${rest}`, rule, path: place });
      }
    }
  }

  takeBack(mark: number): void {
    this.noted.length = mark;
  }

  /** The notes since the last call: those of one resource. */
  take(): Origin[] {
    const taken = this.noted;
    this.noted = [];
    return taken;
  }
}
