/** A vendor that is described and not programmed, as the vendor port wants it: each member is one file beside this one. */
import { builtInPriceCard, formatUsd, operationTable } from "@keybrake/core";
import type { Operation, PriceCard, Vendor, WrittenPrice, WrittenPrices } from "@keybrake/core";
import { authorization, checkSecret } from "./authenticate.ts";
import type { DescribedOperation, Description, Price } from "./description.ts";
import { isOwnError, renderRefusal } from "./errors.ts";
import { estimate } from "./estimate.ts";
import { meter } from "./meter.ts";
import { checkReach, constrained, parameterNames, readParameters } from "./parameters.ts";

export { readDescription } from "./read.ts";
export type { DescriptionProblem } from "./read.ts";
export type { Description } from "./description.ts";

/** @example describedVendor(read.description).operations.byName("text.translate") */
export function describedVendor(description: Description): Vendor {
  const described = new Map(description.operations.map((each) => [each.name, each]));
  const of = (operation: Operation): DescribedOperation | null => described.get(operation.name) ?? null;
  const operations = operationTable(description.operations.map(operationOf));
  const { idempotency } = description;
  const hostOf = (operation: Operation | null): string =>
    (operation?.host === undefined ? undefined : description.hosts.get(operation.host)) ?? description.baseUrl;
  return {
    id: description.id,
    displayName: description.name,
    mainHost: new URL(description.baseUrl).host,
    rootPaths: [],
    operations,
    rateCard: rateCardOf(description),
    idempotency:
      idempotency === null
        ? null
        : {
            header: idempotency.header,
            keyLengthMax: idempotency.keyCharsMax,
            scopeHeaders: [],
            rememberedMs: ({ name, method }) =>
              (idempotency.operations === null ? method !== "GET" : idempotency.operations.has(name))
                ? idempotency.rememberedMs
                : null,
          },
    bodyBytesMax: description.bodyBytesMax,
    authorization: (secret, credential) => authorization(description, secret, credential),
    checkSecret: (secret, accountId) => checkSecret(description, secret, accountId),
    standInAccount: () => null,
    address: (asked) => asked,
    destination: (path, operation) => ({ baseUrl: hostOf(operation), path }),
    ownLinkMark: null,
    ownLink: () => null,
    readParameters: (request) => {
      const operation = operations.match(request.method, request.segments)?.operation ?? null;
      return readParameters(description, operation === null ? null : of(operation), request);
    },
    constrained,
    parameterNames: (operation) => parameterNames(operation, of(operation)),
    checkReach: (call) => checkReach(description, of(call.operation), call),
    turnOf: () => null,
    estimate: (call, pricing) => estimate(of(call.operation), call, pricing),
    meter: (call, answer, pricing, estimated) =>
      meter(description, of(call.operation), call, answer, pricing, estimated),
    followUp: () => null,
    isOwnError: (answer) => isOwnError(description.errors, answer),
    hidesServerErrors: description.errors.hidesServerErrors,
    renderRefusal: (refused, callId) => renderRefusal(description.errors, refused, callId),
  };
}

function operationOf(described: DescribedOperation): Operation {
  const { name, method, path, directions, reason, host, redacts } = described;
  return {
    name,
    method,
    path,
    class: described.class,
    directions,
    ...(reason === null ? {} : { reason }),
    ...(host === null ? {} : { host }),
    ...(redacts.length === 0 ? {} : { redacts }),
    ...(described.streamsBody ? { streamsBody: true } : {}),
  };
}

/** Prices in US dollars; those in other currencies are converted when they are used. */
function rateCardOf({ operations }: Description): PriceCard | null {
  const written: WrittenPrices[] = [];
  for (const { name, cost } of operations) {
    if (cost?.kind !== "prices") continue;
    for (const price of cost.prices) if (price.currency === "usd") written.push(writtenOf(name, price));
  }
  return written.length === 0 ? null : builtInPriceCard(written);
}

function writtenOf(operation: string, { unit, list, origin }: Price): WrittenPrices {
  const prices: WrittenPrice = Object.fromEntries([...list].map(([qualifier, each]) => [qualifier, formatUsd(each)]));
  return {
    source: origin.source,
    as_of: origin.asOf,
    valid_days: origin.validDays,
    prices: { [operation]: { [unit]: prices } },
  };
}
