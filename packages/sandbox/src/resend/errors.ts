// Resend's errors as values to throw inside a handler: flat, `{statusCode, name, message}`. Names, statuses and most sentences are
// those of resend.com/docs/api-reference/errors (read 2026-11-25); where Resend publishes no sentence, it is the sandbox's own.

export class ResendFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: readonly string[];

  constructor(status: number, code: string, message: string, headers: readonly string[] = []) {
    super(message);
    this.name = "ResendFailure";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function missingApiKey(): ResendFailure {
  return new ResendFailure(401, "missing_api_key", "Missing API key in the authorization header.");
}

export function restrictedApiKey(): ResendFailure {
  return new ResendFailure(401, "restricted_api_key", "This API key is restricted to only send emails.");
}

export function invalidApiKey(): ResendFailure {
  return new ResendFailure(403, "invalid_api_key", "API key is invalid.");
}

export function unverifiedDomain(domain: string): ResendFailure {
  const message = `The ${domain} domain is not verified. Please, add and verify your domain.`;
  return new ResendFailure(403, "validation_error", message);
}

export function unreadableBody(): ResendFailure {
  return new ResendFailure(400, "validation_error", "We found an error with one or more fields in the request.");
}

export function missingField(field: string): ResendFailure {
  return new ResendFailure(422, "missing_required_field", `Missing \`${field}\` field.`);
}

export function invalidField(message: string): ResendFailure {
  return new ResendFailure(422, "validation_error", message);
}

const ADDRESS_FORM = "The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.";

export function invalidFrom(): ResendFailure {
  return new ResendFailure(422, "invalid_from_address", `Invalid \`from\` field. ${ADDRESS_FORM}`);
}

export function invalidAddress(field: string): ResendFailure {
  return invalidField(`Invalid \`${field}\` field. ${ADDRESS_FORM}`);
}

export function invalidParameter(message: string): ResendFailure {
  return new ResendFailure(422, "invalid_parameter", message);
}

export function notFound(what: string): ResendFailure {
  return new ResendFailure(404, "not_found", `${what} not found`);
}

export function noEndpoint(): ResendFailure {
  return new ResendFailure(404, "not_found", "The requested endpoint does not exist.");
}

export function methodNotAllowed(): ResendFailure {
  return new ResendFailure(405, "method_not_allowed", "Method is not allowed for the requested path.");
}

export function invalidIdempotencyKey(): ResendFailure {
  return new ResendFailure(400, "invalid_idempotency_key", "The key must be between 1-256 chars.");
}

export function otherPayload(): ResendFailure {
  const message = "Same idempotency key used with a different request payload.";
  return new ResendFailure(409, "invalid_idempotent_request", message);
}

export function stillInProgress(): ResendFailure {
  const message = "Same idempotency key used while original request is still in progress.";
  return new ResendFailure(409, "concurrent_idempotent_requests", message);
}

export function rateLimited(perSecond: number, headers: readonly string[]): ResendFailure {
  const message = `Too many requests. You can only make ${perSecond} requests per second. See rate limit response headers for more information. Or contact support to increase rate limit.`;
  return new ResendFailure(429, "rate_limit_exceeded", message, headers);
}

export function internalError(): ResendFailure {
  return new ResendFailure(500, "internal_server_error", "An unexpected error occurred.");
}
