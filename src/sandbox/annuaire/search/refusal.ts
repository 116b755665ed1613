/** A request that the directory refuses with an OperationOutcome, in the way of the server behind the real API. */
export class SearchRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, text: string) {
    super(text);
    this.name = 'SearchRefusal';
    this.status = status;
    this.code = code;
  }
}
