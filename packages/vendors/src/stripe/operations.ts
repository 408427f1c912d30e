/**
 * Stripe's operations as data: method, path, name, class and directions, and after `#` the reason where the class is not obvious.
 * What is not in this table is refused as unknown. Source: Stripe's OpenAPI of 2026-08-26 and the npm package stripe 23.1.0.
 */
import type { OperationTable } from "@keybrake/core";
import { readOperations } from "../table.ts";

const TABLE = `
GET    /v1/balance                                                balance.retrieve                          read

GET    /v1/charges                                                charges.list                              read
GET    /v1/charges/search                                         charges.search                            read
POST   /v1/charges                                                charges.create                            money collected
GET    /v1/charges/{charge}                                       charges.retrieve                          read
POST   /v1/charges/{charge}                                       charges.update                            free  # notes on a charge
POST   /v1/charges/{charge}/capture                               charges.capture                           money collected

GET    /v1/customers                                              customers.list                            read
GET    /v1/customers/search                                       customers.search                          read
POST   /v1/customers                                              customers.create                          free  # policy.ts refuses what starts a subscription or grants credit
GET    /v1/customers/{customer}                                   customers.retrieve                        read
POST   /v1/customers/{customer}                                   customers.update                          free  # policy.ts refuses what retries an invoice or grants credit
DELETE /v1/customers/{customer}                                   customers.delete                          free  # ends its subscriptions; collects nothing
GET    /v1/customers/{customer}/payment_methods                   customers.payment_methods.list            read
GET    /v1/customers/{customer}/payment_methods/{payment_method}  customers.payment_methods.retrieve        read

GET    /v1/events                                                 events.list                               read
GET    /v1/events/{id}                                            events.retrieve                           read

GET    /v1/payment_intents                                        payment_intents.list                      read
GET    /v1/payment_intents/search                                 payment_intents.search                    read
POST   /v1/payment_intents                                        payment_intents.create                    money collected  # its client secret can pay it from outside
GET    /v1/payment_intents/{intent}                               payment_intents.retrieve                  read
POST   /v1/payment_intents/{intent}                               payment_intents.update                    money collected  # can raise the amount or change the currency
POST   /v1/payment_intents/{intent}/cancel                        payment_intents.cancel                    free  # gives back what was authorised
POST   /v1/payment_intents/{intent}/capture                       payment_intents.capture                   money collected
POST   /v1/payment_intents/{intent}/confirm                       payment_intents.confirm                   money collected
POST   /v1/payment_intents/{intent}/increment_authorization       payment_intents.increment_authorization   money collected

GET    /v1/payment_methods                                        payment_methods.list                      read
POST   /v1/payment_methods                                        payment_methods.create                    free
GET    /v1/payment_methods/{payment_method}                       payment_methods.retrieve                  read
POST   /v1/payment_methods/{payment_method}                       payment_methods.update                    free
POST   /v1/payment_methods/{payment_method}/attach                payment_methods.attach                    free
POST   /v1/payment_methods/{payment_method}/detach                payment_methods.detach                    free

GET    /v1/prices                                                 prices.list                               read
GET    /v1/prices/search                                          prices.search                             read
POST   /v1/prices                                                 prices.create                             free  # a price charges nobody by itself
GET    /v1/prices/{price}                                         prices.retrieve                           read
POST   /v1/prices/{price}                                         prices.update                             free  # policy.ts refuses what reprices running subscriptions

GET    /v1/products                                               products.list                             read
GET    /v1/products/search                                        products.search                           read
POST   /v1/products                                               products.create                           free
GET    /v1/products/{id}                                          products.retrieve                         read
POST   /v1/products/{id}                                          products.update                           free
DELETE /v1/products/{id}                                          products.delete                           free

GET    /v1/refunds                                                refunds.list                              read
POST   /v1/refunds                                                refunds.create                            money paid_out
GET    /v1/refunds/{refund}                                       refunds.retrieve                          read
POST   /v1/refunds/{refund}                                       refunds.update                            free  # metadata only
POST   /v1/refunds/{refund}/cancel                                refunds.cancel                            free  # stops one that waits for the customer
`;

export const operations: OperationTable = readOperations(TABLE);
