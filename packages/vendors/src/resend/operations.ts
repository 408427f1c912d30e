/**
 * Resend's operations as data: method, path, name, class and directions, and after `#` the reason where the class is not obvious.
 * What is not in this table is refused as unknown. Source: the npm package resend 6.38.0 and Resend's OpenAPI of 2026-08-21; names
 * and verbs are the package's, resources stand as in the path. Usage is what Resend bills: mails, counted by recipient
 * (resend.com/docs/knowledge-base/account-quotas-and-limits, read 2026-11-25).
 */
import type { OperationTable } from "@keybrake/core";
import { readOperations } from "../table.ts";

const TABLE = `
POST   /emails                                                   emails.send                        money usage  # each address of to, cc and bcc is one mail
GET    /emails                                                   emails.list                        read
GET    /emails/metrics                                           emails.metrics.get                 read
POST   /emails/batch                                             emails.batch.send                  money usage  # up to 100 mails, also where only some of them are valid
GET    /emails/receiving                                         emails.receiving.list              read
GET    /emails/receiving/{email}                                 emails.receiving.get               read
GET    /emails/receiving/{email}/attachments                     emails.receiving.attachments.list  read
GET    /emails/receiving/{email}/attachments/{attachment}        emails.receiving.attachments.get   read
GET    /emails/{email}                                           emails.get                         read
PATCH  /emails/{email}                                           emails.update                      free  # moves the time of a scheduled mail, which counted when it was accepted
POST   /emails/{email}/cancel                                    emails.cancel                      free  # a scheduled mail is not sent
POST   /emails/{email}/share                                     emails.share                       free  # a public link to a mail that its caller can read anyway
GET    /emails/{email}/attachments                               emails.attachments.list            read
GET    /emails/{email}/attachments/{attachment}                  emails.attachments.get             read

GET    /broadcasts                                               broadcasts.list                    read
POST   /broadcasts                                               broadcasts.create                  money usage  # with "send": true it goes out to its whole segment at once
GET    /broadcasts/{broadcast}                                   broadcasts.get                     read
PATCH  /broadcasts/{broadcast}                                   broadcasts.update                  money usage  # may give one that is scheduled a larger segment
DELETE /broadcasts/{broadcast}                                   broadcasts.remove                  free  # drafts only
POST   /broadcasts/{broadcast}/send                              broadcasts.send                    money usage  # one mail to each contact of its segment
POST   /broadcasts/{broadcast}/cancel                            broadcasts.cancel                  free  # a scheduled one is not sent
POST   /broadcasts/{broadcast}/duplicate                         broadcasts.duplicate               free  # the copy is a draft
GET    /broadcasts/{broadcast}/recipients                        broadcasts.recipients.list         read
GET    /broadcasts/{broadcast}/clicked-links                     broadcasts.clicked_links.list      read

GET    /audiences                                                audiences.list                     read
POST   /audiences                                                audiences.create                   free  # the old name of segments
GET    /audiences/{audience}                                     audiences.get                      read
DELETE /audiences/{audience}                                     audiences.remove                   free
POST   /audiences/{audience}/contacts                            audiences.contacts.create          free  # as contacts.create
GET    /audiences/{audience}/contacts/{contact}                  audiences.contacts.get             read
PATCH  /audiences/{audience}/contacts/{contact}                  audiences.contacts.update          free
DELETE /audiences/{audience}/contacts/{contact}                  audiences.contacts.remove          free

GET    /segments                                                 segments.list                      read
POST   /segments                                                 segments.create                    free
GET    /segments/{segment}                                       segments.get                       read
PATCH  /segments/{segment}                                       segments.update                    free
DELETE /segments/{segment}                                       segments.remove                    free
GET    /segments/{segment}/contacts                              segments.contacts.list             read

GET    /contacts                                                 contacts.list                      read
POST   /contacts                                                 contacts.create                    free  # stored contacts are a quota of the plan that was bought, nothing is billed by the call
GET    /contacts/imports                                         contacts.imports.list              read
POST   /contacts/imports                                         contacts.imports.create            unbounded usage body:stream  # Resend works on it after its answer (resend.com/docs/api-reference/contacts/get-contact-import, 2026-11-25): a broadcast that is counted meanwhile reaches more
GET    /contacts/imports/{import}                                contacts.imports.get               read
GET    /contacts/{contact}                                       contacts.get                       read
PATCH  /contacts/{contact}                                       contacts.update                    free
DELETE /contacts/{contact}                                       contacts.remove                    free
GET    /contacts/{contact}/segments                              contacts.segments.list             read
POST   /contacts/{contact}/segments/{segment}                    contacts.segments.add              free  # a broadcast is counted when it is sent
DELETE /contacts/{contact}/segments/{segment}                    contacts.segments.remove           free
GET    /contacts/{contact}/topics                                contacts.topics.list               read
PATCH  /contacts/{contact}/topics                                contacts.topics.update             free

GET    /contact-properties                                       contact_properties.list            read
POST   /contact-properties                                       contact_properties.create          free
GET    /contact-properties/{property}                            contact_properties.get             read
PATCH  /contact-properties/{property}                            contact_properties.update          free
DELETE /contact-properties/{property}                            contact_properties.remove          free

GET    /topics                                                   topics.list                        read
POST   /topics                                                   topics.create                      free
GET    /topics/{topic}                                           topics.get                         read
PATCH  /topics/{topic}                                           topics.update                      free
DELETE /topics/{topic}                                           topics.remove                      free

GET    /suppressions                                             suppressions.list                  read
POST   /suppressions                                             suppressions.add                   free  # mails to the address stop
POST   /suppressions/batch/add                                   suppressions.batch.add             free
POST   /suppressions/batch/remove                                suppressions.batch.remove          free  # mails to these addresses go out again, each counted when sent
GET    /suppressions/{suppression}                               suppressions.get                   read
DELETE /suppressions/{suppression}                               suppressions.remove                free

GET    /templates                                                templates.list                     read
POST   /templates                                                templates.create                   free
GET    /templates/{template}                                     templates.get                      read
PATCH  /templates/{template}                                     templates.update                   free
DELETE /templates/{template}                                     templates.remove                   free
POST   /templates/{template}/publish                             templates.publish                  free  # changes what later mails say, sends none
POST   /templates/{template}/duplicate                           templates.duplicate                free

GET    /automations                                              automations.list                   read
POST   /automations                                              automations.create                 unbounded usage  # with "status": "enabled" it mails from then on
GET    /automations/{automation}                                 automations.get                    read
PATCH  /automations/{automation}                                 automations.update                 unbounded usage  # can enable one, or add mails to one that runs
DELETE /automations/{automation}                                 automations.remove                 free
POST   /automations/{automation}/duplicate                       automations.duplicate              free  # the copy is a disabled draft (resend.com/changelog/duplicate-automation-api, 2026-08-26)
POST   /automations/{automation}/stop                            automations.stop                   free
GET    /automations/{automation}/runs                            automations.runs.list              read
GET    /automations/{automation}/runs/{run}                      automations.runs.get               read

GET    /events                                                   events.list                        read
POST   /events                                                   events.create                      free  # describes an event, starts none
POST   /events/send                                              events.send                        unbounded usage  # starts automations, whose mails no answer shows, and which add to segments later
GET    /events/{event}                                           events.get                         read
PATCH  /events/{event}                                           events.update                      free
DELETE /events/{event}                                           events.remove                      free

GET    /inboxes                                                  inboxes.list                       read
POST   /inboxes                                                  inboxes.create                     unbounded usage  # billed apart from the plan (resend.com/docs/dashboard/inboxes/create-inboxes, 2026-11-25), price unknown
GET    /inboxes/{inbox}                                          inboxes.get                        read
PATCH  /inboxes/{inbox}                                          inboxes.update                     free  # names only
DELETE /inboxes/{inbox}                                          inboxes.remove                     free
GET    /inboxes/{inbox}/agent                                    inboxes.agent.get                  read
PATCH  /inboxes/{inbox}/agent                                    inboxes.agent.update               unbounded usage  # the agent can forward whatever arrives, from then on
GET    /inboxes/{inbox}/drafts                                   inboxes.drafts.list                read
POST   /inboxes/{inbox}/drafts                                   inboxes.drafts.create              free
GET    /inboxes/{inbox}/drafts/{draft}                           inboxes.drafts.get                 read
PATCH  /inboxes/{inbox}/drafts/{draft}                           inboxes.drafts.update              free
DELETE /inboxes/{inbox}/drafts/{draft}                           inboxes.drafts.remove              free
POST   /inboxes/{inbox}/drafts/{draft}/send                      inboxes.drafts.send                money usage  # its recipients stand in the draft
GET    /inboxes/{inbox}/labels                                   inboxes.labels.list                read
POST   /inboxes/{inbox}/labels                                   inboxes.labels.create              free
PATCH  /inboxes/{inbox}/labels/{label}                           inboxes.labels.update              free
DELETE /inboxes/{inbox}/labels/{label}                           inboxes.labels.remove              free
GET    /inboxes/{inbox}/threads                                  inboxes.threads.list               read
GET    /inboxes/{inbox}/threads/search                           inboxes.threads.search             read
GET    /inboxes/{inbox}/threads/{thread}                         inboxes.threads.get                read
PATCH  /inboxes/{inbox}/threads/{thread}                         inboxes.threads.update             free
DELETE /inboxes/{inbox}/threads/{thread}                         inboxes.threads.remove             free
GET    /inboxes/{inbox}/threads/{thread}/emails                  inboxes.threads.emails.list        read
GET    /inboxes/{inbox}/threads/{thread}/emails/{email}          inboxes.threads.emails.get         read
POST   /inboxes/{inbox}/threads/{thread}/emails/{email}/reply    inboxes.threads.emails.reply       money usage  # "reply_all" goes to everybody in the mail it answers
POST   /inboxes/{inbox}/threads/{thread}/emails/{email}/forward  inboxes.threads.emails.forward     money usage
POST   /inboxes/{inbox}/threads/{thread}/labels                  inboxes.threads.labels.add         free
PUT    /inboxes/{inbox}/threads/{thread}/labels                  inboxes.threads.labels.set         free
DELETE /inboxes/{inbox}/threads/{thread}/labels/{label}          inboxes.threads.labels.remove      free

GET    /domains                                                  domains.list                       read
POST   /domains                                                  domains.create                     free  # the plan limits how many, none is billed
POST   /domains/claim                                            domains.claim.create               free
GET    /domains/{domain}                                         domains.get                        read
PATCH  /domains/{domain}                                         domains.update                     free  # tracking and encryption of its mails
DELETE /domains/{domain}                                         domains.remove                     free  # its mails stop
POST   /domains/{domain}/verify                                  domains.verify                     free
GET    /domains/{domain}/claim                                   domains.claim.get                  read
POST   /domains/{domain}/claim/verify                            domains.claim.verify               free

GET    /webhooks                                                 webhooks.list                      read
POST   /webhooks                                                 webhooks.create                    secret-bearing  # answers with the signing secret
GET    /webhooks/{webhook}                                       webhooks.get                       secret-bearing redacts:signing_secret
PATCH  /webhooks/{webhook}                                       webhooks.update                    free  # can send the account's events to another address
DELETE /webhooks/{webhook}                                       webhooks.remove                    free
POST   /webhooks/{webhook}/signing-secret/rotate                 webhooks.signing_secret.rotate     secret-bearing  # answers with the new signing secret
GET    /webhooks/{webhook}/events                                webhooks.events.list               read
GET    /webhooks/{webhook}/events/{event}                        webhooks.events.get                read
GET    /webhooks/{webhook}/events/{event}/attempts               webhooks.events.attempts.list      read
POST   /webhooks/{webhook}/events/{event}/replay                 webhooks.events.replay             free  # delivers an event again, sends no mail

GET    /api-keys                                                 api_keys.list                      read
POST   /api-keys                                                 api_keys.create                    secret-bearing  # answers with a key that knows no cap
PATCH  /api-keys/{api_key}                                       api_keys.update                    free  # the name only
DELETE /api-keys/{api_key}                                       api_keys.remove                    free  # can be the very key that Keybrake calls with

GET    /oauth/grants                                             oauth.grants.list                  read
DELETE /oauth/grants/{grant}                                     oauth.grants.revoke                free

GET    /logs                                                     logs.list                          read
GET    /logs/{log}                                               logs.get                           secret-bearing redacts:request_body,response_body  # what other calls were answered, the tokens of new keys among it

GET    /usage                                                    usage.get                          read
`;

export const operations: OperationTable = readOperations(TABLE);
