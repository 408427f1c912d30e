// Nominal types over plain values: a bare number is not money and not a time. Exists only for the type checker.

declare const brand: unique symbol;

/** `T`, but only where it has been made on purpose: `Brand<bigint, "MicroUsd">` accepts no other bigint. */
export type Brand<T, N extends string> = T & { readonly [brand]: N };
