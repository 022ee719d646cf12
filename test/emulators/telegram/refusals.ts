/** An answer other than 200, in Telegram's words. */
export class Refused extends Error {
  readonly status: number;
  readonly parameters: Record<string, number> | undefined;

  constructor(status: number, description: string, parameters?: Record<string, number>) {
    super(description);
    this.status = status;
    this.parameters = parameters;
  }
}

export const badRequest = (what: string) => new Refused(400, `Bad Request: ${what}`);
export const conflict = (what: string) => new Refused(409, `Conflict: ${what}`);
