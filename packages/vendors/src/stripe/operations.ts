/**
 * Stripe's operations as data, all that it publishes: method, path, name, class and directions, and after `#` the reason where the
 * class is not obvious. What is not in this table is refused as unknown. The columns are those of ../table.ts.
 * Source: the union of Stripe's OpenAPI document of 2026-08-26 (v1) and of the npm package stripe 23.1.0 (v1, v2, OAuth), 705
 * operations; the test reads both, so that a newer package shows what is missing here.
 *
 * Names are the path's words and the verb of Stripe's SDKs; an old alias that only the document knows is named after its own path.
 * - `money`: the request, or a look-up of an object that it names, says what it moves at most. `collected` comes into the balance,
 *   from customers or back from an own bank or connected account; `paid_out` leaves it, or gives away what would have been
 *   collected, to whomever it goes. Moves between an own bank account and the balance are no exception: who owns a bank account is
 *   not in the request.
 * - `unbounded`: it does not. `usage` is what Stripe bills for a use, whose prices no API of Stripe's publishes.
 * - `secret-bearing`: it also stands for what says where money is paid out later.
 * - `free` with parameters that would move money is narrowed in policy.ts; client secrets of payments are not blanked out, because
 *   what they can pay is held when the payment is created.
 */
import type { OperationTable } from "@keybrake/core";
import { readOperations } from "../table.ts";

const TABLE = `
GET    /v1/account  account.retrieve  read

POST   /v1/account_links  account_links.create  secret-bearing  # a link with which an account's details, its bank account too, can be set

POST   /v1/account_sessions  account_sessions.create  secret-bearing  # answers with a token for the account's own components, payouts among them

GET    /v1/accounts                                      accounts.list                        read
POST   /v1/accounts                                      accounts.create                      free redacts:secret  # a new account holds nothing yet, and what is sent to it is counted; old API versions answer with its keys
GET    /v1/accounts/{account}                            accounts.retrieve                    read
POST   /v1/accounts/{account}                            accounts.update                      secret-bearing  # redirects money: external_account and settings[payouts] say where and when the account is paid out
DELETE /v1/accounts/{account}                            accounts.delete                      free  # Stripe refuses while a balance is left
POST   /v1/accounts/{account}/bank_accounts              accounts.bank_accounts.create        secret-bearing  # redirects money: alias of accounts.external_accounts.create
GET    /v1/accounts/{account}/bank_accounts/{id}         accounts.bank_accounts.retrieve      read
POST   /v1/accounts/{account}/bank_accounts/{id}         accounts.bank_accounts.update        secret-bearing  # redirects money: alias of accounts.external_accounts.update
DELETE /v1/accounts/{account}/bank_accounts/{id}         accounts.bank_accounts.delete        secret-bearing  # redirects money: alias of accounts.external_accounts.delete
GET    /v1/accounts/{account}/capabilities               accounts.capabilities.list           read
GET    /v1/accounts/{account}/capabilities/{capability}  accounts.capabilities.retrieve       read
POST   /v1/accounts/{account}/capabilities/{capability}  accounts.capabilities.update         free  # asks for abilities; using them is another call
GET    /v1/accounts/{account}/external_accounts          accounts.external_accounts.list      read
POST   /v1/accounts/{account}/external_accounts          accounts.external_accounts.create    secret-bearing  # redirects money: payouts may go to it
GET    /v1/accounts/{account}/external_accounts/{id}     accounts.external_accounts.retrieve  read
POST   /v1/accounts/{account}/external_accounts/{id}     accounts.external_accounts.update    secret-bearing  # redirects money: default_for_currency makes it the one that is paid out to
DELETE /v1/accounts/{account}/external_accounts/{id}     accounts.external_accounts.delete    secret-bearing  # redirects money: payouts go to what is left
POST   /v1/accounts/{account}/login_links                accounts.login_links.create          secret-bearing  # a link into the account's dashboard
GET    /v1/accounts/{account}/people                     accounts.people.list                 read
POST   /v1/accounts/{account}/people                     accounts.people.create               free  # alias of accounts.persons.create
GET    /v1/accounts/{account}/people/{person}            accounts.people.retrieve             read
POST   /v1/accounts/{account}/people/{person}            accounts.people.update               free  # alias of accounts.persons.update
DELETE /v1/accounts/{account}/people/{person}            accounts.people.delete               free  # alias of accounts.persons.delete
GET    /v1/accounts/{account}/persons                    accounts.persons.list                read
POST   /v1/accounts/{account}/persons                    accounts.persons.create              free
GET    /v1/accounts/{account}/persons/{person}           accounts.persons.retrieve            read
POST   /v1/accounts/{account}/persons/{person}           accounts.persons.update              free
DELETE /v1/accounts/{account}/persons/{person}           accounts.persons.delete              free
POST   /v1/accounts/{account}/reject                     accounts.reject                      free  # stops an account from charging and being paid out
POST   /v1/accounts/{account}/unreject                   accounts.unreject                    free  # lets an account charge again; each charge is a call of its own

GET    /v1/apple_pay/domains           apple_pay.domains.list      read
POST   /v1/apple_pay/domains           apple_pay.domains.create    free
GET    /v1/apple_pay/domains/{domain}  apple_pay.domains.retrieve  read
DELETE /v1/apple_pay/domains/{domain}  apple_pay.domains.delete    free

GET    /v1/application_fees                     application_fees.list              read
GET    /v1/application_fees/{id}                application_fees.retrieve          read
POST   /v1/application_fees/{id}/refund         application_fees.refund            money paid_out  # old alias of application_fees.refunds.create
GET    /v1/application_fees/{id}/refunds        application_fees.refunds.list      read
POST   /v1/application_fees/{id}/refunds        application_fees.refunds.create    money paid_out  # without an amount: all that remains of the fee
GET    /v1/application_fees/{fee}/refunds/{id}  application_fees.refunds.retrieve  read
POST   /v1/application_fees/{fee}/refunds/{id}  application_fees.refunds.update    free  # metadata only

GET    /v1/apps/installs                 apps.installs.list       read redacts:auth_code  # auth_code is an OAuth authorisation code
POST   /v1/apps/installs                 apps.installs.create     secret-bearing  # lets an app into the account, and answers with its authorisation code
GET    /v1/apps/installs/{id}            apps.installs.retrieve   read redacts:auth_code  # auth_code is an OAuth authorisation code
POST   /v1/apps/installs/{id}            apps.installs.update     secret-bearing  # grants an app more access, and may answer with its authorisation code
POST   /v1/apps/installs/{id}/uninstall  apps.installs.uninstall  free redacts:auth_code  # takes an app's access away

GET    /v1/apps/secrets         apps.secrets.list    read redacts:payload  # expand[] can ask for the payloads
POST   /v1/apps/secrets         apps.secrets.create  secret-bearing  # replaces a credential that an app uses; expand[] shows it
POST   /v1/apps/secrets/delete  apps.secrets.delete  free redacts:payload  # expand[] can ask for the payload
GET    /v1/apps/secrets/find    apps.secrets.find    secret-bearing  # a GET that hands out the payload

GET    /v1/balance               balance.retrieve          read
GET    /v1/balance/history       balance.history.list      read
GET    /v1/balance/history/{id}  balance.history.retrieve  read

GET    /v1/balance_settings  balance_settings.retrieve  read
POST   /v1/balance_settings  balance_settings.update    secret-bearing  # redirects money: when and how much is paid out, and what is taken from the bank

GET    /v1/balance_transactions       balance_transactions.list      read
GET    /v1/balance_transactions/{id}  balance_transactions.retrieve  read

GET    /v1/billing/alerts                  billing.alerts.list        read
POST   /v1/billing/alerts                  billing.alerts.create      free
GET    /v1/billing/alerts/{id}             billing.alerts.retrieve    read
POST   /v1/billing/alerts/{id}/activate    billing.alerts.activate    free
POST   /v1/billing/alerts/{id}/archive     billing.alerts.archive     free
POST   /v1/billing/alerts/{id}/deactivate  billing.alerts.deactivate  free

GET    /v1/billing/credit_balance_summary  billing.credit_balance_summary.retrieve  read

GET    /v1/billing/credit_balance_transactions       billing.credit_balance_transactions.list      read
GET    /v1/billing/credit_balance_transactions/{id}  billing.credit_balance_transactions.retrieve  read

GET    /v1/billing/credit_grants              billing.credit_grants.list      read
POST   /v1/billing/credit_grants              billing.credit_grants.create    money paid_out  # gives credit away that invoices then do not collect
GET    /v1/billing/credit_grants/{id}         billing.credit_grants.retrieve  read
POST   /v1/billing/credit_grants/{id}         billing.credit_grants.update    money paid_out  # a later end gives the grant's credit anew: at most its amount, by look-up
POST   /v1/billing/credit_grants/{id}/expire  billing.credit_grants.expire    free  # takes credit back; invoices collect what they say
POST   /v1/billing/credit_grants/{id}/void    billing.credit_grants.void      free  # takes credit back; invoices collect what they say

GET    /v1/billing/feedback_options                  billing.feedback_options.list        read
POST   /v1/billing/feedback_options                  billing.feedback_options.create      free
GET    /v1/billing/feedback_options/{id}             billing.feedback_options.retrieve    read
POST   /v1/billing/feedback_options/{id}             billing.feedback_options.update      free
POST   /v1/billing/feedback_options/{id}/deactivate  billing.feedback_options.deactivate  free

POST   /v1/billing/meter_event_adjustments  billing.meter_event_adjustments.create  unbounded collected  # a meter that counts the last value may then count a higher one

POST   /v1/billing/meter_events  billing.meter_events.create  unbounded collected  # becomes an invoice line later, at a price that is not in the request

GET    /v1/billing/meters                       billing.meters.list                  read
POST   /v1/billing/meters                       billing.meters.create                free
GET    /v1/billing/meters/{id}                  billing.meters.retrieve              read
POST   /v1/billing/meters/{id}                  billing.meters.update                free
POST   /v1/billing/meters/{id}/deactivate       billing.meters.deactivate            free  # takes no more events
GET    /v1/billing/meters/{id}/event_summaries  billing.meters.event_summaries.list  read
POST   /v1/billing/meters/{id}/reactivate       billing.meters.reactivate            free  # takes events again; each is a call of its own

GET    /v1/billing_portal/configurations                  billing_portal.configurations.list      read
POST   /v1/billing_portal/configurations                  billing_portal.configurations.create    free  # what customers may do for themselves, after they have shown who they are
GET    /v1/billing_portal/configurations/{configuration}  billing_portal.configurations.retrieve  read
POST   /v1/billing_portal/configurations/{configuration}  billing_portal.configurations.update    free  # what customers may do for themselves, after they have shown who they are

POST   /v1/billing_portal/sessions  billing_portal.sessions.create  secret-bearing  # a link that acts as the customer

GET    /v1/charges                            charges.list              read
GET    /v1/charges/search                     charges.search            read
POST   /v1/charges                            charges.create            money collected
GET    /v1/charges/{charge}                   charges.retrieve          read
POST   /v1/charges/{charge}                   charges.update            free  # notes on a charge
POST   /v1/charges/{charge}/capture           charges.capture           money collected
GET    /v1/charges/{charge}/dispute           charges.dispute.retrieve  read
POST   /v1/charges/{charge}/dispute           charges.dispute.update    unbounded usage  # old alias of disputes.update
POST   /v1/charges/{charge}/dispute/close     charges.dispute.close     money paid_out  # old alias of disputes.close
POST   /v1/charges/{charge}/refund            charges.refund            money paid_out  # old alias of refunds.create; answers with the charge
GET    /v1/charges/{charge}/refunds           charges.refunds.list      read
POST   /v1/charges/{charge}/refunds           charges.refunds.create    money paid_out  # old alias of refunds.create
GET    /v1/charges/{charge}/refunds/{refund}  charges.refunds.retrieve  read
POST   /v1/charges/{charge}/refunds/{refund}  charges.refunds.update    free  # metadata only

GET    /v1/checkout/sessions                       checkout.sessions.list             read
POST   /v1/checkout/sessions                       checkout.sessions.create           unbounded collected  # price ids, quantities and shipping that the buyer changes; may start a subscription
GET    /v1/checkout/sessions/{session}             checkout.sessions.retrieve         read
POST   /v1/checkout/sessions/{session}             checkout.sessions.update           unbounded collected  # can change lines and shipping
POST   /v1/checkout/sessions/{session}/expire      checkout.sessions.expire           free  # nothing can be paid by it any more
GET    /v1/checkout/sessions/{session}/line_items  checkout.sessions.line_items.list  read

GET    /v1/climate/orders                 climate.orders.list      read
POST   /v1/climate/orders                 climate.orders.create    money paid_out  # paid from the balance at once; amount, or metric_tons at the product's price by look-up
GET    /v1/climate/orders/{order}         climate.orders.retrieve  read
POST   /v1/climate/orders/{order}         climate.orders.update    free  # names a beneficiary
POST   /v1/climate/orders/{order}/cancel  climate.orders.cancel    free  # Stripe gives the money back, or refuses

GET    /v1/climate/products            climate.products.list      read
GET    /v1/climate/products/{product}  climate.products.retrieve  read

GET    /v1/climate/suppliers             climate.suppliers.list      read
GET    /v1/climate/suppliers/{supplier}  climate.suppliers.retrieve  read

GET    /v1/confirmation_tokens/{confirmation_token}  confirmation_tokens.retrieve  read

GET    /v1/country_specs            country_specs.list      read
GET    /v1/country_specs/{country}  country_specs.retrieve  read

GET    /v1/coupons           coupons.list      read
POST   /v1/coupons           coupons.create    free  # a discount moves nothing; what it is put on collects less
GET    /v1/coupons/{coupon}  coupons.retrieve  read
POST   /v1/coupons/{coupon}  coupons.update    free  # name and metadata
DELETE /v1/coupons/{coupon}  coupons.delete    free  # those who have it keep it

GET    /v1/credit_notes                      credit_notes.list                read
POST   /v1/credit_notes                      credit_notes.create              money paid_out  # gives back by refund or credit; at most the invoice, by look-up
GET    /v1/credit_notes/preview              credit_notes.preview             read
GET    /v1/credit_notes/preview/lines        credit_notes.preview.lines.list  read
GET    /v1/credit_notes/{id}                 credit_notes.retrieve            read
POST   /v1/credit_notes/{id}                 credit_notes.update              free  # memo and metadata
GET    /v1/credit_notes/{credit_note}/lines  credit_notes.lines.list          read
POST   /v1/credit_notes/{id}/void            credit_notes.void                money collected  # the open invoice collects the note's amount again, by look-up

POST   /v1/customer_sessions  customer_sessions.create  secret-bearing  # answers with a client secret to the customer's saved payment methods

GET    /v1/customers                                                              customers.list                                read
GET    /v1/customers/search                                                       customers.search                              read
POST   /v1/customers                                                              customers.create                              free  # policy.ts refuses what starts a subscription or grants credit
GET    /v1/customers/{customer}                                                   customers.retrieve                            read
POST   /v1/customers/{customer}                                                   customers.update                              free  # policy.ts refuses what retries an invoice or grants credit
DELETE /v1/customers/{customer}                                                   customers.delete                              free  # ends its subscriptions; collects nothing
GET    /v1/customers/{customer}/balance_transactions                              customers.balance_transactions.list           read
POST   /v1/customers/{customer}/balance_transactions                              customers.balance_transactions.create         money collected+paid_out  # a debt is collected by the next invoice, a negative amount is credit given away
GET    /v1/customers/{customer}/balance_transactions/{transaction}                customers.balance_transactions.retrieve       read
POST   /v1/customers/{customer}/balance_transactions/{transaction}                customers.balance_transactions.update         free  # description and metadata
GET    /v1/customers/{customer}/bank_accounts                                     customers.bank_accounts.list                  read
POST   /v1/customers/{customer}/bank_accounts                                     customers.bank_accounts.create                unbounded collected  # alias of customers.sources.create
GET    /v1/customers/{customer}/bank_accounts/{id}                                customers.bank_accounts.retrieve              read
POST   /v1/customers/{customer}/bank_accounts/{id}                                customers.bank_accounts.update                free  # alias of customers.sources.update
DELETE /v1/customers/{customer}/bank_accounts/{id}                                customers.bank_accounts.delete                free
POST   /v1/customers/{customer}/bank_accounts/{id}/verify                         customers.bank_accounts.verify                free  # lets the bank account be charged; charging it is another call
GET    /v1/customers/{customer}/cards                                             customers.cards.list                          read
POST   /v1/customers/{customer}/cards                                             customers.cards.create                        unbounded collected  # alias of customers.sources.create
GET    /v1/customers/{customer}/cards/{id}                                        customers.cards.retrieve                      read
POST   /v1/customers/{customer}/cards/{id}                                        customers.cards.update                        free  # alias of customers.sources.update
DELETE /v1/customers/{customer}/cards/{id}                                        customers.cards.delete                        free
GET    /v1/customers/{customer}/cash_balance                                      customers.cash_balance.retrieve               read
POST   /v1/customers/{customer}/cash_balance                                      customers.cash_balance.update                 unbounded collected  # automatic reconciliation collects what customers have paid in without another call
GET    /v1/customers/{customer}/cash_balance_transactions                         customers.cash_balance_transactions.list      read
GET    /v1/customers/{customer}/cash_balance_transactions/{transaction}           customers.cash_balance_transactions.retrieve  read
GET    /v1/customers/{customer}/discount                                          customers.discount.retrieve                   read
DELETE /v1/customers/{customer}/discount                                          customers.discount.delete                     unbounded collected  # the customer's next invoices collect the full price again
POST   /v1/customers/{customer}/funding_instructions                              customers.funding_instructions.create         free  # says where the customer may pay in
GET    /v1/customers/{customer}/payment_methods                                   customers.payment_methods.list                read
GET    /v1/customers/{customer}/payment_methods/{payment_method}                  customers.payment_methods.retrieve            read
GET    /v1/customers/{customer}/sources                                           customers.sources.list                        read
POST   /v1/customers/{customer}/sources                                           customers.sources.create                      unbounded collected  # may become the default, with which Stripe collects overdue invoices
GET    /v1/customers/{customer}/sources/{id}                                      customers.sources.retrieve                    read
POST   /v1/customers/{customer}/sources/{id}                                      customers.sources.update                      free  # holder's name, address and the card's end
DELETE /v1/customers/{customer}/sources/{id}                                      customers.sources.delete                      free
POST   /v1/customers/{customer}/sources/{id}/verify                               customers.sources.verify                      free  # lets the bank account be charged; charging it is another call
GET    /v1/customers/{customer}/subscriptions                                     customers.subscriptions.list                  read
POST   /v1/customers/{customer}/subscriptions                                     customers.subscriptions.create                unbounded collected  # old alias of subscriptions.create
GET    /v1/customers/{customer}/subscriptions/{subscription_exposed_id}           customers.subscriptions.retrieve              read
POST   /v1/customers/{customer}/subscriptions/{subscription_exposed_id}           customers.subscriptions.update                unbounded collected  # old alias of subscriptions.update
DELETE /v1/customers/{customer}/subscriptions/{subscription_exposed_id}           customers.subscriptions.cancel                money collected  # old alias of subscriptions.cancel
GET    /v1/customers/{customer}/subscriptions/{subscription_exposed_id}/discount  customers.subscriptions.discount.retrieve     read
DELETE /v1/customers/{customer}/subscriptions/{subscription_exposed_id}/discount  customers.subscriptions.discount.delete       unbounded collected  # old alias of subscriptions.discount.delete
GET    /v1/customers/{customer}/tax_ids                                           customers.tax_ids.list                        read
POST   /v1/customers/{customer}/tax_ids                                           customers.tax_ids.create                      free
GET    /v1/customers/{customer}/tax_ids/{id}                                      customers.tax_ids.retrieve                    read
DELETE /v1/customers/{customer}/tax_ids/{id}                                      customers.tax_ids.delete                      free

GET    /v1/disputes                  disputes.list      read
GET    /v1/disputes/{dispute}        disputes.retrieve  read
POST   /v1/disputes/{dispute}        disputes.update    unbounded usage  # submits by default; countering costs a fee that no API publishes
POST   /v1/disputes/{dispute}/close  disputes.close     money paid_out  # concedes: what was withheld is lost, by look-up

GET    /v1/entitlements/active_entitlements       entitlements.active_entitlements.list      read
GET    /v1/entitlements/active_entitlements/{id}  entitlements.active_entitlements.retrieve  read

GET    /v1/entitlements/features       entitlements.features.list      read
POST   /v1/entitlements/features       entitlements.features.create    free
GET    /v1/entitlements/features/{id}  entitlements.features.retrieve  read
POST   /v1/entitlements/features/{id}  entitlements.features.update    free

POST   /v1/ephemeral_keys        ephemeral_keys.create  secret-bearing  # answers with a key to a customer, a card or a verification
DELETE /v1/ephemeral_keys/{key}  ephemeral_keys.delete  free redacts:secret  # ends a key

GET    /v1/events       events.list      read
GET    /v1/events/{id}  events.retrieve  read

GET    /v1/exchange_rates            exchange_rates.list      read
GET    /v1/exchange_rates/{rate_id}  exchange_rates.retrieve  read

POST   /v1/external_accounts/{id}  external_accounts.update  secret-bearing  # redirects money: default_for_currency makes it the one that is paid out to

GET    /v1/file_links         file_links.list      read
POST   /v1/file_links         file_links.create    free  # a public address of a file that was uploaded; moves nothing
GET    /v1/file_links/{link}  file_links.retrieve  read
POST   /v1/file_links/{link}  file_links.update    free  # when the address ends

GET    /v1/files         files.list      read
POST   /v1/files         files.create    free host:files body:stream
GET    /v1/files/{file}  files.retrieve  read

GET    /v1/financial_connections/accounts                        financial_connections.accounts.list         read
GET    /v1/financial_connections/accounts/{account}              financial_connections.accounts.retrieve     read
POST   /v1/financial_connections/accounts/{account}/disconnect   financial_connections.accounts.disconnect   free  # ends access to a bank account's data
GET    /v1/financial_connections/accounts/{account}/owners       financial_connections.accounts.owners.list  read
POST   /v1/financial_connections/accounts/{account}/refresh      financial_connections.accounts.refresh      unbounded usage  # billed per use; no API publishes the price
POST   /v1/financial_connections/accounts/{account}/subscribe    financial_connections.accounts.subscribe    unbounded usage  # billed for as long as it lasts; no API publishes the price
POST   /v1/financial_connections/accounts/{account}/unsubscribe  financial_connections.accounts.unsubscribe  free  # ends what is billed

POST   /v1/financial_connections/sessions            financial_connections.sessions.create    unbounded usage  # billed per account that is linked; no API publishes the price
GET    /v1/financial_connections/sessions/{session}  financial_connections.sessions.retrieve  read

GET    /v1/financial_connections/transactions                financial_connections.transactions.list      read
GET    /v1/financial_connections/transactions/{transaction}  financial_connections.transactions.retrieve  read

GET    /v1/forwarding/requests       forwarding.requests.list      read redacts:body,headers  # what third parties answered may carry their secrets
POST   /v1/forwarding/requests       forwarding.requests.create    secret-bearing  # hands card data to a third party, who can charge it past every cap
GET    /v1/forwarding/requests/{id}  forwarding.requests.retrieve  read redacts:body,headers  # what third parties answered may carry their secrets

GET    /v1/identity/verification_reports           identity.verification_reports.list      read
GET    /v1/identity/verification_reports/{report}  identity.verification_reports.retrieve  read

GET    /v1/identity/verification_sessions                   identity.verification_sessions.list      read
POST   /v1/identity/verification_sessions                   identity.verification_sessions.create    unbounded usage  # billed per verification; no API publishes the price
GET    /v1/identity/verification_sessions/{session}         identity.verification_sessions.retrieve  read
POST   /v1/identity/verification_sessions/{session}         identity.verification_sessions.update    unbounded usage  # can change to a dearer verification; no API publishes the price
POST   /v1/identity/verification_sessions/{session}/cancel  identity.verification_sessions.cancel    free
POST   /v1/identity/verification_sessions/{session}/redact  identity.verification_sessions.redact    free  # deletes what was collected

GET    /v1/invoice_payments                    invoice_payments.list      read
GET    /v1/invoice_payments/{invoice_payment}  invoice_payments.retrieve  read

GET    /v1/invoice_rendering_templates                       invoice_rendering_templates.list       read
GET    /v1/invoice_rendering_templates/{template}            invoice_rendering_templates.retrieve   read
POST   /v1/invoice_rendering_templates/{template}/archive    invoice_rendering_templates.archive    free
POST   /v1/invoice_rendering_templates/{template}/unarchive  invoice_rendering_templates.unarchive  free

GET    /v1/invoiceitems                invoiceitems.list      read
POST   /v1/invoiceitems                invoiceitems.create    money collected+paid_out  # the next invoice collects it: amount, or quantity at the price by look-up
GET    /v1/invoiceitems/{invoiceitem}  invoiceitems.retrieve  read
POST   /v1/invoiceitems/{invoiceitem}  invoiceitems.update    money collected+paid_out  # can raise the amount
DELETE /v1/invoiceitems/{invoiceitem}  invoiceitems.delete    money collected  # without a negative item the next invoice collects more, by look-up

GET    /v1/invoices                                 invoices.list                read
GET    /v1/invoices/search                          invoices.search              read
POST   /v1/invoices                                 invoices.create              money collected  # nothing by default; auto_advance (the default before API version 2018-11-08), pending items (before 2022-08-01) and a subscription collect
POST   /v1/invoices/create_preview                  invoices.create_preview      free  # computes and keeps nothing
GET    /v1/invoices/{invoice}                       invoices.retrieve            read
POST   /v1/invoices/{invoice}                       invoices.update              money collected  # auto_advance collects the amount due, by look-up
DELETE /v1/invoices/{invoice}                       invoices.delete              free  # only drafts
POST   /v1/invoices/{invoice}/add_lines             invoices.add_lines           money collected+paid_out  # an invoice that advances by itself collects them
POST   /v1/invoices/{invoice}/attach_payment        invoices.attach_payment      free  # links a payment that was counted when it was made
POST   /v1/invoices/{invoice}/finalize              invoices.finalize            money collected  # at most the amount due, by look-up
GET    /v1/invoices/{invoice}/lines                 invoices.lines.list          read
POST   /v1/invoices/{invoice}/lines/{line_item_id}  invoices.lines.update        money collected+paid_out  # can raise the line's amount
POST   /v1/invoices/{invoice}/mark_uncollectible    invoices.mark_uncollectible  free  # writes off; moves nothing
POST   /v1/invoices/{invoice}/pay                   invoices.pay                 money collected  # at most the amount due, by look-up
POST   /v1/invoices/{invoice}/remove_lines          invoices.remove_lines        money collected  # without a negative line the invoice collects more, by look-up
POST   /v1/invoices/{invoice}/send                  invoices.send                money collected  # mails a page on which the amount due can be paid, by look-up
POST   /v1/invoices/{invoice}/update_lines          invoices.update_lines        money collected+paid_out  # can raise the lines' amounts
POST   /v1/invoices/{invoice}/void                  invoices.void                free  # nothing is owed any more

GET    /v1/issuing/authorizations                          issuing.authorizations.list      read
GET    /v1/issuing/authorizations/{authorization}          issuing.authorizations.retrieve  read
POST   /v1/issuing/authorizations/{authorization}          issuing.authorizations.update    free  # metadata only
POST   /v1/issuing/authorizations/{authorization}/approve  issuing.authorizations.approve   money paid_out  # at most what is asked for, by look-up
POST   /v1/issuing/authorizations/{authorization}/decline  issuing.authorizations.decline   free

GET    /v1/issuing/cardholders               issuing.cardholders.list      read
POST   /v1/issuing/cardholders               issuing.cardholders.create    free  # spends nothing without a card
GET    /v1/issuing/cardholders/{cardholder}  issuing.cardholders.retrieve  read
POST   /v1/issuing/cardholders/{cardholder}  issuing.cardholders.update    unbounded paid_out  # can switch cards on or lift their limits

GET    /v1/issuing/cards         issuing.cards.list      read redacts:number,cvc  # number and cvc are a spendable card; policy.ts refuses expand[] of them
POST   /v1/issuing/cards         issuing.cards.create    unbounded paid_out+usage redacts:number,cvc  # an active card can be spent with anywhere
GET    /v1/issuing/cards/{card}  issuing.cards.retrieve  read redacts:number,cvc  # number and cvc are a spendable card; policy.ts refuses expand[] of them
POST   /v1/issuing/cards/{card}  issuing.cards.update    unbounded paid_out redacts:number,cvc  # can switch the card on, lift its limits or set its PIN

GET    /v1/issuing/disputes                   issuing.disputes.list      read
POST   /v1/issuing/disputes                   issuing.disputes.create    free  # a draft until it is submitted
GET    /v1/issuing/disputes/{dispute}         issuing.disputes.retrieve  read
POST   /v1/issuing/disputes/{dispute}         issuing.disputes.update    free  # evidence
POST   /v1/issuing/disputes/{dispute}/submit  issuing.disputes.submit    unbounded usage  # a lost dispute may cost a fee that no API publishes

GET    /v1/issuing/personalization_designs                           issuing.personalization_designs.list      read
POST   /v1/issuing/personalization_designs                           issuing.personalization_designs.create    free  # how cards look
GET    /v1/issuing/personalization_designs/{personalization_design}  issuing.personalization_designs.retrieve  read
POST   /v1/issuing/personalization_designs/{personalization_design}  issuing.personalization_designs.update    free  # how cards look

GET    /v1/issuing/physical_bundles                    issuing.physical_bundles.list      read
GET    /v1/issuing/physical_bundles/{physical_bundle}  issuing.physical_bundles.retrieve  read

GET    /v1/issuing/settlements/{settlement}  issuing.settlements.retrieve  read
POST   /v1/issuing/settlements/{settlement}  issuing.settlements.update    free  # metadata only

GET    /v1/issuing/tokens          issuing.tokens.list      read
GET    /v1/issuing/tokens/{token}  issuing.tokens.retrieve  read
POST   /v1/issuing/tokens/{token}  issuing.tokens.update    unbounded paid_out  # can make a wallet's card spendable again

GET    /v1/issuing/transactions                issuing.transactions.list      read
GET    /v1/issuing/transactions/{transaction}  issuing.transactions.retrieve  read
POST   /v1/issuing/transactions/{transaction}  issuing.transactions.update    free  # metadata only

POST   /v1/link_account_sessions            link_account_sessions.create    unbounded usage  # old alias of financial_connections.sessions.create
GET    /v1/link_account_sessions/{session}  link_account_sessions.retrieve  read

GET    /v1/linked_accounts                       linked_accounts.list         read
GET    /v1/linked_accounts/{account}             linked_accounts.retrieve     read
POST   /v1/linked_accounts/{account}/disconnect  linked_accounts.disconnect   free  # ends access to a bank account's data
GET    /v1/linked_accounts/{account}/owners      linked_accounts.owners.list  read
POST   /v1/linked_accounts/{account}/refresh     linked_accounts.refresh      unbounded usage  # old alias of financial_connections.accounts.refresh

GET    /v1/mandates/{mandate}  mandates.retrieve  read

GET    /v1/payment_attempt_records       payment_attempt_records.list      read
GET    /v1/payment_attempt_records/{id}  payment_attempt_records.retrieve  read

GET    /v1/payment_intents                                     payment_intents.list                            read
GET    /v1/payment_intents/search                              payment_intents.search                          read
POST   /v1/payment_intents                                     payment_intents.create                          money collected  # its client secret can pay it from outside
GET    /v1/payment_intents/{intent}                            payment_intents.retrieve                        read
POST   /v1/payment_intents/{intent}                            payment_intents.update                          money collected  # can raise the amount or change the currency
GET    /v1/payment_intents/{intent}/amount_details_line_items  payment_intents.amount_details_line_items.list  read
POST   /v1/payment_intents/{intent}/apply_customer_balance     payment_intents.apply_customer_balance          money collected  # collects from the customer's cash balance
POST   /v1/payment_intents/{intent}/cancel                     payment_intents.cancel                          free  # gives back what was authorised
POST   /v1/payment_intents/{intent}/capture                    payment_intents.capture                         money collected
POST   /v1/payment_intents/{intent}/confirm                    payment_intents.confirm                         money collected
POST   /v1/payment_intents/{intent}/increment_authorization    payment_intents.increment_authorization         money collected
POST   /v1/payment_intents/{intent}/verify_microdeposits       payment_intents.verify_microdeposits            money collected  # the payment goes on once the bank account is verified

GET    /v1/payment_links                            payment_links.list             read
POST   /v1/payment_links                            payment_links.create           unbounded collected  # can be paid any number of times
GET    /v1/payment_links/{payment_link}             payment_links.retrieve         read
POST   /v1/payment_links/{payment_link}             payment_links.update           unbounded collected  # can switch a link on or change its lines
GET    /v1/payment_links/{payment_link}/line_items  payment_links.line_items.list  read

GET    /v1/payment_method_configurations                  payment_method_configurations.list      read
POST   /v1/payment_method_configurations                  payment_method_configurations.create    free  # which ways to pay are offered
GET    /v1/payment_method_configurations/{configuration}  payment_method_configurations.retrieve  read
POST   /v1/payment_method_configurations/{configuration}  payment_method_configurations.update    free  # which ways to pay are offered

GET    /v1/payment_method_domains                                   payment_method_domains.list      read
POST   /v1/payment_method_domains                                   payment_method_domains.create    free
GET    /v1/payment_method_domains/{payment_method_domain}           payment_method_domains.retrieve  read
POST   /v1/payment_method_domains/{payment_method_domain}           payment_method_domains.update    free
POST   /v1/payment_method_domains/{payment_method_domain}/validate  payment_method_domains.validate  free

GET    /v1/payment_methods                          payment_methods.list      read
POST   /v1/payment_methods                          payment_methods.create    free
GET    /v1/payment_methods/{payment_method}         payment_methods.retrieve  read
POST   /v1/payment_methods/{payment_method}         payment_methods.update    free
POST   /v1/payment_methods/{payment_method}/attach  payment_methods.attach    free
POST   /v1/payment_methods/{payment_method}/detach  payment_methods.detach    free

GET    /v1/payment_records                                            payment_records.list                                  read
POST   /v1/payment_records/report_payment                             payment_records.report_payment                        free  # only reports what was paid elsewhere
GET    /v1/payment_records/{id}                                       payment_records.retrieve                              read
POST   /v1/payment_records/{id}/report_payment_attempt                payment_records.report_payment_attempt                free  # only reports what happened elsewhere
POST   /v1/payment_records/{id}/report_payment_attempt_canceled       payment_records.report_payment_attempt_canceled       free  # only reports what happened elsewhere
POST   /v1/payment_records/{id}/report_payment_attempt_failed         payment_records.report_payment_attempt_failed         free  # only reports what happened elsewhere
POST   /v1/payment_records/{id}/report_payment_attempt_guaranteed     payment_records.report_payment_attempt_guaranteed     free  # only reports what happened elsewhere
POST   /v1/payment_records/{id}/report_payment_attempt_informational  payment_records.report_payment_attempt_informational  free  # only reports what happened elsewhere
POST   /v1/payment_records/{id}/report_refund                         payment_records.report_refund                         free  # only reports what was given back elsewhere

GET    /v1/payouts                   payouts.list      read
POST   /v1/payouts                   payouts.create    money paid_out  # leaves the balance, whoever owns the bank account
GET    /v1/payouts/{payout}          payouts.retrieve  read
POST   /v1/payouts/{payout}          payouts.update    free  # metadata only
POST   /v1/payouts/{payout}/cancel   payouts.cancel    free  # the money stays in the balance
POST   /v1/payouts/{payout}/reverse  payouts.reverse   money collected  # takes the payout back from the bank account into the balance, by look-up

GET    /v1/plans         plans.list      read
POST   /v1/plans         plans.create    free  # a price charges nobody by itself
GET    /v1/plans/{plan}  plans.retrieve  read
POST   /v1/plans/{plan}  plans.update    free  # name, product and trial; amounts cannot change
DELETE /v1/plans/{plan}  plans.delete    free  # running subscriptions keep it

GET    /v1/prices          prices.list      read
GET    /v1/prices/search   prices.search    read
POST   /v1/prices          prices.create    free  # a price charges nobody by itself
GET    /v1/prices/{price}  prices.retrieve  read
POST   /v1/prices/{price}  prices.update    free  # policy.ts refuses what reprices running subscriptions

GET    /v1/product_catalog/trial_offers       product_catalog.trial_offers.list      read
POST   /v1/product_catalog/trial_offers       product_catalog.trial_offers.create    free  # an offer charges nobody by itself
GET    /v1/product_catalog/trial_offers/{id}  product_catalog.trial_offers.retrieve  read
POST   /v1/product_catalog/trial_offers/{id}  product_catalog.trial_offers.update    free  # an offer charges nobody by itself

GET    /v1/products                          products.list               read
GET    /v1/products/search                   products.search             read
POST   /v1/products                          products.create             free
GET    /v1/products/{id}                     products.retrieve           read
POST   /v1/products/{id}                     products.update             free
DELETE /v1/products/{id}                     products.delete             free
GET    /v1/products/{product}/features       products.features.list      read
POST   /v1/products/{product}/features       products.features.create    free
GET    /v1/products/{product}/features/{id}  products.features.retrieve  read
DELETE /v1/products/{product}/features/{id}  products.features.delete    free

GET    /v1/promotion_codes                   promotion_codes.list      read
POST   /v1/promotion_codes                   promotion_codes.create    free  # a discount moves nothing; what it is put on collects less
GET    /v1/promotion_codes/{promotion_code}  promotion_codes.retrieve  read
POST   /v1/promotion_codes/{promotion_code}  promotion_codes.update    free  # switches a code on or off

GET    /v1/quotes                                      quotes.list                              read
POST   /v1/quotes                                      quotes.create                            free  # a draft collects nothing
GET    /v1/quotes/{quote}                              quotes.retrieve                          read
POST   /v1/quotes/{quote}                              quotes.update                            free  # a draft collects nothing
POST   /v1/quotes/{quote}/accept                       quotes.accept                            money collected  # a one-off quote: amount_total by look-up; one that recurs starts a subscription and cannot be bounded
POST   /v1/quotes/{quote}/cancel                       quotes.cancel                            free
GET    /v1/quotes/{quote}/computed_upfront_line_items  quotes.computed_upfront_line_items.list  read
POST   /v1/quotes/{quote}/finalize                     quotes.finalize                          money collected  # from then on it can be accepted; the same amount as accepting it
GET    /v1/quotes/{quote}/line_items                   quotes.line_items.list                   read
GET    /v1/quotes/{quote}/pdf                          quotes.pdf.retrieve                      read host:files

GET    /v1/radar/early_fraud_warnings                        radar.early_fraud_warnings.list      read
GET    /v1/radar/early_fraud_warnings/{early_fraud_warning}  radar.early_fraud_warnings.retrieve  read

POST   /v1/radar/payment_evaluations  radar.payment_evaluations.create  unbounded usage  # billed per use; no API publishes the price

GET    /v1/radar/value_list_items         radar.value_list_items.list      read
POST   /v1/radar/value_list_items         radar.value_list_items.create    free
GET    /v1/radar/value_list_items/{item}  radar.value_list_items.retrieve  read
DELETE /v1/radar/value_list_items/{item}  radar.value_list_items.delete    free

GET    /v1/radar/value_lists               radar.value_lists.list      read
POST   /v1/radar/value_lists               radar.value_lists.create    free
GET    /v1/radar/value_lists/{value_list}  radar.value_lists.retrieve  read
POST   /v1/radar/value_lists/{value_list}  radar.value_lists.update    free
DELETE /v1/radar/value_lists/{value_list}  radar.value_lists.delete    free

GET    /v1/refunds                  refunds.list      read
POST   /v1/refunds                  refunds.create    money paid_out
GET    /v1/refunds/{refund}         refunds.retrieve  read
POST   /v1/refunds/{refund}         refunds.update    free  # metadata only
POST   /v1/refunds/{refund}/cancel  refunds.cancel    free  # stops one that waits for the customer

GET    /v1/reporting/report_runs               reporting.report_runs.list      read
POST   /v1/reporting/report_runs               reporting.report_runs.create    free  # writes a file
GET    /v1/reporting/report_runs/{report_run}  reporting.report_runs.retrieve  read

GET    /v1/reporting/report_types                reporting.report_types.list      read
GET    /v1/reporting/report_types/{report_type}  reporting.report_types.retrieve  read

GET    /v1/reviews                   reviews.list      read
GET    /v1/reviews/{review}          reviews.retrieve  read
POST   /v1/reviews/{review}/approve  reviews.approve   free  # closes a review; the payment was counted when it was made

GET    /v1/setup_attempts  setup_attempts.list  read

GET    /v1/setup_intents                                setup_intents.list                  read
POST   /v1/setup_intents                                setup_intents.create                free  # saves a way to pay; collecting with it is another call
GET    /v1/setup_intents/{intent}                       setup_intents.retrieve              read
POST   /v1/setup_intents/{intent}                       setup_intents.update                free  # saves a way to pay; collecting with it is another call
POST   /v1/setup_intents/{intent}/cancel                setup_intents.cancel                free
POST   /v1/setup_intents/{intent}/confirm               setup_intents.confirm               free  # saves a way to pay; collecting with it is another call
POST   /v1/setup_intents/{intent}/verify_microdeposits  setup_intents.verify_microdeposits  free  # saves a way to pay; collecting with it is another call

GET    /v1/shipping_rates                        shipping_rates.list      read
POST   /v1/shipping_rates                        shipping_rates.create    free
GET    /v1/shipping_rates/{shipping_rate_token}  shipping_rates.retrieve  read
POST   /v1/shipping_rates/{shipping_rate_token}  shipping_rates.update    free

POST   /v1/sigma/saved_queries/{id}  sigma.saved_queries.update  free  # the text of a query over the account's own data

GET    /v1/sigma/scheduled_query_runs                        sigma.scheduled_query_runs.list      read
GET    /v1/sigma/scheduled_query_runs/{scheduled_query_run}  sigma.scheduled_query_runs.retrieve  read

POST   /v1/sources                                                        sources.create                          free  # a way to pay; charging it is another call
GET    /v1/sources/{source}                                               sources.retrieve                        read
POST   /v1/sources/{source}                                               sources.update                          free  # owner and metadata
GET    /v1/sources/{source}/mandate_notifications/{mandate_notification}  sources.mandate_notifications.retrieve  read
GET    /v1/sources/{source}/source_transactions                           sources.source_transactions.list        read
GET    /v1/sources/{source}/source_transactions/{source_transaction}      sources.source_transactions.retrieve    read
POST   /v1/sources/{source}/verify                                        sources.verify                          free  # lets a source be charged; charging it is another call

GET    /v1/subscription_items         subscription_items.list      read
POST   /v1/subscription_items         subscription_items.create    unbounded collected  # collects again and again; prorations at once
GET    /v1/subscription_items/{item}  subscription_items.retrieve  read
POST   /v1/subscription_items/{item}  subscription_items.update    unbounded collected  # collects again and again; prorations at once
DELETE /v1/subscription_items/{item}  subscription_items.delete    unbounded collected  # proration_behavior can collect pending items at once

GET    /v1/subscription_schedules                     subscription_schedules.list      read
POST   /v1/subscription_schedules                     subscription_schedules.create    unbounded collected  # starts a subscription
GET    /v1/subscription_schedules/{schedule}          subscription_schedules.retrieve  read
POST   /v1/subscription_schedules/{schedule}          subscription_schedules.update    unbounded collected  # changes what is collected and for how long
POST   /v1/subscription_schedules/{schedule}/cancel   subscription_schedules.cancel    unbounded collected  # makes a last invoice by default, of usage and pending items
POST   /v1/subscription_schedules/{schedule}/release  subscription_schedules.release   unbounded collected  # the subscription goes on without the schedule's end

GET    /v1/subscriptions                                     subscriptions.list             read
GET    /v1/subscriptions/search                              subscriptions.search           read
POST   /v1/subscriptions                                     subscriptions.create           unbounded collected  # collects again and again
GET    /v1/subscriptions/{subscription_exposed_id}           subscriptions.retrieve         read
POST   /v1/subscriptions/{subscription_exposed_id}           subscriptions.update           unbounded collected  # collects again and again; prorations at once
DELETE /v1/subscriptions/{subscription_exposed_id}           subscriptions.cancel           money collected  # nothing by default; invoice_now and prorate make a last invoice that cannot be known before
DELETE /v1/subscriptions/{subscription_exposed_id}/discount  subscriptions.discount.delete  unbounded collected  # the next invoices collect the full price again
POST   /v1/subscriptions/{subscription}/migrate              subscriptions.migrate          unbounded collected  # changes how a running subscription is billed
POST   /v1/subscriptions/{subscription}/pause                subscriptions.pause            unbounded collected  # bills usage so far by default
POST   /v1/subscriptions/{subscription}/resume               subscriptions.resume           unbounded collected  # collects again and again

GET    /v1/tax/associations/find  tax.associations.find  read

POST   /v1/tax/calculations                           tax.calculations.create           unbounded usage  # billed per use; no API publishes the price
GET    /v1/tax/calculations/{calculation}             tax.calculations.retrieve         read
GET    /v1/tax/calculations/{calculation}/line_items  tax.calculations.line_items.list  read

GET    /v1/tax/locations       tax.locations.list      read
POST   /v1/tax/locations       tax.locations.create    free  # an address
GET    /v1/tax/locations/{id}  tax.locations.retrieve  read

GET    /v1/tax/registrations       tax.registrations.list      read
POST   /v1/tax/registrations       tax.registrations.create    unbounded collected  # running subscriptions with automatic tax collect more
GET    /v1/tax/registrations/{id}  tax.registrations.retrieve  read
POST   /v1/tax/registrations/{id}  tax.registrations.update    unbounded collected  # running subscriptions with automatic tax collect more

GET    /v1/tax/settings  tax.settings.retrieve  read
POST   /v1/tax/settings  tax.settings.update    unbounded collected  # running subscriptions with automatic tax collect more

POST   /v1/tax/transactions/create_from_calculation   tax.transactions.create_from_calculation  unbounded usage  # billed per use; no API publishes the price
POST   /v1/tax/transactions/create_reversal           tax.transactions.create_reversal          unbounded usage  # may be billed per use; no API publishes the price
GET    /v1/tax/transactions/{transaction}             tax.transactions.retrieve                 read
GET    /v1/tax/transactions/{transaction}/line_items  tax.transactions.line_items.list          read

GET    /v1/tax_codes       tax_codes.list      read
GET    /v1/tax_codes/{id}  tax_codes.retrieve  read

GET    /v1/tax_ids       tax_ids.list      read
POST   /v1/tax_ids       tax_ids.create    free
GET    /v1/tax_ids/{id}  tax_ids.retrieve  read
DELETE /v1/tax_ids/{id}  tax_ids.delete    free

GET    /v1/tax_rates             tax_rates.list      read
POST   /v1/tax_rates             tax_rates.create    free  # a rate collects nothing by itself
GET    /v1/tax_rates/{tax_rate}  tax_rates.retrieve  read
POST   /v1/tax_rates/{tax_rate}  tax_rates.update    free  # name and place; the percentage cannot change

GET    /v1/terminal/configurations                  terminal.configurations.list      read redacts:password  # the reader's Wi-Fi password
POST   /v1/terminal/configurations                  terminal.configurations.create    free redacts:password  # the reader's settings; its Wi-Fi password among them
GET    /v1/terminal/configurations/{configuration}  terminal.configurations.retrieve  read redacts:password  # the reader's Wi-Fi password
POST   /v1/terminal/configurations/{configuration}  terminal.configurations.update    free redacts:password  # the reader's settings; its Wi-Fi password among them
DELETE /v1/terminal/configurations/{configuration}  terminal.configurations.delete    free redacts:password

POST   /v1/terminal/connection_tokens  terminal.connection_tokens.create  secret-bearing  # answers with a token that takes payments on a reader

GET    /v1/terminal/locations             terminal.locations.list      read
POST   /v1/terminal/locations             terminal.locations.create    free
GET    /v1/terminal/locations/{location}  terminal.locations.retrieve  read
POST   /v1/terminal/locations/{location}  terminal.locations.update    free
DELETE /v1/terminal/locations/{location}  terminal.locations.delete    free

POST   /v1/terminal/onboarding_links  terminal.onboarding_links.create  secret-bearing  # a link with which terms are accepted for an account

GET    /v1/terminal/readers                                  terminal.readers.list                    read
POST   /v1/terminal/readers                                  terminal.readers.create                  free
GET    /v1/terminal/readers/{reader}                         terminal.readers.retrieve                read
POST   /v1/terminal/readers/{reader}                         terminal.readers.update                  free
DELETE /v1/terminal/readers/{reader}                         terminal.readers.delete                  free
POST   /v1/terminal/readers/{reader}/cancel_action           terminal.readers.cancel_action           free
POST   /v1/terminal/readers/{reader}/collect_inputs          terminal.readers.collect_inputs          free
POST   /v1/terminal/readers/{reader}/collect_payment_method  terminal.readers.collect_payment_method  money collected  # reads a card for a PaymentIntent, a tip may be added; by look-up
POST   /v1/terminal/readers/{reader}/confirm_payment_intent  terminal.readers.confirm_payment_intent  money collected  # the PaymentIntent's amount, by look-up
POST   /v1/terminal/readers/{reader}/process_payment_intent  terminal.readers.process_payment_intent  money collected  # the PaymentIntent's amount, a tip may be added; by look-up
POST   /v1/terminal/readers/{reader}/process_setup_intent    terminal.readers.process_setup_intent    free  # saves a way to pay; collecting with it is another call
POST   /v1/terminal/readers/{reader}/refund_payment          terminal.readers.refund_payment          money paid_out  # without an amount: all that remains of the charge
POST   /v1/terminal/readers/{reader}/set_reader_display      terminal.readers.set_reader_display      free  # shows a cart

POST   /v1/terminal/refunds  terminal.refunds.create  unbounded paid_out  # internal alias of refunds.create whose parameters are not published

GET    /v1/three_d_secure/authentications              three_d_secure.authentications.list      read
POST   /v1/three_d_secure/authentications              three_d_secure.authentications.create    unbounded usage  # billed per use; no API publishes the price
GET    /v1/three_d_secure/authentications/{id}         three_d_secure.authentications.retrieve  read
POST   /v1/three_d_secure/authentications/{id}/cancel  three_d_secure.authentications.cancel    free
POST   /v1/three_d_secure/authentications/{id}/submit  three_d_secure.authentications.submit    unbounded usage  # billed per use; no API publishes the price

POST   /v1/tokens          tokens.create    secret-bearing  # answers with a token that stands for a card, a bank account or an account's details
GET    /v1/tokens/{token}  tokens.retrieve  read

GET    /v1/topups                 topups.list      read
POST   /v1/topups                 topups.create    money collected  # comes into the balance from the own bank account
GET    /v1/topups/{topup}         topups.retrieve  read
POST   /v1/topups/{topup}         topups.update    free  # description and metadata
POST   /v1/topups/{topup}/cancel  topups.cancel    free  # nothing comes

GET    /v1/transfers                            transfers.list                read
POST   /v1/transfers                            transfers.create              money paid_out  # leaves the balance for a connected account
GET    /v1/transfers/{transfer}                 transfers.retrieve            read
POST   /v1/transfers/{transfer}                 transfers.update              free  # description and metadata
GET    /v1/transfers/{id}/reversals             transfers.reversals.list      read
POST   /v1/transfers/{id}/reversals             transfers.reversals.create    money collected  # comes back into the balance from the connected account; without an amount: all that remains
GET    /v1/transfers/{transfer}/reversals/{id}  transfers.reversals.retrieve  read
POST   /v1/transfers/{transfer}/reversals/{id}  transfers.reversals.update    free  # metadata only

GET    /v1/treasury/credit_reversals                    treasury.credit_reversals.list      read
POST   /v1/treasury/credit_reversals                    treasury.credit_reversals.create    money paid_out  # sends a received credit back: its amount, by look-up
GET    /v1/treasury/credit_reversals/{credit_reversal}  treasury.credit_reversals.retrieve  read

GET    /v1/treasury/debit_reversals                   treasury.debit_reversals.list      read
POST   /v1/treasury/debit_reversals                   treasury.debit_reversals.create    money collected  # takes a received debit back: its amount, by look-up
GET    /v1/treasury/debit_reversals/{debit_reversal}  treasury.debit_reversals.retrieve  read

GET    /v1/treasury/financial_accounts                               treasury.financial_accounts.list               read
POST   /v1/treasury/financial_accounts                               treasury.financial_accounts.create             free  # a new account holds nothing yet
GET    /v1/treasury/financial_accounts/{financial_account}           treasury.financial_accounts.retrieve           read
POST   /v1/treasury/financial_accounts/{financial_account}           treasury.financial_accounts.update             secret-bearing  # redirects money: forwarding_settings say where it goes on closing
POST   /v1/treasury/financial_accounts/{financial_account}/close     treasury.financial_accounts.close              secret-bearing  # redirects money: forwarding_settings say where it goes from then on
GET    /v1/treasury/financial_accounts/{financial_account}/features  treasury.financial_accounts.features.retrieve  read
POST   /v1/treasury/financial_accounts/{financial_account}/features  treasury.financial_accounts.features.update    free  # asks for abilities; using them is another call

GET    /v1/treasury/inbound_transfers                            treasury.inbound_transfers.list      read
POST   /v1/treasury/inbound_transfers                            treasury.inbound_transfers.create    money collected  # comes into the balance from a bank account
GET    /v1/treasury/inbound_transfers/{id}                       treasury.inbound_transfers.retrieve  read
POST   /v1/treasury/inbound_transfers/{inbound_transfer}/cancel  treasury.inbound_transfers.cancel    free  # nothing comes

GET    /v1/treasury/outbound_payments              treasury.outbound_payments.list      read
POST   /v1/treasury/outbound_payments              treasury.outbound_payments.create    money paid_out
GET    /v1/treasury/outbound_payments/{id}         treasury.outbound_payments.retrieve  read
POST   /v1/treasury/outbound_payments/{id}/cancel  treasury.outbound_payments.cancel    free  # the money stays

GET    /v1/treasury/outbound_transfers                             treasury.outbound_transfers.list      read
POST   /v1/treasury/outbound_transfers                             treasury.outbound_transfers.create    money paid_out  # leaves the balance, whoever owns the bank account
GET    /v1/treasury/outbound_transfers/{outbound_transfer}         treasury.outbound_transfers.retrieve  read
POST   /v1/treasury/outbound_transfers/{outbound_transfer}/cancel  treasury.outbound_transfers.cancel    free  # the money stays

GET    /v1/treasury/received_credits       treasury.received_credits.list      read
GET    /v1/treasury/received_credits/{id}  treasury.received_credits.retrieve  read

GET    /v1/treasury/received_debits       treasury.received_debits.list      read
GET    /v1/treasury/received_debits/{id}  treasury.received_debits.retrieve  read

GET    /v1/treasury/transaction_entries       treasury.transaction_entries.list      read
GET    /v1/treasury/transaction_entries/{id}  treasury.transaction_entries.retrieve  read

GET    /v1/treasury/transactions       treasury.transactions.list      read
GET    /v1/treasury/transactions/{id}  treasury.transactions.retrieve  read

GET    /v1/webhook_endpoints                     webhook_endpoints.list      read redacts:secret
POST   /v1/webhook_endpoints                     webhook_endpoints.create    secret-bearing  # answers with the signing secret
GET    /v1/webhook_endpoints/{webhook_endpoint}  webhook_endpoints.retrieve  read redacts:secret
POST   /v1/webhook_endpoints/{webhook_endpoint}  webhook_endpoints.update    free redacts:secret  # where events are sent; moves nothing
DELETE /v1/webhook_endpoints/{webhook_endpoint}  webhook_endpoints.delete    free redacts:secret

POST   /v1/test_helpers/confirmation_tokens  test_helpers.confirmation_tokens.create  free  # test mode only

POST   /v1/test_helpers/customers/{customer}/fund_cash_balance  test_helpers.customers.fund_cash_balance  free  # test mode only

POST   /v1/test_helpers/issuing/authorizations                                               test_helpers.issuing.authorizations.create                    free  # test mode only
POST   /v1/test_helpers/issuing/authorizations/{authorization}/capture                       test_helpers.issuing.authorizations.capture                   free  # test mode only
POST   /v1/test_helpers/issuing/authorizations/{authorization}/expire                        test_helpers.issuing.authorizations.expire                    free  # test mode only
POST   /v1/test_helpers/issuing/authorizations/{authorization}/finalize_amount               test_helpers.issuing.authorizations.finalize_amount           free  # test mode only
POST   /v1/test_helpers/issuing/authorizations/{authorization}/fraud_challenges/respond      test_helpers.issuing.authorizations.fraud_challenges.respond  free  # test mode only
POST   /v1/test_helpers/issuing/authorizations/{authorization}/increment                     test_helpers.issuing.authorizations.increment                 free  # test mode only
POST   /v1/test_helpers/issuing/authorizations/{authorization}/reverse                       test_helpers.issuing.authorizations.reverse                   free  # test mode only
POST   /v1/test_helpers/issuing/cards/{card}/shipping/deliver                                test_helpers.issuing.cards.shipping.deliver                   free  # test mode only
POST   /v1/test_helpers/issuing/cards/{card}/shipping/fail                                   test_helpers.issuing.cards.shipping.fail                      free  # test mode only
POST   /v1/test_helpers/issuing/cards/{card}/shipping/return                                 test_helpers.issuing.cards.shipping.return                    free  # test mode only
POST   /v1/test_helpers/issuing/cards/{card}/shipping/ship                                   test_helpers.issuing.cards.shipping.ship                      free  # test mode only
POST   /v1/test_helpers/issuing/cards/{card}/shipping/submit                                 test_helpers.issuing.cards.shipping.submit                    free  # test mode only
POST   /v1/test_helpers/issuing/personalization_designs/{personalization_design}/activate    test_helpers.issuing.personalization_designs.activate         free  # test mode only
POST   /v1/test_helpers/issuing/personalization_designs/{personalization_design}/deactivate  test_helpers.issuing.personalization_designs.deactivate       free  # test mode only
POST   /v1/test_helpers/issuing/personalization_designs/{personalization_design}/reject      test_helpers.issuing.personalization_designs.reject           free  # test mode only
POST   /v1/test_helpers/issuing/settlements                                                  test_helpers.issuing.settlements.create                       free  # test mode only
POST   /v1/test_helpers/issuing/settlements/{settlement}/complete                            test_helpers.issuing.settlements.complete                     free  # test mode only
POST   /v1/test_helpers/issuing/transactions/create_force_capture                            test_helpers.issuing.transactions.create_force_capture        free  # test mode only
POST   /v1/test_helpers/issuing/transactions/create_unlinked_refund                          test_helpers.issuing.transactions.create_unlinked_refund      free  # test mode only
POST   /v1/test_helpers/issuing/transactions/{transaction}/refund                            test_helpers.issuing.transactions.refund                      free  # test mode only

POST   /v1/test_helpers/refunds/{refund}/expire  test_helpers.refunds.expire  free  # test mode only

POST   /v1/test_helpers/terminal/readers/{reader}/present_payment_method    test_helpers.terminal.readers.present_payment_method    free  # test mode only
POST   /v1/test_helpers/terminal/readers/{reader}/succeed_input_collection  test_helpers.terminal.readers.succeed_input_collection  free  # test mode only
POST   /v1/test_helpers/terminal/readers/{reader}/timeout_input_collection  test_helpers.terminal.readers.timeout_input_collection  free  # test mode only

GET    /v1/test_helpers/test_clocks                       test_helpers.test_clocks.list      read
POST   /v1/test_helpers/test_clocks                       test_helpers.test_clocks.create    free  # test mode only
GET    /v1/test_helpers/test_clocks/{test_clock}          test_helpers.test_clocks.retrieve  read
DELETE /v1/test_helpers/test_clocks/{test_clock}          test_helpers.test_clocks.delete    free  # test mode only
POST   /v1/test_helpers/test_clocks/{test_clock}/advance  test_helpers.test_clocks.advance   free  # test mode only

POST   /v1/test_helpers/treasury/inbound_transfers/{id}/fail                    test_helpers.treasury.inbound_transfers.fail     free  # test mode only
POST   /v1/test_helpers/treasury/inbound_transfers/{id}/return                  test_helpers.treasury.inbound_transfers.return   free  # test mode only
POST   /v1/test_helpers/treasury/inbound_transfers/{id}/succeed                 test_helpers.treasury.inbound_transfers.succeed  free  # test mode only
POST   /v1/test_helpers/treasury/outbound_payments/{id}                         test_helpers.treasury.outbound_payments.update   free  # test mode only
POST   /v1/test_helpers/treasury/outbound_payments/{id}/fail                    test_helpers.treasury.outbound_payments.fail     free  # test mode only
POST   /v1/test_helpers/treasury/outbound_payments/{id}/post                    test_helpers.treasury.outbound_payments.post     free  # test mode only
POST   /v1/test_helpers/treasury/outbound_payments/{id}/return                  test_helpers.treasury.outbound_payments.return   free  # test mode only
POST   /v1/test_helpers/treasury/outbound_transfers/{outbound_transfer}         test_helpers.treasury.outbound_transfers.update  free  # test mode only
POST   /v1/test_helpers/treasury/outbound_transfers/{outbound_transfer}/fail    test_helpers.treasury.outbound_transfers.fail    free  # test mode only
POST   /v1/test_helpers/treasury/outbound_transfers/{outbound_transfer}/post    test_helpers.treasury.outbound_transfers.post    free  # test mode only
POST   /v1/test_helpers/treasury/outbound_transfers/{outbound_transfer}/return  test_helpers.treasury.outbound_transfers.return  free  # test mode only
POST   /v1/test_helpers/treasury/received_credits                               test_helpers.treasury.received_credits.create    free  # test mode only
POST   /v1/test_helpers/treasury/received_debits                                test_helpers.treasury.received_debits.create     free  # test mode only

POST   /oauth/deauthorize  oauth.deauthorize   free host:connect  # ends this platform's access to an account
POST   /oauth/token        oauth.token.create  secret-bearing host:connect  # answers with the keys of a connected account

POST   /v2/billing/meter_event_adjustments  v2.billing.meter_event_adjustments.create  unbounded collected  # a meter that counts the last value may then count a higher one

POST   /v2/billing/meter_event_session  v2.billing.meter_event_session.create  secret-bearing  # answers with a token that reports usage past this proxy

POST   /v2/billing/meter_event_stream  v2.billing.meter_event_stream.create  unbounded collected host:meter-events  # becomes invoice lines later, at prices that are not in the request

POST   /v2/billing/meter_events  v2.billing.meter_events.create  unbounded collected  # becomes an invoice line later, at a price that is not in the request

GET    /v2/commerce/product_catalog/imports       v2.commerce.product_catalog.imports.list      read redacts:upload_url  # whoever has the address can upload prices
POST   /v2/commerce/product_catalog/imports       v2.commerce.product_catalog.imports.create    secret-bearing  # answers with an address to which prices are uploaded past this proxy
GET    /v2/commerce/product_catalog/imports/{id}  v2.commerce.product_catalog.imports.retrieve  read redacts:upload_url  # whoever has the address can upload prices

POST   /v2/core/account_links  v2.core.account_links.create  secret-bearing  # a link with which an account's details, its bank account too, can be set

POST   /v2/core/account_tokens       v2.core.account_tokens.create    secret-bearing  # answers with a token that stands for an account's details
GET    /v2/core/account_tokens/{id}  v2.core.account_tokens.retrieve  read

GET    /v2/core/accounts                               v2.core.accounts.list                    read
POST   /v2/core/accounts                               v2.core.accounts.create                  free  # a new account holds nothing yet, and what is sent to it is counted
GET    /v2/core/accounts/{id}                          v2.core.accounts.retrieve                read
POST   /v2/core/accounts/{id}                          v2.core.accounts.update                  secret-bearing  # redirects money: defaults[payout_methods] says where the account is paid out
POST   /v2/core/accounts/{id}/close                    v2.core.accounts.close                   free  # switches configurations off
POST   /v2/core/accounts/{account}/person_tokens       v2.core.accounts.person_tokens.create    secret-bearing  # answers with a token that stands for a person's details
GET    /v2/core/accounts/{account}/person_tokens/{id}  v2.core.accounts.person_tokens.retrieve  read
GET    /v2/core/accounts/{account}/persons             v2.core.accounts.persons.list            read
POST   /v2/core/accounts/{account}/persons             v2.core.accounts.persons.create          free
GET    /v2/core/accounts/{account}/persons/{id}        v2.core.accounts.persons.retrieve        read
POST   /v2/core/accounts/{account}/persons/{id}        v2.core.accounts.persons.update          free
DELETE /v2/core/accounts/{account}/persons/{id}        v2.core.accounts.persons.delete          free

GET    /v2/core/event_destinations               v2.core.event_destinations.list      read redacts:signing_secret
POST   /v2/core/event_destinations               v2.core.event_destinations.create    secret-bearing  # include[] answers with the signing secret
GET    /v2/core/event_destinations/{id}          v2.core.event_destinations.retrieve  read redacts:signing_secret
POST   /v2/core/event_destinations/{id}          v2.core.event_destinations.update    free redacts:signing_secret  # where events are sent; moves nothing
DELETE /v2/core/event_destinations/{id}          v2.core.event_destinations.delete    free redacts:signing_secret
POST   /v2/core/event_destinations/{id}/disable  v2.core.event_destinations.disable   free redacts:signing_secret
POST   /v2/core/event_destinations/{id}/enable   v2.core.event_destinations.enable    free redacts:signing_secret
POST   /v2/core/event_destinations/{id}/ping     v2.core.event_destinations.ping      free

GET    /v2/core/events       v2.core.events.list      read
GET    /v2/core/events/{id}  v2.core.events.retrieve  read

GET    /v2/core/vault/gb_bank_accounts                 v2.core.vault.gb_bank_accounts.list       read
POST   /v2/core/vault/gb_bank_accounts                 v2.core.vault.gb_bank_accounts.create     secret-bearing  # redirects money: adds a bank account that can be paid out to
GET    /v2/core/vault/gb_bank_accounts/{id}            v2.core.vault.gb_bank_accounts.retrieve   read
POST   /v2/core/vault/gb_bank_accounts/{id}/archive    v2.core.vault.gb_bank_accounts.archive    free
POST   /v2/core/vault/gb_bank_accounts/{id}/unarchive  v2.core.vault.gb_bank_accounts.unarchive  secret-bearing  # redirects money: a bank account can be paid out to again

GET    /v2/core/vault/us_bank_accounts                             v2.core.vault.us_bank_accounts.list                   read
POST   /v2/core/vault/us_bank_accounts                             v2.core.vault.us_bank_accounts.create                 secret-bearing  # redirects money: adds a bank account that can be paid out to
GET    /v2/core/vault/us_bank_accounts/{id}                        v2.core.vault.us_bank_accounts.retrieve               read
POST   /v2/core/vault/us_bank_accounts/{id}                        v2.core.vault.us_bank_accounts.update                 secret-bearing  # redirects money: sets the bank's routing number
POST   /v2/core/vault/us_bank_accounts/{id}/archive                v2.core.vault.us_bank_accounts.archive                free
POST   /v2/core/vault/us_bank_accounts/{id}/confirm_microdeposits  v2.core.vault.us_bank_accounts.confirm_microdeposits  secret-bearing  # redirects money: a bank account becomes one that can be used
POST   /v2/core/vault/us_bank_accounts/{id}/send_microdeposits     v2.core.vault.us_bank_accounts.send_microdeposits     free  # Stripe sends a few cents of its own
POST   /v2/core/vault/us_bank_accounts/{id}/unarchive              v2.core.vault.us_bank_accounts.unarchive              secret-bearing  # redirects money: a bank account can be paid out to again

GET    /v2/money_management/adjustments       v2.money_management.adjustments.list      read
GET    /v2/money_management/adjustments/{id}  v2.money_management.adjustments.retrieve  read

GET    /v2/money_management/financial_accounts       v2.money_management.financial_accounts.list      read
GET    /v2/money_management/financial_accounts/{id}  v2.money_management.financial_accounts.retrieve  read
POST   /v2/money_management/financial_accounts/{id}  v2.money_management.financial_accounts.update    free  # name and metadata

GET    /v2/money_management/financial_addresses       v2.money_management.financial_addresses.list      read
POST   /v2/money_management/financial_addresses       v2.money_management.financial_addresses.create    free  # an account number to be paid on
GET    /v2/money_management/financial_addresses/{id}  v2.money_management.financial_addresses.retrieve  read

GET    /v2/money_management/inbound_transfers       v2.money_management.inbound_transfers.list      read
POST   /v2/money_management/inbound_transfers       v2.money_management.inbound_transfers.create    money collected  # comes into the balance from a bank account
GET    /v2/money_management/inbound_transfers/{id}  v2.money_management.inbound_transfers.retrieve  read

GET    /v2/money_management/outbound_payments              v2.money_management.outbound_payments.list      read
POST   /v2/money_management/outbound_payments              v2.money_management.outbound_payments.create    money paid_out  # to[currency] may differ: from[currency] is what leaves
GET    /v2/money_management/outbound_payments/{id}         v2.money_management.outbound_payments.retrieve  read
POST   /v2/money_management/outbound_payments/{id}/cancel  v2.money_management.outbound_payments.cancel    free  # the money stays

GET    /v2/money_management/outbound_setup_intents              v2.money_management.outbound_setup_intents.list      read
POST   /v2/money_management/outbound_setup_intents              v2.money_management.outbound_setup_intents.create    secret-bearing  # redirects money: adds a bank account or card that can be paid out to
GET    /v2/money_management/outbound_setup_intents/{id}         v2.money_management.outbound_setup_intents.retrieve  read
POST   /v2/money_management/outbound_setup_intents/{id}         v2.money_management.outbound_setup_intents.update    secret-bearing  # redirects money: changes a bank account or card that can be paid out to
POST   /v2/money_management/outbound_setup_intents/{id}/cancel  v2.money_management.outbound_setup_intents.cancel    free

GET    /v2/money_management/payout_intents                                      v2.money_management.payout_intents.list                            read
POST   /v2/money_management/payout_intents                                      v2.money_management.payout_intents.create                          money paid_out  # held when created, like a PaymentIntent
GET    /v2/money_management/payout_intents/{id}                                 v2.money_management.payout_intents.retrieve                        read
POST   /v2/money_management/payout_intents/{id}                                 v2.money_management.payout_intents.update                          money paid_out  # can change who gets it and in which currency; by look-up
POST   /v2/money_management/payout_intents/{id}/cancel                          v2.money_management.payout_intents.cancel                          free  # the money stays
POST   /v2/money_management/payout_intents/{id}/confirm                         v2.money_management.payout_intents.confirm                         money paid_out  # by look-up
POST   /v2/money_management/payout_intents/{id}/refresh_fx_quote                v2.money_management.payout_intents.refresh_fx_quote                money paid_out  # another exchange rate may take more; by look-up
POST   /v2/money_management/payout_intents/{id}/refresh_recipient_verification  v2.money_management.payout_intents.refresh_recipient_verification  unbounded usage  # may be billed per use; no API publishes the price

GET    /v2/money_management/payout_methods                 v2.money_management.payout_methods.list       read
GET    /v2/money_management/payout_methods/{id}            v2.money_management.payout_methods.retrieve   read
POST   /v2/money_management/payout_methods/{id}/archive    v2.money_management.payout_methods.archive    free
POST   /v2/money_management/payout_methods/{id}/unarchive  v2.money_management.payout_methods.unarchive  secret-bearing  # redirects money: it can be paid out to again

GET    /v2/money_management/payout_methods_bank_account_spec  v2.money_management.payout_methods_bank_account_spec.retrieve  read

GET    /v2/money_management/received_credits       v2.money_management.received_credits.list      read
GET    /v2/money_management/received_credits/{id}  v2.money_management.received_credits.retrieve  read

POST   /v2/money_management/recipient_verifications                   v2.money_management.recipient_verifications.create       unbounded usage  # may be billed per use; no API publishes the price
GET    /v2/money_management/recipient_verifications/{id}              v2.money_management.recipient_verifications.retrieve     read
POST   /v2/money_management/recipient_verifications/{id}/acknowledge  v2.money_management.recipient_verifications.acknowledge  free

POST   /v2/money_management/test_helpers/financial_addresses/{id}/credit  v2.money_management.test_helpers.financial_addresses.credit  free  # test mode only

GET    /v2/money_management/transaction_entries       v2.money_management.transaction_entries.list      read
GET    /v2/money_management/transaction_entries/{id}  v2.money_management.transaction_entries.retrieve  read

GET    /v2/money_management/transactions                                  v2.money_management.transactions.list                        read
GET    /v2/money_management/transactions/{id}                             v2.money_management.transactions.retrieve                    read
POST   /v2/money_management/transactions/{id}                             v2.money_management.transactions.update                      free  # description and metadata
POST   /v2/money_management/transactions/{id}/refresh_regulatory_receipt  v2.money_management.transactions.refresh_regulatory_receipt  free  # makes a document

POST   /v2/test_helpers/money_management/recipient_verifications  v2.test_helpers.money_management.recipient_verifications.create  free  # test mode only
`;

export const operations: OperationTable = readOperations(TABLE);
