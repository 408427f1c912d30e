/**
 * Operations of the hosts that run, store and guard things for the account: accounts, bulkexports, events, iam, knowledge, marketplace,
 * memory, monitor, oauth, preview-iam, serverless, studio, sync, taskrouter. Read by ../operations.ts.
 */
export const PLATFORM_OPERATIONS: string = `
POST   /accounts/v1/AuthTokens/Promote            accounts.auth_tokens.promote               secret-bearing  # hands out an auth token
POST   /accounts/v1/AuthTokens/Secondary          accounts.auth_tokens.secondary.create      secret-bearing  # hands out an auth token
DELETE /accounts/v1/AuthTokens/Secondary          accounts.auth_tokens.secondary.remove      free
POST   /accounts/v1/Consents/Bulk                 accounts.consents.bulk.create              free
POST   /accounts/v1/Contacts/Bulk                 accounts.contacts.bulk.create              free
GET    /accounts/v1/Credentials/AWS               accounts.credentials.aws.list              read
POST   /accounts/v1/Credentials/AWS               accounts.credentials.aws.create            free  # stores a credential, and answers with its name only
GET    /accounts/v1/Credentials/AWS/{Sid}         accounts.credentials.aws.fetch             read
POST   /accounts/v1/Credentials/AWS/{Sid}         accounts.credentials.aws.update            free  # stores a credential, and answers with its name only
DELETE /accounts/v1/Credentials/AWS/{Sid}         accounts.credentials.aws.remove            free
GET    /accounts/v1/Credentials/PublicKeys        accounts.credentials.public_keys.list      read
POST   /accounts/v1/Credentials/PublicKeys        accounts.credentials.public_keys.create    free  # stores a credential, and answers with its name only
GET    /accounts/v1/Credentials/PublicKeys/{Sid}  accounts.credentials.public_keys.fetch     read
POST   /accounts/v1/Credentials/PublicKeys/{Sid}  accounts.credentials.public_keys.update    free  # stores a credential, and answers with its name only
DELETE /accounts/v1/Credentials/PublicKeys/{Sid}  accounts.credentials.public_keys.remove    free
GET    /accounts/v1/Messaging/GeoPermissions      accounts.messaging.geo_permissions.fetch   read
PATCH  /accounts/v1/Messaging/GeoPermissions      accounts.messaging.geo_permissions.update  free  # widens or narrows where messages may go; each one is still counted
GET    /accounts/v1/SafeList/Numbers              accounts.safe_list.numbers.fetch           read
POST   /accounts/v1/SafeList/Numbers              accounts.safe_list.numbers.create          free  # keeps a number from being blocked as fraud; each message is still counted
DELETE /accounts/v1/SafeList/Numbers              accounts.safe_list.numbers.remove          free

GET    /bulkexports/v1/Exports/Jobs/{JobSid}                 bulkexports.exports.jobs.fetch            read
DELETE /bulkexports/v1/Exports/Jobs/{JobSid}                 bulkexports.exports.jobs.remove           free
GET    /bulkexports/v1/Exports/{ResourceType}                bulkexports.exports.fetch                 read
GET    /bulkexports/v1/Exports/{ResourceType}/Configuration  bulkexports.exports.configuration.fetch   read
POST   /bulkexports/v1/Exports/{ResourceType}/Configuration  bulkexports.exports.configuration.update  unbounded usage  # the price of an export is not published in the API
GET    /bulkexports/v1/Exports/{ResourceType}/Days           bulkexports.exports.days.list             read
GET    /bulkexports/v1/Exports/{ResourceType}/Days/{Day}     bulkexports.exports.days.fetch            read
GET    /bulkexports/v1/Exports/{ResourceType}/Jobs           bulkexports.exports.jobs.list             read
POST   /bulkexports/v1/Exports/{ResourceType}/Jobs           bulkexports.exports.jobs.create           unbounded usage  # the price of an export is not published in the API

GET    /events/v1/Schemas/{Id}                                             events.schemas.fetch                           read
GET    /events/v1/Schemas/{Id}/Versions                                    events.schemas.versions.list                   read
GET    /events/v1/Schemas/{Id}/Versions/{SchemaVersion}                    events.schemas.versions.fetch                  read
GET    /events/v1/Sinks                                                    events.sinks.list                              secret-bearing redacts:write_key  # a Segment sink carries its write key
POST   /events/v1/Sinks                                                    events.sinks.create                            free redacts:write_key  # where events are sent; a Segment sink carries its write key
GET    /events/v1/Sinks/{Sid}                                              events.sinks.fetch                             secret-bearing redacts:write_key  # a Segment sink carries its write key
POST   /events/v1/Sinks/{Sid}                                              events.sinks.update                            free redacts:write_key  # where events are sent; a Segment sink carries its write key
DELETE /events/v1/Sinks/{Sid}                                              events.sinks.remove                            free
POST   /events/v1/Sinks/{Sid}/Test                                         events.sinks.test                              free
POST   /events/v1/Sinks/{Sid}/Validate                                     events.sinks.validate                          free
GET    /events/v1/Subscriptions                                            events.subscriptions.list                      read
POST   /events/v1/Subscriptions                                            events.subscriptions.create                    unbounded usage  # the price of events is not published in the API
GET    /events/v1/Subscriptions/{Sid}                                      events.subscriptions.fetch                     read
POST   /events/v1/Subscriptions/{Sid}                                      events.subscriptions.update                    unbounded usage  # the price of events is not published in the API
DELETE /events/v1/Subscriptions/{Sid}                                      events.subscriptions.remove                    free
GET    /events/v1/Subscriptions/{SubscriptionSid}/SubscribedEvents         events.subscriptions.subscribed_events.list    read
POST   /events/v1/Subscriptions/{SubscriptionSid}/SubscribedEvents         events.subscriptions.subscribed_events.create  unbounded usage  # the price of events is not published in the API
GET    /events/v1/Subscriptions/{SubscriptionSid}/SubscribedEvents/{Type}  events.subscriptions.subscribed_events.fetch   read
POST   /events/v1/Subscriptions/{SubscriptionSid}/SubscribedEvents/{Type}  events.subscriptions.subscribed_events.update  unbounded usage  # the price of events is not published in the API
DELETE /events/v1/Subscriptions/{SubscriptionSid}/SubscribedEvents/{Type}  events.subscriptions.subscribed_events.remove  free
GET    /events/v1/Types                                                    events.types.list                              read
GET    /events/v1/Types/{Type}                                             events.types.fetch                             read

POST   /iam/v1/Account/OAuthApps            iam.account.oauth_apps.create  secret-bearing  # hands out the app's secret
PUT    /iam/v1/Account/OAuthApps/{Sid}      iam.account.oauth_apps.update  secret-bearing  # hands out the app's secret
DELETE /iam/v1/Account/OAuthApps/{Sid}      iam.account.oauth_apps.remove  free
GET    /iam/v1/Keys                         iam.keys.list                  read
POST   /iam/v1/Keys                         iam.keys.create                secret-bearing  # hands out an API key's secret
GET    /iam/v1/Keys/{Sid}                   iam.keys.fetch                 read
POST   /iam/v1/Keys/{Sid}                   iam.keys.update                secret-bearing  # can widen what a key may do
DELETE /iam/v1/Keys/{Sid}                   iam.keys.remove                free
GET    /iam/v1/Roles/{RoleSid}/Permissions  iam.roles.permissions.list     read
POST   /iam/v1/token                        iam.token.create               secret-bearing  # hands out access tokens

GET    /knowledge/v1/Knowledge                                             knowledge.v1.knowledge.list          read
POST   /knowledge/v1/Knowledge                                             knowledge.v1.knowledge.create        unbounded usage  # the price of knowledge is not published in the API
GET    /knowledge/v1/Knowledge/{Id}                                        knowledge.v1.knowledge.fetch         read
PUT    /knowledge/v1/Knowledge/{Id}                                        knowledge.v1.knowledge.update        unbounded usage  # the price of knowledge is not published in the API
DELETE /knowledge/v1/Knowledge/{Id}                                        knowledge.v1.knowledge.remove        free
GET    /knowledge/v1/Knowledge/{Id}/Chunks                                 knowledge.v1.knowledge.chunks.list   read
GET    /knowledge/v1/Knowledge/{Id}/Status                                 knowledge.v1.knowledge.status.fetch  read
GET    /knowledge/v2/ControlPlane/KnowledgeBases                           knowledge.knowledge_bases.list       read
POST   /knowledge/v2/ControlPlane/KnowledgeBases                           knowledge.knowledge_bases.create     unbounded usage  # the price of knowledge is not published in the API
GET    /knowledge/v2/ControlPlane/KnowledgeBases/{KbId}                    knowledge.knowledge_bases.fetch      read
PATCH  /knowledge/v2/ControlPlane/KnowledgeBases/{KbId}                    knowledge.knowledge_bases.update     free  # renames it
DELETE /knowledge/v2/ControlPlane/KnowledgeBases/{KbId}                    knowledge.knowledge_bases.remove     free
GET    /knowledge/v2/ControlPlane/Operations/{OperationId}                 knowledge.operations.fetch           read
GET    /knowledge/v2/KnowledgeBases/{KbId}/Knowledge                       knowledge.knowledge.list             read
POST   /knowledge/v2/KnowledgeBases/{KbId}/Knowledge                       knowledge.knowledge.create           unbounded usage  # the price of knowledge is not published in the API
GET    /knowledge/v2/KnowledgeBases/{KbId}/Knowledge/{KnowledgeId}         knowledge.knowledge.fetch            read
PATCH  /knowledge/v2/KnowledgeBases/{KbId}/Knowledge/{KnowledgeId}         knowledge.knowledge.update           unbounded usage  # the price of knowledge is not published in the API
DELETE /knowledge/v2/KnowledgeBases/{KbId}/Knowledge/{KnowledgeId}         knowledge.knowledge.remove           free
GET    /knowledge/v2/KnowledgeBases/{KbId}/Knowledge/{KnowledgeId}/Chunks  knowledge.knowledge.chunks.list      read
POST   /knowledge/v2/KnowledgeBases/{KbId}/Search                          knowledge.search                     unbounded usage  # the price of knowledge is not published in the API

GET    /marketplace/v1/AvailableAddOns                                       marketplace.available_add_ons.list               read
GET    /marketplace/v1/AvailableAddOns/{Sid}                                 marketplace.available_add_ons.fetch              read
GET    /marketplace/v1/AvailableAddOns/{AvailableAddOnSid}/Extensions        marketplace.available_add_ons.extensions.list    read
GET    /marketplace/v1/AvailableAddOns/{AvailableAddOnSid}/Extensions/{Sid}  marketplace.available_add_ons.extensions.fetch   read
GET    /marketplace/v1/InstalledAddOns                                       marketplace.installed_add_ons.list               secret-bearing redacts:configuration  # an add-on's configuration may hold its credentials
POST   /marketplace/v1/InstalledAddOns                                       marketplace.installed_add_ons.create             unbounded usage redacts:configuration  # the add-on bills by use or by the month
GET    /marketplace/v1/InstalledAddOns/{Sid}                                 marketplace.installed_add_ons.fetch              secret-bearing redacts:configuration  # an add-on's configuration may hold its credentials
POST   /marketplace/v1/InstalledAddOns/{Sid}                                 marketplace.installed_add_ons.update             free redacts:configuration  # an add-on's configuration may hold its credentials
DELETE /marketplace/v1/InstalledAddOns/{Sid}                                 marketplace.installed_add_ons.remove             free
GET    /marketplace/v1/InstalledAddOns/{InstalledAddOnSid}/Extensions        marketplace.installed_add_ons.extensions.list    read
GET    /marketplace/v1/InstalledAddOns/{InstalledAddOnSid}/Extensions/{Sid}  marketplace.installed_add_ons.extensions.fetch   read
POST   /marketplace/v1/InstalledAddOns/{InstalledAddOnSid}/Extensions/{Sid}  marketplace.installed_add_ons.extensions.update  unbounded usage  # switches the add-on on for a product, whose uses it bills
POST   /marketplace/v1/InstalledAddOns/{InstalledAddOnSid}/Usage             marketplace.installed_add_ons.usage.create       unbounded collected  # reports a publisher's billable usage
GET    /marketplace/v1/Listing/{Sid}                                         marketplace.listing.fetch                        read
POST   /marketplace/v1/Listing/{Sid}                                         marketplace.listing.update                       free
GET    /marketplace/v1/Listings                                              marketplace.listings.fetch                       read
POST   /marketplace/v1/Listings                                              marketplace.listings.create                      free
POST   /marketplace/v1/ReferralConversion                                    marketplace.referral_conversion.create           free

GET    /memory/v1/ControlPlane/Operations/{OperationId}                                         memory.operations.fetch                        read
GET    /memory/v1/ControlPlane/Stores                                                           memory.stores.list                             read
POST   /memory/v1/ControlPlane/Stores                                                           memory.stores.create                           unbounded usage  # the price of memory is not published in the API
GET    /memory/v1/ControlPlane/Stores/{StoreId}                                                 memory.stores.fetch                            read
PATCH  /memory/v1/ControlPlane/Stores/{StoreId}                                                 memory.stores.patch                            free  # renames it
DELETE /memory/v1/ControlPlane/Stores/{StoreId}                                                 memory.stores.remove                           free
GET    /memory/v1/ControlPlane/Stores/{StoreId}/DataMappings                                    memory.data_mappings.list                      read
POST   /memory/v1/ControlPlane/Stores/{StoreId}/DataMappings                                    memory.data_mappings.create                    unbounded usage  # the price of memory is not published in the API
GET    /memory/v1/ControlPlane/Stores/{StoreId}/DataMappings/{DataMappingId}                    memory.data_mappings.fetch                     read
PATCH  /memory/v1/ControlPlane/Stores/{StoreId}/DataMappings/{DataMappingId}                    memory.data_mappings.patch                     unbounded usage  # the price of memory is not published in the API
DELETE /memory/v1/ControlPlane/Stores/{StoreId}/DataMappings/{DataMappingId}                    memory.data_mappings.remove                    free
GET    /memory/v1/ControlPlane/Stores/{StoreId}/IdentityResolutionSettings                      memory.identity_resolution_settings.fetch      read
PUT    /memory/v1/ControlPlane/Stores/{StoreId}/IdentityResolutionSettings                      memory.identity_resolution_settings.update     free
GET    /memory/v1/ControlPlane/Stores/{StoreId}/TraitGroups                                     memory.trait_groups.list                       read
POST   /memory/v1/ControlPlane/Stores/{StoreId}/TraitGroups                                     memory.trait_groups.create                     free
GET    /memory/v1/ControlPlane/Stores/{StoreId}/TraitGroups/{TraitGroupName}                    memory.trait_groups.fetch                      read
PATCH  /memory/v1/ControlPlane/Stores/{StoreId}/TraitGroups/{TraitGroupName}                    memory.trait_groups.patch                      free
DELETE /memory/v1/ControlPlane/Stores/{StoreId}/TraitGroups/{TraitGroupName}                    memory.trait_groups.remove                     free
GET    /memory/v1/Stores/{StoreId}/Profiles                                                     memory.profiles.list                           read
POST   /memory/v1/Stores/{StoreId}/Profiles                                                     memory.profiles.create                         unbounded usage  # the price of memory is not published in the API
PUT    /memory/v1/Stores/{StoreId}/Profiles/Bulk                                                memory.profiles.bulk.update                    unbounded usage  # the price of memory is not published in the API
GET    /memory/v1/Stores/{StoreId}/Profiles/Imports                                             memory.profiles.imports.list                   read
POST   /memory/v1/Stores/{StoreId}/Profiles/Imports                                             memory.profiles.imports.create                 unbounded usage  # the price of memory is not published in the API
GET    /memory/v1/Stores/{StoreId}/Profiles/Imports/{ImportId}                                  memory.profiles.imports.fetch                  read
POST   /memory/v1/Stores/{StoreId}/Profiles/Lookup                                              memory.profiles.lookup                         unbounded usage  # the price of memory is not published in the API
GET    /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}                                         memory.profiles.fetch                          read
PATCH  /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}                                         memory.profiles.patch                          unbounded usage  # the price of memory is not published in the API
DELETE /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}                                         memory.profiles.remove                         free
GET    /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/ConversationSummaries                   memory.profiles.conversation_summaries.list    read
POST   /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/ConversationSummaries                   memory.profiles.conversation_summaries.create  unbounded usage  # the price of memory is not published in the API
GET    /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/ConversationSummaries/{SummaryId}       memory.profiles.conversation_summaries.fetch   read
PATCH  /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/ConversationSummaries/{SummaryId}       memory.profiles.conversation_summaries.patch   unbounded usage  # the price of memory is not published in the API
DELETE /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/ConversationSummaries/{SummaryId}       memory.profiles.conversation_summaries.remove  free
GET    /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Identifiers                             memory.profiles.identifiers.list               read
POST   /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Identifiers                             memory.profiles.identifiers.create             unbounded usage  # the price of memory is not published in the API
GET    /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Identifiers/{IdType}                    memory.profiles.identifiers.fetch              read
PATCH  /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Identifiers/{IdType}                    memory.profiles.identifiers.patch              unbounded usage  # the price of memory is not published in the API
DELETE /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Identifiers/{IdType}                    memory.profiles.identifiers.remove             free
GET    /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Observations                            memory.profiles.observations.list              read
POST   /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Observations                            memory.profiles.observations.create            unbounded usage  # the price of memory is not published in the API
GET    /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Observations/{ObservationId}            memory.profiles.observations.fetch             read
PATCH  /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Observations/{ObservationId}            memory.profiles.observations.patch             unbounded usage  # the price of memory is not published in the API
DELETE /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Observations/{ObservationId}            memory.profiles.observations.remove            free
GET    /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Observations/{ObservationId}/Revisions  memory.profiles.observations.revisions.list    read
POST   /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Recall                                  memory.profiles.recall                         unbounded usage  # the price of memory is not published in the API
GET    /memory/v1/Stores/{StoreId}/Profiles/{ProfileId}/Traits                                  memory.profiles.traits.list                    read

GET    /monitor/v1/Alerts        monitor.alerts.list   read
GET    /monitor/v1/Alerts/{Sid}  monitor.alerts.fetch  read
GET    /monitor/v1/Events        monitor.events.list   read
GET    /monitor/v1/Events/{Sid}  monitor.events.fetch  read

GET    /oauth/v1/authorize                   oauth.v1.authorize                      secret-bearing  # hands out an authorization code
POST   /oauth/v1/token                       oauth.v1.token.create                   secret-bearing  # hands out access tokens
GET    /oauth/v2/authorize                   oauth.authorize                         secret-bearing  # hands out an authorization code
GET    /oauth/v2/oauth-authorization-server  oauth.oauth_authorization_server.fetch  read
POST   /oauth/v2/token                       oauth.token.create                      secret-bearing  # hands out access tokens

GET    /preview-iam/Organizations/{OrganizationSid}/Accounts               preview_iam.accounts.list            read
GET    /preview-iam/Organizations/{OrganizationSid}/Accounts/{AccountSid}  preview_iam.accounts.fetch           read
GET    /preview-iam/Organizations/{OrganizationSid}/RoleAssignments        preview_iam.role_assignments.list    read
POST   /preview-iam/Organizations/{OrganizationSid}/RoleAssignments        preview_iam.role_assignments.create  secret-bearing  # lets a user into the account
DELETE /preview-iam/Organizations/{OrganizationSid}/RoleAssignments/{Sid}  preview_iam.role_assignments.remove  free
GET    /preview-iam/Organizations/{OrganizationSid}/scim/Users             preview_iam.scim.users.list          read
POST   /preview-iam/Organizations/{OrganizationSid}/scim/Users             preview_iam.scim.users.create        secret-bearing  # lets a person into the organisation
GET    /preview-iam/Organizations/{OrganizationSid}/scim/Users/{Id}        preview_iam.scim.users.fetch         read
PUT    /preview-iam/Organizations/{OrganizationSid}/scim/Users/{Id}        preview_iam.scim.users.update        secret-bearing  # lets a person into the organisation
PATCH  /preview-iam/Organizations/{OrganizationSid}/scim/Users/{Id}        preview_iam.scim.users.patch         secret-bearing  # lets a person into the organisation
DELETE /preview-iam/Organizations/{OrganizationSid}/scim/Users/{Id}        preview_iam.scim.users.remove        free
GET    /preview-iam/v1/authorize                                           preview_iam.authorize                secret-bearing  # hands out an authorization code
POST   /preview-iam/v1/token                                               preview_iam.token.create             secret-bearing  # hands out access tokens

GET    /serverless/v1/Services                                                               serverless.services.list                     read
POST   /serverless/v1/Services                                                               serverless.services.create                   secret-bearing  # IncludeCredentials gives its code the account's credentials
GET    /serverless/v1/Services/{Sid}                                                         serverless.services.fetch                    read
POST   /serverless/v1/Services/{Sid}                                                         serverless.services.update                   secret-bearing  # IncludeCredentials gives its code the account's credentials
DELETE /serverless/v1/Services/{Sid}                                                         serverless.services.remove                   free
GET    /serverless/v1/Services/{ServiceSid}/Assets                                           serverless.assets.list                       read
POST   /serverless/v1/Services/{ServiceSid}/Assets                                           serverless.assets.create                     free  # runs nowhere until it is deployed
GET    /serverless/v1/Services/{ServiceSid}/Assets/{Sid}                                     serverless.assets.fetch                      read
POST   /serverless/v1/Services/{ServiceSid}/Assets/{Sid}                                     serverless.assets.update                     free  # runs nowhere until it is deployed
DELETE /serverless/v1/Services/{ServiceSid}/Assets/{Sid}                                     serverless.assets.remove                     free
GET    /serverless/v1/Services/{ServiceSid}/Assets/{AssetSid}/Versions                       serverless.assets.versions.list              read
GET    /serverless/v1/Services/{ServiceSid}/Assets/{AssetSid}/Versions/{Sid}                 serverless.assets.versions.fetch             read
GET    /serverless/v1/Services/{ServiceSid}/Builds                                           serverless.builds.list                       read
POST   /serverless/v1/Services/{ServiceSid}/Builds                                           serverless.builds.create                     free  # runs nowhere until it is deployed
GET    /serverless/v1/Services/{ServiceSid}/Builds/{Sid}                                     serverless.builds.fetch                      read
DELETE /serverless/v1/Services/{ServiceSid}/Builds/{Sid}                                     serverless.builds.remove                     free
GET    /serverless/v1/Services/{ServiceSid}/Builds/{Sid}/Status                              serverless.builds.status.fetch               read
GET    /serverless/v1/Services/{ServiceSid}/Environments                                     serverless.environments.list                 read
POST   /serverless/v1/Services/{ServiceSid}/Environments                                     serverless.environments.create               free  # runs nowhere until it is deployed
GET    /serverless/v1/Services/{ServiceSid}/Environments/{Sid}                               serverless.environments.fetch                read
DELETE /serverless/v1/Services/{ServiceSid}/Environments/{Sid}                               serverless.environments.remove               free
GET    /serverless/v1/Services/{ServiceSid}/Environments/{EnvironmentSid}/Deployments        serverless.environments.deployments.list     read
POST   /serverless/v1/Services/{ServiceSid}/Environments/{EnvironmentSid}/Deployments        serverless.environments.deployments.create   secret-bearing  # runs code with the account's credentials
GET    /serverless/v1/Services/{ServiceSid}/Environments/{EnvironmentSid}/Deployments/{Sid}  serverless.environments.deployments.fetch    read
GET    /serverless/v1/Services/{ServiceSid}/Environments/{EnvironmentSid}/Logs               serverless.environments.logs.list            read
GET    /serverless/v1/Services/{ServiceSid}/Environments/{EnvironmentSid}/Logs/{Sid}         serverless.environments.logs.fetch           read
GET    /serverless/v1/Services/{ServiceSid}/Environments/{EnvironmentSid}/Variables          serverless.environments.variables.list       secret-bearing redacts:value  # variables in clear, credentials among them
POST   /serverless/v1/Services/{ServiceSid}/Environments/{EnvironmentSid}/Variables          serverless.environments.variables.create     secret-bearing  # a running function reads what is written here
GET    /serverless/v1/Services/{ServiceSid}/Environments/{EnvironmentSid}/Variables/{Sid}    serverless.environments.variables.fetch      secret-bearing redacts:value  # variables in clear, credentials among them
POST   /serverless/v1/Services/{ServiceSid}/Environments/{EnvironmentSid}/Variables/{Sid}    serverless.environments.variables.update     secret-bearing  # a running function reads what is written here
DELETE /serverless/v1/Services/{ServiceSid}/Environments/{EnvironmentSid}/Variables/{Sid}    serverless.environments.variables.remove     free
GET    /serverless/v1/Services/{ServiceSid}/Functions                                        serverless.functions.list                    read
POST   /serverless/v1/Services/{ServiceSid}/Functions                                        serverless.functions.create                  free  # runs nowhere until it is deployed
GET    /serverless/v1/Services/{ServiceSid}/Functions/{Sid}                                  serverless.functions.fetch                   read
POST   /serverless/v1/Services/{ServiceSid}/Functions/{Sid}                                  serverless.functions.update                  free  # runs nowhere until it is deployed
DELETE /serverless/v1/Services/{ServiceSid}/Functions/{Sid}                                  serverless.functions.remove                  free
GET    /serverless/v1/Services/{ServiceSid}/Functions/{FunctionSid}/Versions                 serverless.functions.versions.list           read
GET    /serverless/v1/Services/{ServiceSid}/Functions/{FunctionSid}/Versions/{Sid}           serverless.functions.versions.fetch          read
GET    /serverless/v1/Services/{ServiceSid}/Functions/{FunctionSid}/Versions/{Sid}/Content   serverless.functions.versions.content.fetch  read

GET    /studio/v1/Flows                                                                studio.v1.flows.list                      read
GET    /studio/v1/Flows/{Sid}                                                          studio.v1.flows.fetch                     read
DELETE /studio/v1/Flows/{Sid}                                                          studio.v1.flows.remove                    free
GET    /studio/v1/Flows/{FlowSid}/Engagements                                          studio.engagements.list                   read
POST   /studio/v1/Flows/{FlowSid}/Engagements                                          studio.engagements.create                 unbounded usage  # a flow may send, call and loop
GET    /studio/v1/Flows/{FlowSid}/Engagements/{Sid}                                    studio.engagements.fetch                  read
DELETE /studio/v1/Flows/{FlowSid}/Engagements/{Sid}                                    studio.engagements.remove                 free
GET    /studio/v1/Flows/{FlowSid}/Engagements/{EngagementSid}/Context                  studio.engagements.context.fetch          read
GET    /studio/v1/Flows/{FlowSid}/Engagements/{EngagementSid}/Steps                    studio.engagements.steps.list             read
GET    /studio/v1/Flows/{FlowSid}/Engagements/{EngagementSid}/Steps/{Sid}              studio.engagements.steps.fetch            read
GET    /studio/v1/Flows/{FlowSid}/Engagements/{EngagementSid}/Steps/{StepSid}/Context  studio.engagements.steps.context.fetch    read
GET    /studio/v1/Flows/{FlowSid}/Executions                                           studio.v1.executions.list                 read
POST   /studio/v1/Flows/{FlowSid}/Executions                                           studio.v1.executions.create               unbounded usage  # a flow may send, call and loop
GET    /studio/v1/Flows/{FlowSid}/Executions/{Sid}                                     studio.v1.executions.fetch                read
POST   /studio/v1/Flows/{FlowSid}/Executions/{Sid}                                     studio.v1.executions.update               free  # ends it
DELETE /studio/v1/Flows/{FlowSid}/Executions/{Sid}                                     studio.v1.executions.remove               free
GET    /studio/v1/Flows/{FlowSid}/Executions/{ExecutionSid}/Context                    studio.v1.executions.context.fetch        read
GET    /studio/v1/Flows/{FlowSid}/Executions/{ExecutionSid}/Steps                      studio.v1.executions.steps.list           read
GET    /studio/v1/Flows/{FlowSid}/Executions/{ExecutionSid}/Steps/{Sid}                studio.v1.executions.steps.fetch          read
GET    /studio/v1/Flows/{FlowSid}/Executions/{ExecutionSid}/Steps/{StepSid}/Context    studio.v1.executions.steps.context.fetch  read
GET    /studio/v2/Flows                                                                studio.flows.list                         read
POST   /studio/v2/Flows                                                                studio.flows.create                       unbounded usage  # a published flow runs for whatever comes in
POST   /studio/v2/Flows/Validate                                                       studio.flows.validate                     free  # checks a definition, stores nothing
GET    /studio/v2/Flows/{Sid}                                                          studio.flows.fetch                        read
POST   /studio/v2/Flows/{Sid}                                                          studio.flows.update                       unbounded usage  # a published flow runs for whatever comes in
DELETE /studio/v2/Flows/{Sid}                                                          studio.flows.remove                       free
GET    /studio/v2/Flows/{FlowSid}/Executions                                           studio.executions.list                    read
POST   /studio/v2/Flows/{FlowSid}/Executions                                           studio.executions.create                  unbounded usage  # a flow may send, call and loop
GET    /studio/v2/Flows/{FlowSid}/Executions/{Sid}                                     studio.executions.fetch                   read
POST   /studio/v2/Flows/{FlowSid}/Executions/{Sid}                                     studio.executions.update                  free  # ends it
DELETE /studio/v2/Flows/{FlowSid}/Executions/{Sid}                                     studio.executions.remove                  free
GET    /studio/v2/Flows/{FlowSid}/Executions/{ExecutionSid}/Context                    studio.executions.context.fetch           read
GET    /studio/v2/Flows/{FlowSid}/Executions/{ExecutionSid}/Steps                      studio.executions.steps.list              read
GET    /studio/v2/Flows/{FlowSid}/Executions/{ExecutionSid}/Steps/{Sid}                studio.executions.steps.fetch             read
GET    /studio/v2/Flows/{FlowSid}/Executions/{ExecutionSid}/Steps/{StepSid}/Context    studio.executions.steps.context.fetch     read
GET    /studio/v2/Flows/{Sid}/Revisions                                                studio.revisions.list                     read
GET    /studio/v2/Flows/{Sid}/Revisions/{Revision}                                     studio.revisions.fetch                    read
GET    /studio/v2/Flows/{Sid}/TestUsers                                                studio.test_users.fetch                   read
POST   /studio/v2/Flows/{Sid}/TestUsers                                                studio.test_users.update                  free

GET    /sync/v1/Services                                                              sync.services.list                 read
POST   /sync/v1/Services                                                              sync.services.create               free
GET    /sync/v1/Services/{Sid}                                                        sync.services.fetch                read
POST   /sync/v1/Services/{Sid}                                                        sync.services.update               free
DELETE /sync/v1/Services/{Sid}                                                        sync.services.remove               free
GET    /sync/v1/Services/{ServiceSid}/Documents                                       sync.documents.list                read
POST   /sync/v1/Services/{ServiceSid}/Documents                                       sync.documents.create              unbounded usage  # bills by the action; the price is not published in the API
GET    /sync/v1/Services/{ServiceSid}/Documents/{Sid}                                 sync.documents.fetch               read
POST   /sync/v1/Services/{ServiceSid}/Documents/{Sid}                                 sync.documents.update              unbounded usage  # bills by the action; the price is not published in the API
DELETE /sync/v1/Services/{ServiceSid}/Documents/{Sid}                                 sync.documents.remove              free
GET    /sync/v1/Services/{ServiceSid}/Documents/{DocumentSid}/Permissions             sync.documents.permissions.list    read
GET    /sync/v1/Services/{ServiceSid}/Documents/{DocumentSid}/Permissions/{Identity}  sync.documents.permissions.fetch   read
POST   /sync/v1/Services/{ServiceSid}/Documents/{DocumentSid}/Permissions/{Identity}  sync.documents.permissions.update  free
DELETE /sync/v1/Services/{ServiceSid}/Documents/{DocumentSid}/Permissions/{Identity}  sync.documents.permissions.remove  free
GET    /sync/v1/Services/{ServiceSid}/Lists                                           sync.lists.list                    read
POST   /sync/v1/Services/{ServiceSid}/Lists                                           sync.lists.create                  unbounded usage  # bills by the action; the price is not published in the API
GET    /sync/v1/Services/{ServiceSid}/Lists/{Sid}                                     sync.lists.fetch                   read
POST   /sync/v1/Services/{ServiceSid}/Lists/{Sid}                                     sync.lists.update                  unbounded usage  # bills by the action; the price is not published in the API
DELETE /sync/v1/Services/{ServiceSid}/Lists/{Sid}                                     sync.lists.remove                  free
GET    /sync/v1/Services/{ServiceSid}/Lists/{ListSid}/Items                           sync.lists.items.list              read
POST   /sync/v1/Services/{ServiceSid}/Lists/{ListSid}/Items                           sync.lists.items.create            unbounded usage  # bills by the action; the price is not published in the API
GET    /sync/v1/Services/{ServiceSid}/Lists/{ListSid}/Items/{Index}                   sync.lists.items.fetch             read
POST   /sync/v1/Services/{ServiceSid}/Lists/{ListSid}/Items/{Index}                   sync.lists.items.update            unbounded usage  # bills by the action; the price is not published in the API
DELETE /sync/v1/Services/{ServiceSid}/Lists/{ListSid}/Items/{Index}                   sync.lists.items.remove            free
GET    /sync/v1/Services/{ServiceSid}/Lists/{ListSid}/Permissions                     sync.lists.permissions.list        read
GET    /sync/v1/Services/{ServiceSid}/Lists/{ListSid}/Permissions/{Identity}          sync.lists.permissions.fetch       read
POST   /sync/v1/Services/{ServiceSid}/Lists/{ListSid}/Permissions/{Identity}          sync.lists.permissions.update      free
DELETE /sync/v1/Services/{ServiceSid}/Lists/{ListSid}/Permissions/{Identity}          sync.lists.permissions.remove      free
GET    /sync/v1/Services/{ServiceSid}/Maps                                            sync.maps.list                     read
POST   /sync/v1/Services/{ServiceSid}/Maps                                            sync.maps.create                   unbounded usage  # bills by the action; the price is not published in the API
GET    /sync/v1/Services/{ServiceSid}/Maps/{Sid}                                      sync.maps.fetch                    read
POST   /sync/v1/Services/{ServiceSid}/Maps/{Sid}                                      sync.maps.update                   unbounded usage  # bills by the action; the price is not published in the API
DELETE /sync/v1/Services/{ServiceSid}/Maps/{Sid}                                      sync.maps.remove                   free
GET    /sync/v1/Services/{ServiceSid}/Maps/{MapSid}/Items                             sync.maps.items.list               read
POST   /sync/v1/Services/{ServiceSid}/Maps/{MapSid}/Items                             sync.maps.items.create             unbounded usage  # bills by the action; the price is not published in the API
GET    /sync/v1/Services/{ServiceSid}/Maps/{MapSid}/Items/{Key}                       sync.maps.items.fetch              read
POST   /sync/v1/Services/{ServiceSid}/Maps/{MapSid}/Items/{Key}                       sync.maps.items.update             unbounded usage  # bills by the action; the price is not published in the API
DELETE /sync/v1/Services/{ServiceSid}/Maps/{MapSid}/Items/{Key}                       sync.maps.items.remove             free
GET    /sync/v1/Services/{ServiceSid}/Maps/{MapSid}/Permissions                       sync.maps.permissions.list         read
GET    /sync/v1/Services/{ServiceSid}/Maps/{MapSid}/Permissions/{Identity}            sync.maps.permissions.fetch        read
POST   /sync/v1/Services/{ServiceSid}/Maps/{MapSid}/Permissions/{Identity}            sync.maps.permissions.update       free
DELETE /sync/v1/Services/{ServiceSid}/Maps/{MapSid}/Permissions/{Identity}            sync.maps.permissions.remove       free
GET    /sync/v1/Services/{ServiceSid}/Streams                                         sync.streams.list                  read
POST   /sync/v1/Services/{ServiceSid}/Streams                                         sync.streams.create                unbounded usage  # bills by the action; the price is not published in the API
GET    /sync/v1/Services/{ServiceSid}/Streams/{Sid}                                   sync.streams.fetch                 read
POST   /sync/v1/Services/{ServiceSid}/Streams/{Sid}                                   sync.streams.update                unbounded usage  # bills by the action; the price is not published in the API
DELETE /sync/v1/Services/{ServiceSid}/Streams/{Sid}                                   sync.streams.remove                free
POST   /sync/v1/Services/{ServiceSid}/Streams/{StreamSid}/Messages                    sync.streams.messages.create       unbounded usage  # bills by the action; the price is not published in the API

GET    /taskrouter/v1/Workspaces                                                                taskrouter.workspaces.list                          read
POST   /taskrouter/v1/Workspaces                                                                taskrouter.workspaces.create                        free
GET    /taskrouter/v1/Workspaces/{Sid}                                                          taskrouter.workspaces.fetch                         read
POST   /taskrouter/v1/Workspaces/{Sid}                                                          taskrouter.workspaces.update                        free
DELETE /taskrouter/v1/Workspaces/{Sid}                                                          taskrouter.workspaces.remove                        free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Activities                                      taskrouter.activities.list                          read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Activities                                      taskrouter.activities.create                        free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Activities/{Sid}                                taskrouter.activities.fetch                         read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Activities/{Sid}                                taskrouter.activities.update                        free
DELETE /taskrouter/v1/Workspaces/{WorkspaceSid}/Activities/{Sid}                                taskrouter.activities.remove                        free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/CumulativeStatistics                            taskrouter.cumulative_statistics.fetch              read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Events                                          taskrouter.events.list                              read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Events/{Sid}                                    taskrouter.events.fetch                             read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/RealTimeStatistics                              taskrouter.real_time_statistics.fetch               read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Statistics                                      taskrouter.statistics.fetch                         read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskChannels                                    taskrouter.task_channels.list                       read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskChannels                                    taskrouter.task_channels.create                     free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskChannels/{Sid}                              taskrouter.task_channels.fetch                      read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskChannels/{Sid}                              taskrouter.task_channels.update                     free
DELETE /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskChannels/{Sid}                              taskrouter.task_channels.remove                     free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskQueues                                      taskrouter.task_queues.list                         read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskQueues                                      taskrouter.task_queues.create                       free
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskQueues/RealTimeStatistics                   taskrouter.task_queues.real_time_statistics.create  free  # asks for figures with a POST
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskQueues/Statistics                           taskrouter.task_queues.statistics.list              read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskQueues/{Sid}                                taskrouter.task_queues.fetch                        read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskQueues/{Sid}                                taskrouter.task_queues.update                       free
DELETE /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskQueues/{Sid}                                taskrouter.task_queues.remove                       free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskQueues/{TaskQueueSid}/CumulativeStatistics  taskrouter.task_queues.cumulative_statistics.fetch  read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskQueues/{TaskQueueSid}/RealTimeStatistics    taskrouter.task_queues.real_time_statistics.fetch   read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/TaskQueues/{TaskQueueSid}/Statistics            taskrouter.task_queues.statistics.fetch             read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Tasks                                           taskrouter.tasks.list                               read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Tasks                                           taskrouter.tasks.create                             unbounded usage  # bills by the task, and its workflow may call and send
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Tasks/{Sid}                                     taskrouter.tasks.fetch                              read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Tasks/{Sid}                                     taskrouter.tasks.update                             unbounded usage  # new attributes route it again
DELETE /taskrouter/v1/Workspaces/{WorkspaceSid}/Tasks/{Sid}                                     taskrouter.tasks.remove                             free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Tasks/{TaskSid}/Reservations                    taskrouter.tasks.reservations.list                  read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Tasks/{TaskSid}/Reservations/{Sid}              taskrouter.tasks.reservations.fetch                 read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Tasks/{TaskSid}/Reservations/{Sid}              taskrouter.tasks.reservations.update                unbounded usage  # its instruction calls a worker or redirects a live call
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers                                         taskrouter.workers.list                             read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers                                         taskrouter.workers.create                           free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/CumulativeStatistics                    taskrouter.workers.cumulative_statistics.fetch      read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/RealTimeStatistics                      taskrouter.workers.real_time_statistics.fetch       read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/Statistics                              taskrouter.workers.overall_statistics.fetch         read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/{Sid}                                   taskrouter.workers.fetch                            read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/{Sid}                                   taskrouter.workers.update                           free
DELETE /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/{Sid}                                   taskrouter.workers.remove                           free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Channels                    taskrouter.workers.channels.list                    read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Channels/{Sid}              taskrouter.workers.channels.fetch                   read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Channels/{Sid}              taskrouter.workers.channels.update                  free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Reservations                taskrouter.workers.reservations.list                read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Reservations/{Sid}          taskrouter.workers.reservations.fetch               read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Reservations/{Sid}          taskrouter.workers.reservations.update              unbounded usage  # its instruction calls a worker or redirects a live call
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workers/{WorkerSid}/Statistics                  taskrouter.workers.statistics.fetch                 read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workflows                                       taskrouter.workflows.list                           read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Workflows                                       taskrouter.workflows.create                         free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workflows/{Sid}                                 taskrouter.workflows.fetch                          read
POST   /taskrouter/v1/Workspaces/{WorkspaceSid}/Workflows/{Sid}                                 taskrouter.workflows.update                         free
DELETE /taskrouter/v1/Workspaces/{WorkspaceSid}/Workflows/{Sid}                                 taskrouter.workflows.remove                         free
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workflows/{WorkflowSid}/CumulativeStatistics    taskrouter.workflows.cumulative_statistics.fetch    read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workflows/{WorkflowSid}/RealTimeStatistics      taskrouter.workflows.real_time_statistics.fetch     read
GET    /taskrouter/v1/Workspaces/{WorkspaceSid}/Workflows/{WorkflowSid}/Statistics              taskrouter.workflows.statistics.fetch               read
`;
