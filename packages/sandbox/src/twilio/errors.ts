// Twilio's errors as values to throw inside a handler; `engine.ts` writes them down in Twilio's shape.
// The codes are those of Twilio's dictionary (twilio.com/docs/api/errors) where one is known. Where none is, the sandbox has
// chosen, and nothing may be read into it: 20409, 20500, 60600, 20001 for whatever value is wrong, and the status of 30409.

import type { JsonObject } from "../shared/json.ts";

export class TwilioFailure extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.name = "TwilioFailure";
    this.status = status;
    this.code = code;
  }
}

export function errorBody(status: number, code: number, message: string): JsonObject {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

export function invalid(code: number, message: string): TwilioFailure {
  return new TwilioFailure(400, code, message);
}

export function missing(name: string): TwilioFailure {
  return invalid(20001, `Missing required parameter ${name} in the post body`);
}

export function notAuthenticated(): TwilioFailure {
  return new TwilioFailure(401, 20003, "Authenticate");
}

export function notFound(path: string): TwilioFailure {
  return new TwilioFailure(404, 20404, `The requested resource ${path} was not found`);
}

export function methodNotAllowed(path: string): TwilioFailure {
  return new TwilioFailure(405, 20004, `Method not allowed on ${path}`);
}

export function rateLimited(): TwilioFailure {
  return new TwilioFailure(429, 20429, "Too Many Requests");
}

export function conflict(): TwilioFailure {
  return new TwilioFailure(409, 20409, "Conflict");
}

export function internalError(): TwilioFailure {
  return new TwilioFailure(500, 20500, "An internal server error has occurred");
}
