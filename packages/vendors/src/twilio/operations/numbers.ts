/**
 * Operations of the hosts around numbers, SIMs and who is behind them: lookups, numbers, preview, pricing, supersim, trusthub, verify,
 * wireless. Read by ../operations.ts.
 * That of Verify's push and TOTP only answered challenges bill: twilio.com/docs/verify/api/challenge, read November 2026.
 */
export const NUMBERS_OPERATIONS: string = `
GET    /lookups/v1/PhoneNumbers/{PhoneNumber}                    lookups.v1.phone_numbers.fetch            money usage  # a GET that bills: Type and AddOns name what is looked up
GET    /lookups/v2/PhoneNumbers/{PhoneNumber}                    lookups.phone_numbers.fetch               money usage  # a GET that bills: Fields names the packages
GET    /lookups/v2/PhoneNumbers/{PhoneNumber}/Overrides/{Field}  lookups.phone_numbers.overrides.fetch     read
POST   /lookups/v2/PhoneNumbers/{PhoneNumber}/Overrides/{Field}  lookups.phone_numbers.overrides.create    free
PUT    /lookups/v2/PhoneNumbers/{PhoneNumber}/Overrides/{Field}  lookups.phone_numbers.overrides.update    free
DELETE /lookups/v2/PhoneNumbers/{PhoneNumber}/Overrides/{Field}  lookups.phone_numbers.overrides.remove    free
GET    /lookups/v2/RateLimits                                    lookups.rate_limits.fetch                 read
GET    /lookups/v2/RateLimits/Fields/{Field}/Bucket/{Bucket}     lookups.rate_limits.fields.bucket.fetch   read
PUT    /lookups/v2/RateLimits/Fields/{Field}/Bucket/{Bucket}     lookups.rate_limits.fields.bucket.update  free
DELETE /lookups/v2/RateLimits/Fields/{Field}/Bucket/{Bucket}     lookups.rate_limits.fields.bucket.remove  free
POST   /lookups/v2/batch/query                                   lookups.batch.query                       money usage  # one look-up for each number in it

POST   /numbers/v1/CallerIds/SmsVerificationChecks                                                       numbers.caller_ids.sms_verification_checks.create                                  free  # checks a code that was sent
POST   /numbers/v1/CallerIds/SmsVerifications                                                            numbers.caller_ids.sms_verifications.create                                        unbounded usage  # sends an SMS; its price is not published in the API
POST   /numbers/v1/CallerIds/VoiceVerifications                                                          numbers.caller_ids.voice_verifications.create                                      secret-bearing  # hands out the validation code that proves a number one's own
POST   /numbers/v1/HostedNumber/Eligibility                                                              numbers.hosted_number.eligibility.create                                           free  # asks whether numbers can be hosted
POST   /numbers/v1/HostedNumber/Eligibility/Bulk                                                         numbers.hosted_number.eligibility.bulk.create                                      free  # asks whether numbers can be hosted
GET    /numbers/v1/HostedNumber/Eligibility/Bulk/{RequestId}                                             numbers.hosted_number.eligibility.bulk.fetch                                       read
GET    /numbers/v1/Porting/Configuration/Webhook                                                         numbers.porting.configuration.webhook.fetch                                        read
POST   /numbers/v1/Porting/Configuration/Webhook                                                         numbers.porting.configuration.webhook.create                                       free
DELETE /numbers/v1/Porting/Configuration/Webhook/{WebhookType}                                           numbers.porting.configuration.webhook.remove                                       free
POST   /numbers/v1/Porting/PortIn                                                                        numbers.porting.port_in.create                                                     unbounded usage redacts:signature_request_url,pin,port_out_pin  # a monthly fee for every number that arrives
GET    /numbers/v1/Porting/PortIn/PortInRequests                                                         numbers.porting.port_in.port_in_requests.list                                      secret-bearing redacts:signature_request_url,pin,port_out_pin  # a link that signs for the owner, and PINs that take a number away
GET    /numbers/v1/Porting/PortIn/{PortInRequestSid}                                                     numbers.porting.port_in.fetch                                                      secret-bearing redacts:signature_request_url,pin,port_out_pin  # a link that signs for the owner, and PINs that take a number away
DELETE /numbers/v1/Porting/PortIn/{PortInRequestSid}                                                     numbers.porting.port_in.remove                                                     free
GET    /numbers/v1/Porting/PortIn/{PortInRequestSid}/PhoneNumber/{PhoneNumberSid}                        numbers.porting.port_in.phone_number.fetch                                         secret-bearing redacts:pin,port_out_pin  # PINs that take a number away
DELETE /numbers/v1/Porting/PortIn/{PortInRequestSid}/PhoneNumber/{PhoneNumberSid}                        numbers.porting.port_in.phone_number.remove                                        free
GET    /numbers/v1/Porting/Portability/PhoneNumber/{PhoneNumber}                                         numbers.porting.portability.phone_number.fetch                                     read
POST   /numbers/v1/SenderIdRegistrations                                                                 numbers.sender_id_registrations.create                                             secret-bearing  # hands out an embedded session's token
POST   /numbers/v1/SenderIdRegistrations/{BundleSid}/EmbeddedSessions                                    numbers.sender_id_registrations.embedded_sessions.create                           secret-bearing  # hands out an embedded session's token
GET    /numbers/v1/SigningRequest/Configuration                                                          numbers.signing_request.configuration.list                                         read
POST   /numbers/v1/SigningRequest/Configuration                                                          numbers.signing_request.configuration.create                                       free
GET    /numbers/v2/HostedNumber/AuthorizationDocuments                                                   numbers.hosted_number.authorization_documents.list                                 read
POST   /numbers/v2/HostedNumber/AuthorizationDocuments                                                   numbers.hosted_number.authorization_documents.create                               free  # mails a document to be signed
GET    /numbers/v2/HostedNumber/AuthorizationDocuments/{Sid}                                             numbers.hosted_number.authorization_documents.fetch                                read
DELETE /numbers/v2/HostedNumber/AuthorizationDocuments/{Sid}                                             numbers.hosted_number.authorization_documents.remove                               free
GET    /numbers/v2/HostedNumber/AuthorizationDocuments/{SigningDocumentSid}/DependentHostedNumberOrders  numbers.hosted_number.authorization_documents.dependent_hosted_number_orders.list  secret-bearing redacts:verification_code  # a code that proves a number one's own
GET    /numbers/v2/HostedNumber/Orders                                                                   numbers.hosted_number.orders.list                                                  secret-bearing redacts:verification_code  # a code that proves a number one's own
POST   /numbers/v2/HostedNumber/Orders                                                                   numbers.hosted_number.orders.create                                                unbounded usage redacts:verification_code  # a monthly fee for every hosted number
POST   /numbers/v2/HostedNumber/Orders/Bulk                                                              numbers.hosted_number.orders.bulk.create                                           unbounded usage redacts:verification_code  # a monthly fee for every hosted number
GET    /numbers/v2/HostedNumber/Orders/Bulk/{BulkHostingSid}                                             numbers.hosted_number.orders.bulk.fetch                                            secret-bearing redacts:verification_code  # a code that proves a number one's own
GET    /numbers/v2/HostedNumber/Orders/{Sid}                                                             numbers.hosted_number.orders.fetch                                                 secret-bearing redacts:verification_code  # a code that proves a number one's own
POST   /numbers/v2/HostedNumber/Orders/{Sid}                                                             numbers.hosted_number.orders.update                                                unbounded usage redacts:verification_code  # a monthly fee for every hosted number
DELETE /numbers/v2/HostedNumber/Orders/{Sid}                                                             numbers.hosted_number.orders.remove                                                free
GET    /numbers/v2/RegulatoryCompliance/Bundles                                                          numbers.regulatory_compliance.bundles.list                                         read
POST   /numbers/v2/RegulatoryCompliance/Bundles                                                          numbers.regulatory_compliance.bundles.create                                       free
GET    /numbers/v2/RegulatoryCompliance/Bundles/{Sid}                                                    numbers.regulatory_compliance.bundles.fetch                                        read
POST   /numbers/v2/RegulatoryCompliance/Bundles/{Sid}                                                    numbers.regulatory_compliance.bundles.update                                       free
DELETE /numbers/v2/RegulatoryCompliance/Bundles/{Sid}                                                    numbers.regulatory_compliance.bundles.remove                                       free
POST   /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/Clones                                       numbers.regulatory_compliance.bundles.clones.create                                free
GET    /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/Copies                                       numbers.regulatory_compliance.bundles.copies.list                                  read
POST   /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/Copies                                       numbers.regulatory_compliance.bundles.copies.create                                free
GET    /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/Evaluations                                  numbers.regulatory_compliance.bundles.evaluations.list                             read
POST   /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/Evaluations                                  numbers.regulatory_compliance.bundles.evaluations.create                           free
GET    /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/Evaluations/{Sid}                            numbers.regulatory_compliance.bundles.evaluations.fetch                            read
GET    /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/ItemAssignments                              numbers.regulatory_compliance.bundles.item_assignments.list                        read
POST   /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/ItemAssignments                              numbers.regulatory_compliance.bundles.item_assignments.create                      free
GET    /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/ItemAssignments/{Sid}                        numbers.regulatory_compliance.bundles.item_assignments.fetch                       read
DELETE /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/ItemAssignments/{Sid}                        numbers.regulatory_compliance.bundles.item_assignments.remove                      free
POST   /numbers/v2/RegulatoryCompliance/Bundles/{BundleSid}/ReplaceItems                                 numbers.regulatory_compliance.bundles.replace_items.create                         free
GET    /numbers/v2/RegulatoryCompliance/EndUserTypes                                                     numbers.regulatory_compliance.end_user_types.list                                  read
GET    /numbers/v2/RegulatoryCompliance/EndUserTypes/{Sid}                                               numbers.regulatory_compliance.end_user_types.fetch                                 read
GET    /numbers/v2/RegulatoryCompliance/EndUsers                                                         numbers.regulatory_compliance.end_users.list                                       read
POST   /numbers/v2/RegulatoryCompliance/EndUsers                                                         numbers.regulatory_compliance.end_users.create                                     free
GET    /numbers/v2/RegulatoryCompliance/EndUsers/{Sid}                                                   numbers.regulatory_compliance.end_users.fetch                                      read
POST   /numbers/v2/RegulatoryCompliance/EndUsers/{Sid}                                                   numbers.regulatory_compliance.end_users.update                                     free
DELETE /numbers/v2/RegulatoryCompliance/EndUsers/{Sid}                                                   numbers.regulatory_compliance.end_users.remove                                     free
GET    /numbers/v2/RegulatoryCompliance/Regulations                                                      numbers.regulatory_compliance.regulations.list                                     read
GET    /numbers/v2/RegulatoryCompliance/Regulations/{Sid}                                                numbers.regulatory_compliance.regulations.fetch                                    read
GET    /numbers/v2/RegulatoryCompliance/SupportingDocumentTypes                                          numbers.regulatory_compliance.supporting_document_types.list                       read
GET    /numbers/v2/RegulatoryCompliance/SupportingDocumentTypes/{Sid}                                    numbers.regulatory_compliance.supporting_document_types.fetch                      read
GET    /numbers/v2/RegulatoryCompliance/SupportingDocuments                                              numbers.regulatory_compliance.supporting_documents.list                            read
POST   /numbers/v2/RegulatoryCompliance/SupportingDocuments                                              numbers.regulatory_compliance.supporting_documents.create                          free
GET    /numbers/v2/RegulatoryCompliance/SupportingDocuments/{Sid}                                        numbers.regulatory_compliance.supporting_documents.fetch                           read
POST   /numbers/v2/RegulatoryCompliance/SupportingDocuments/{Sid}                                        numbers.regulatory_compliance.supporting_documents.update                          free
DELETE /numbers/v2/RegulatoryCompliance/SupportingDocuments/{Sid}                                        numbers.regulatory_compliance.supporting_documents.remove                          free
GET    /numbers/v2/ShortCodes/Applications                                                               numbers.short_codes.applications.list                                              read
POST   /numbers/v2/ShortCodes/Applications                                                               numbers.short_codes.applications.create                                            unbounded usage  # a short code bills by the month
GET    /numbers/v2/ShortCodes/Applications/{Sid}                                                         numbers.short_codes.applications.fetch                                             read
POST   /numbers/v3/HostedNumbers/HostedNumberOrders                                                      numbers.hosted_numbers.hosted_number_orders.create                                 unbounded usage redacts:verification_code,verificationCode  # a monthly fee for every hosted number

GET    /preview/HostedNumbers/AuthorizationDocuments                                                   preview.hosted_numbers.authorization_documents.list                                 read
POST   /preview/HostedNumbers/AuthorizationDocuments                                                   preview.hosted_numbers.authorization_documents.create                               free  # mails a document to be signed
GET    /preview/HostedNumbers/AuthorizationDocuments/{Sid}                                             preview.hosted_numbers.authorization_documents.fetch                                read
POST   /preview/HostedNumbers/AuthorizationDocuments/{Sid}                                             preview.hosted_numbers.authorization_documents.update                               free  # mails a document to be signed
DELETE /preview/HostedNumbers/AuthorizationDocuments/{Sid}                                             preview.hosted_numbers.authorization_documents.remove                               free
GET    /preview/HostedNumbers/AuthorizationDocuments/{SigningDocumentSid}/DependentHostedNumberOrders  preview.hosted_numbers.authorization_documents.dependent_hosted_number_orders.list  secret-bearing redacts:verification_code  # a code that proves a number one's own
GET    /preview/HostedNumbers/HostedNumberOrders                                                       preview.hosted_numbers.hosted_number_orders.list                                    secret-bearing redacts:verification_code  # a code that proves a number one's own
POST   /preview/HostedNumbers/HostedNumberOrders                                                       preview.hosted_numbers.hosted_number_orders.create                                  unbounded usage redacts:verification_code  # a monthly fee for every hosted number
GET    /preview/HostedNumbers/HostedNumberOrders/{Sid}                                                 preview.hosted_numbers.hosted_number_orders.fetch                                   secret-bearing redacts:verification_code  # a code that proves a number one's own
POST   /preview/HostedNumbers/HostedNumberOrders/{Sid}                                                 preview.hosted_numbers.hosted_number_orders.update                                  unbounded usage redacts:verification_code  # a monthly fee for every hosted number
DELETE /preview/HostedNumbers/HostedNumberOrders/{Sid}                                                 preview.hosted_numbers.hosted_number_orders.remove                                  free
GET    /preview/marketplace/AvailableAddOns                                                            preview.marketplace.available_add_ons.list                                          read
GET    /preview/marketplace/AvailableAddOns/{Sid}                                                      preview.marketplace.available_add_ons.fetch                                         read
GET    /preview/marketplace/AvailableAddOns/{AvailableAddOnSid}/Extensions                             preview.marketplace.available_add_ons.extensions.list                               read
GET    /preview/marketplace/AvailableAddOns/{AvailableAddOnSid}/Extensions/{Sid}                       preview.marketplace.available_add_ons.extensions.fetch                              read
GET    /preview/marketplace/InstalledAddOns                                                            preview.marketplace.installed_add_ons.list                                          secret-bearing redacts:configuration  # an add-on's configuration may hold its credentials
POST   /preview/marketplace/InstalledAddOns                                                            preview.marketplace.installed_add_ons.create                                        unbounded usage redacts:configuration  # the add-on bills by use or by the month
GET    /preview/marketplace/InstalledAddOns/{Sid}                                                      preview.marketplace.installed_add_ons.fetch                                         secret-bearing redacts:configuration  # an add-on's configuration may hold its credentials
POST   /preview/marketplace/InstalledAddOns/{Sid}                                                      preview.marketplace.installed_add_ons.update                                        free redacts:configuration  # an add-on's configuration may hold its credentials
DELETE /preview/marketplace/InstalledAddOns/{Sid}                                                      preview.marketplace.installed_add_ons.remove                                        free
GET    /preview/marketplace/InstalledAddOns/{InstalledAddOnSid}/Extensions                             preview.marketplace.installed_add_ons.extensions.list                               read
GET    /preview/marketplace/InstalledAddOns/{InstalledAddOnSid}/Extensions/{Sid}                       preview.marketplace.installed_add_ons.extensions.fetch                              read
POST   /preview/marketplace/InstalledAddOns/{InstalledAddOnSid}/Extensions/{Sid}                       preview.marketplace.installed_add_ons.extensions.update                             unbounded usage  # switches the add-on on for a product, whose uses it bills
GET    /preview/wireless/Commands                                                                      preview.wireless.commands.list                                                      read
POST   /preview/wireless/Commands                                                                      preview.wireless.commands.create                                                    unbounded usage  # a message to a SIM; its price is not published in the API
GET    /preview/wireless/Commands/{Sid}                                                                preview.wireless.commands.fetch                                                     read
GET    /preview/wireless/RatePlans                                                                     preview.wireless.rate_plans.list                                                    read
POST   /preview/wireless/RatePlans                                                                     preview.wireless.rate_plans.create                                                  free  # bills nothing until a SIM has it
GET    /preview/wireless/RatePlans/{Sid}                                                               preview.wireless.rate_plans.fetch                                                   read
POST   /preview/wireless/RatePlans/{Sid}                                                               preview.wireless.rate_plans.update                                                  free  # bills nothing until a SIM has it
DELETE /preview/wireless/RatePlans/{Sid}                                                               preview.wireless.rate_plans.remove                                                  free
GET    /preview/wireless/Sims                                                                          preview.wireless.sims.list                                                          read
GET    /preview/wireless/Sims/{Sid}                                                                    preview.wireless.sims.fetch                                                         read
POST   /preview/wireless/Sims/{Sid}                                                                    preview.wireless.sims.update                                                        unbounded usage  # an active SIM bills by the month and by its data
GET    /preview/wireless/Sims/{SimSid}/Usage                                                           preview.wireless.sims.usage.fetch                                                   read

GET    /pricing/v1/Messaging/Countries                   pricing.messaging.countries.list       read
GET    /pricing/v1/Messaging/Countries/{IsoCountry}      pricing.messaging.countries.fetch      read
GET    /pricing/v1/PhoneNumbers/Countries                pricing.phone_numbers.countries.list   read
GET    /pricing/v1/PhoneNumbers/Countries/{IsoCountry}   pricing.phone_numbers.countries.fetch  read
GET    /pricing/v1/Voice/Countries                       pricing.v1.voice.countries.list        read
GET    /pricing/v1/Voice/Countries/{IsoCountry}          pricing.v1.voice.countries.fetch       read
GET    /pricing/v1/Voice/Numbers/{Number}                pricing.v1.voice.numbers.fetch         read
GET    /pricing/v2/Trunking/Countries                    pricing.trunking.countries.list        read
GET    /pricing/v2/Trunking/Countries/{IsoCountry}       pricing.trunking.countries.fetch       read
GET    /pricing/v2/Trunking/Numbers/{DestinationNumber}  pricing.trunking.numbers.fetch         read
GET    /pricing/v2/Voice/Countries                       pricing.voice.countries.list           read
GET    /pricing/v2/Voice/Countries/{IsoCountry}          pricing.voice.countries.fetch          read
GET    /pricing/v2/Voice/Numbers/{DestinationNumber}     pricing.voice.numbers.fetch            read

GET    /supersim/v1/ESimProfiles                                                    supersim.esim_profiles.list                       secret-bearing redacts:activation_code,matching_id  # an activation code puts the profile into any device
POST   /supersim/v1/ESimProfiles                                                    supersim.esim_profiles.create                     secret-bearing  # an activation code puts the profile into any device
GET    /supersim/v1/ESimProfiles/{Sid}                                              supersim.esim_profiles.fetch                      secret-bearing redacts:activation_code,matching_id  # an activation code puts the profile into any device
GET    /supersim/v1/Fleets                                                          supersim.fleets.list                              read
POST   /supersim/v1/Fleets                                                          supersim.fleets.create                            unbounded usage  # sets the data limits of every SIM in it
GET    /supersim/v1/Fleets/{Sid}                                                    supersim.fleets.fetch                             read
POST   /supersim/v1/Fleets/{Sid}                                                    supersim.fleets.update                            unbounded usage  # sets the data limits of every SIM in it
GET    /supersim/v1/IpCommands                                                      supersim.ip_commands.list                         read
POST   /supersim/v1/IpCommands                                                      supersim.ip_commands.create                       unbounded usage  # a message to a SIM; its price is not published in the API
GET    /supersim/v1/IpCommands/{Sid}                                                supersim.ip_commands.fetch                        read
GET    /supersim/v1/NetworkAccessProfiles                                           supersim.network_access_profiles.list             read
POST   /supersim/v1/NetworkAccessProfiles                                           supersim.network_access_profiles.create           unbounded usage  # data bills by the networks that it names
GET    /supersim/v1/NetworkAccessProfiles/{Sid}                                     supersim.network_access_profiles.fetch            read
POST   /supersim/v1/NetworkAccessProfiles/{Sid}                                     supersim.network_access_profiles.update           free  # renames it
GET    /supersim/v1/NetworkAccessProfiles/{NetworkAccessProfileSid}/Networks        supersim.network_access_profiles.networks.list    read
POST   /supersim/v1/NetworkAccessProfiles/{NetworkAccessProfileSid}/Networks        supersim.network_access_profiles.networks.create  unbounded usage  # data bills by the network that SIMs may use from then on
GET    /supersim/v1/NetworkAccessProfiles/{NetworkAccessProfileSid}/Networks/{Sid}  supersim.network_access_profiles.networks.fetch   read
DELETE /supersim/v1/NetworkAccessProfiles/{NetworkAccessProfileSid}/Networks/{Sid}  supersim.network_access_profiles.networks.remove  free
GET    /supersim/v1/Networks                                                        supersim.networks.list                            read
GET    /supersim/v1/Networks/{Sid}                                                  supersim.networks.fetch                           read
GET    /supersim/v1/SettingsUpdates                                                 supersim.settings_updates.list                    read
GET    /supersim/v1/Sims                                                            supersim.sims.list                                read
POST   /supersim/v1/Sims                                                            supersim.sims.create                              unbounded usage  # an active SIM bills by the month and by its data
GET    /supersim/v1/Sims/{Sid}                                                      supersim.sims.fetch                               read
POST   /supersim/v1/Sims/{Sid}                                                      supersim.sims.update                              unbounded usage  # an active SIM bills by the month and by its data
GET    /supersim/v1/Sims/{SimSid}/BillingPeriods                                    supersim.sims.billing_periods.list                read
GET    /supersim/v1/Sims/{SimSid}/IpAddresses                                       supersim.sims.ip_addresses.list                   read
GET    /supersim/v1/SmsCommands                                                     supersim.sms_commands.list                        read
POST   /supersim/v1/SmsCommands                                                     supersim.sms_commands.create                      unbounded usage  # a message to a SIM; its price is not published in the API
GET    /supersim/v1/SmsCommands/{Sid}                                               supersim.sms_commands.fetch                       read
GET    /supersim/v1/UsageRecords                                                    supersim.usage_records.list                       read

POST   /trusthub/v1/A2PBrandRegistrations                                                                 trusthub.a2p_brand_registrations.create                                                secret-bearing  # hands out an embedded session's token
POST   /trusthub/v1/A2PBrandRegistrations/{Id}/EmbeddedSessions                                           trusthub.a2p_brand_registrations.embedded_sessions.create                              secret-bearing  # hands out an embedded session's token
POST   /trusthub/v1/A2PCampaignRegistrations                                                              trusthub.a2p_campaign_registrations.create                                             secret-bearing  # hands out an embedded session's token
POST   /trusthub/v1/A2PCampaignRegistrations/{Id}/EmbeddedSessions                                        trusthub.a2p_campaign_registrations.embedded_sessions.create                           secret-bearing  # hands out an embedded session's token
POST   /trusthub/v1/ComplianceInquiries/Customers/Initialize                                              trusthub.compliance_inquiries.customers.initialize.create                              secret-bearing  # hands out an embedded session's token
POST   /trusthub/v1/ComplianceInquiries/Customers/{CustomerId}/Initialize                                 trusthub.compliance_inquiries.customers.initialize.update                              secret-bearing  # hands out an embedded session's token
POST   /trusthub/v1/ComplianceInquiries/Registration/RegulatoryCompliance/GB/Initialize                   trusthub.compliance_inquiries.registration.regulatory_compliance.gb.initialize.create  secret-bearing  # hands out an embedded session's token
POST   /trusthub/v1/ComplianceInquiries/Registration/{RegistrationId}/RegulatoryCompliance/GB/Initialize  trusthub.compliance_inquiries.registration.regulatory_compliance.gb.initialize.update  secret-bearing  # hands out an embedded session's token
POST   /trusthub/v1/ComplianceInquiries/Tollfree/Initialize                                               trusthub.compliance_inquiries.tollfree.initialize.create                               secret-bearing  # hands out an embedded session's token
GET    /trusthub/v1/CustomerProfiles                                                                      trusthub.customer_profiles.list                                                        read
POST   /trusthub/v1/CustomerProfiles                                                                      trusthub.customer_profiles.create                                                      free
GET    /trusthub/v1/CustomerProfiles/{Sid}                                                                trusthub.customer_profiles.fetch                                                       read
POST   /trusthub/v1/CustomerProfiles/{Sid}                                                                trusthub.customer_profiles.update                                                      free
DELETE /trusthub/v1/CustomerProfiles/{Sid}                                                                trusthub.customer_profiles.remove                                                      free
GET    /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/ChannelEndpointAssignments                      trusthub.customer_profiles.channel_endpoint_assignments.list                           read
POST   /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/ChannelEndpointAssignments                      trusthub.customer_profiles.channel_endpoint_assignments.create                         free
GET    /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/ChannelEndpointAssignments/{Sid}                trusthub.customer_profiles.channel_endpoint_assignments.fetch                          read
DELETE /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/ChannelEndpointAssignments/{Sid}                trusthub.customer_profiles.channel_endpoint_assignments.remove                         free
GET    /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/EntityAssignments                               trusthub.customer_profiles.entity_assignments.list                                     read
POST   /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/EntityAssignments                               trusthub.customer_profiles.entity_assignments.create                                   free
GET    /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/EntityAssignments/{Sid}                         trusthub.customer_profiles.entity_assignments.fetch                                    read
DELETE /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/EntityAssignments/{Sid}                         trusthub.customer_profiles.entity_assignments.remove                                   free
GET    /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/Evaluations                                     trusthub.customer_profiles.evaluations.list                                            read
POST   /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/Evaluations                                     trusthub.customer_profiles.evaluations.create                                          free
GET    /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/Evaluations/{Sid}                               trusthub.customer_profiles.evaluations.fetch                                           read
GET    /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/ProvisionalCopy                                 trusthub.customer_profiles.provisional_copy.fetch                                      read
POST   /trusthub/v1/CustomerProfiles/{CustomerProfileSid}/ProvisionalCopy                                 trusthub.customer_profiles.provisional_copy.create                                     free
GET    /trusthub/v1/EndUserTypes                                                                          trusthub.end_user_types.list                                                           read
GET    /trusthub/v1/EndUserTypes/{Sid}                                                                    trusthub.end_user_types.fetch                                                          read
GET    /trusthub/v1/EndUsers                                                                              trusthub.end_users.list                                                                read
POST   /trusthub/v1/EndUsers                                                                              trusthub.end_users.create                                                              free
GET    /trusthub/v1/EndUsers/{Sid}                                                                        trusthub.end_users.fetch                                                               read
POST   /trusthub/v1/EndUsers/{Sid}                                                                        trusthub.end_users.update                                                              free
DELETE /trusthub/v1/EndUsers/{Sid}                                                                        trusthub.end_users.remove                                                              free
GET    /trusthub/v1/Policies                                                                              trusthub.policies.list                                                                 read
GET    /trusthub/v1/Policies/{Sid}                                                                        trusthub.policies.fetch                                                                read
GET    /trusthub/v1/SupportingDocumentTypes                                                               trusthub.supporting_document_types.list                                                read
GET    /trusthub/v1/SupportingDocumentTypes/{Sid}                                                         trusthub.supporting_document_types.fetch                                               read
GET    /trusthub/v1/SupportingDocuments                                                                   trusthub.supporting_documents.list                                                     read
POST   /trusthub/v1/SupportingDocuments                                                                   trusthub.supporting_documents.create                                                   free
GET    /trusthub/v1/SupportingDocuments/{Sid}                                                             trusthub.supporting_documents.fetch                                                    read
POST   /trusthub/v1/SupportingDocuments/{Sid}                                                             trusthub.supporting_documents.update                                                   free
DELETE /trusthub/v1/SupportingDocuments/{Sid}                                                             trusthub.supporting_documents.remove                                                   free
GET    /trusthub/v1/TrustProducts                                                                         trusthub.trust_products.list                                                           read
POST   /trusthub/v1/TrustProducts                                                                         trusthub.trust_products.create                                                         free
GET    /trusthub/v1/TrustProducts/{Sid}                                                                   trusthub.trust_products.fetch                                                          read
POST   /trusthub/v1/TrustProducts/{Sid}                                                                   trusthub.trust_products.update                                                         free
DELETE /trusthub/v1/TrustProducts/{Sid}                                                                   trusthub.trust_products.remove                                                         free
GET    /trusthub/v1/TrustProducts/{TrustProductSid}/ChannelEndpointAssignments                            trusthub.trust_products.channel_endpoint_assignments.list                              read
POST   /trusthub/v1/TrustProducts/{TrustProductSid}/ChannelEndpointAssignments                            trusthub.trust_products.channel_endpoint_assignments.create                            free
GET    /trusthub/v1/TrustProducts/{TrustProductSid}/ChannelEndpointAssignments/{Sid}                      trusthub.trust_products.channel_endpoint_assignments.fetch                             read
DELETE /trusthub/v1/TrustProducts/{TrustProductSid}/ChannelEndpointAssignments/{Sid}                      trusthub.trust_products.channel_endpoint_assignments.remove                            free
GET    /trusthub/v1/TrustProducts/{TrustProductSid}/EntityAssignments                                     trusthub.trust_products.entity_assignments.list                                        read
POST   /trusthub/v1/TrustProducts/{TrustProductSid}/EntityAssignments                                     trusthub.trust_products.entity_assignments.create                                      free
GET    /trusthub/v1/TrustProducts/{TrustProductSid}/EntityAssignments/{Sid}                               trusthub.trust_products.entity_assignments.fetch                                       read
DELETE /trusthub/v1/TrustProducts/{TrustProductSid}/EntityAssignments/{Sid}                               trusthub.trust_products.entity_assignments.remove                                      free
GET    /trusthub/v1/TrustProducts/{TrustProductSid}/Evaluations                                           trusthub.trust_products.evaluations.list                                               read
POST   /trusthub/v1/TrustProducts/{TrustProductSid}/Evaluations                                           trusthub.trust_products.evaluations.create                                             free
GET    /trusthub/v1/TrustProducts/{TrustProductSid}/Evaluations/{Sid}                                     trusthub.trust_products.evaluations.fetch                                              read
GET    /trusthub/v1/TrustProducts/{TrustProductSid}/ProvisionalCopy                                       trusthub.trust_products.provisional_copy.fetch                                         read
POST   /trusthub/v1/TrustProducts/{TrustProductSid}/ProvisionalCopy                                       trusthub.trust_products.provisional_copy.create                                        free

GET    /verify/v2/Attempts                                                                           verify.attempts.list                             read
GET    /verify/v2/Attempts/Summary                                                                   verify.attempts.summary.fetch                    read
GET    /verify/v2/Attempts/{Sid}                                                                     verify.attempts.fetch                            read
GET    /verify/v2/Forms/{FormType}                                                                   verify.forms.fetch                               read
POST   /verify/v2/SafeList/Numbers                                                                   verify.safe_list.numbers.create                  free  # keeps a number from being blocked as fraud; each verification is still counted
GET    /verify/v2/SafeList/Numbers/{PhoneNumber}                                                     verify.safe_list.numbers.fetch                   read
DELETE /verify/v2/SafeList/Numbers/{PhoneNumber}                                                     verify.safe_list.numbers.remove                  free
GET    /verify/v2/Services                                                                           verify.services.list                             read
POST   /verify/v2/Services                                                                           verify.services.create                           unbounded usage  # LookupEnabled adds a look-up to every verification
GET    /verify/v2/Services/{Sid}                                                                     verify.services.fetch                            read
POST   /verify/v2/Services/{Sid}                                                                     verify.services.update                           unbounded usage  # LookupEnabled adds a look-up to every verification
DELETE /verify/v2/Services/{Sid}                                                                     verify.services.remove                           free
POST   /verify/v2/Services/{ServiceSid}/AccessTokens                                                 verify.access_tokens.create                      secret-bearing  # hands out an access token
GET    /verify/v2/Services/{ServiceSid}/AccessTokens/{Sid}                                           verify.access_tokens.fetch                       secret-bearing redacts:token  # an access token
GET    /verify/v2/Services/{ServiceSid}/Entities                                                     verify.entities.list                             read
POST   /verify/v2/Services/{ServiceSid}/Entities                                                     verify.entities.create                           free
GET    /verify/v2/Services/{ServiceSid}/Entities/{Identity}                                          verify.entities.fetch                            read
DELETE /verify/v2/Services/{ServiceSid}/Entities/{Identity}                                          verify.entities.remove                           free
GET    /verify/v2/Services/{ServiceSid}/Entities/{Identity}/Challenges                               verify.entities.challenges.list                  read
POST   /verify/v2/Services/{ServiceSid}/Entities/{Identity}/Challenges                               verify.entities.challenges.create                unbounded usage  # a challenge that is answered bills; its price is not published in the API
GET    /verify/v2/Services/{ServiceSid}/Entities/{Identity}/Challenges/{Sid}                         verify.entities.challenges.fetch                 read
POST   /verify/v2/Services/{ServiceSid}/Entities/{Identity}/Challenges/{Sid}                         verify.entities.challenges.update                unbounded usage  # a challenge that is answered bills; its price is not published in the API
POST   /verify/v2/Services/{ServiceSid}/Entities/{Identity}/Challenges/{ChallengeSid}/Notifications  verify.entities.challenges.notifications.create  unbounded usage  # a challenge that is answered bills; its price is not published in the API
GET    /verify/v2/Services/{ServiceSid}/Entities/{Identity}/Factors                                  verify.entities.factors.list                     read
POST   /verify/v2/Services/{ServiceSid}/Entities/{Identity}/Factors                                  verify.entities.factors.create                   secret-bearing  # hands out the seed of a TOTP factor in its binding
GET    /verify/v2/Services/{ServiceSid}/Entities/{Identity}/Factors/{Sid}                            verify.entities.factors.fetch                    read
POST   /verify/v2/Services/{ServiceSid}/Entities/{Identity}/Factors/{Sid}                            verify.entities.factors.update                   free  # only challenges bill
DELETE /verify/v2/Services/{ServiceSid}/Entities/{Identity}/Factors/{Sid}                            verify.entities.factors.remove                   free
GET    /verify/v2/Services/{ServiceSid}/MessagingConfigurations                                      verify.messaging_configurations.list             read
POST   /verify/v2/Services/{ServiceSid}/MessagingConfigurations                                      verify.messaging_configurations.create           free
GET    /verify/v2/Services/{ServiceSid}/MessagingConfigurations/{Country}                            verify.messaging_configurations.fetch            read
POST   /verify/v2/Services/{ServiceSid}/MessagingConfigurations/{Country}                            verify.messaging_configurations.update           free
DELETE /verify/v2/Services/{ServiceSid}/MessagingConfigurations/{Country}                            verify.messaging_configurations.remove           free
POST   /verify/v2/Services/{ServiceSid}/Passkeys/ApproveChallenge                                    verify.passkeys.approve_challenge                unbounded usage  # a challenge that is answered bills; its price is not published in the API
POST   /verify/v2/Services/{ServiceSid}/Passkeys/Challenges                                          verify.passkeys.challenges.create                unbounded usage  # a challenge that is answered bills; its price is not published in the API
POST   /verify/v2/Services/{ServiceSid}/Passkeys/Factors                                             verify.passkeys.factors.create                   free redacts:binding  # only challenges bill; a binding is a secret where it is not empty
POST   /verify/v2/Services/{ServiceSid}/Passkeys/VerifyFactor                                        verify.passkeys.verify_factor                    free  # only challenges bill
GET    /verify/v2/Services/{ServiceSid}/RateLimits                                                   verify.rate_limits.list                          read
POST   /verify/v2/Services/{ServiceSid}/RateLimits                                                   verify.rate_limits.create                        free
GET    /verify/v2/Services/{ServiceSid}/RateLimits/{Sid}                                             verify.rate_limits.fetch                         read
POST   /verify/v2/Services/{ServiceSid}/RateLimits/{Sid}                                             verify.rate_limits.update                        free
DELETE /verify/v2/Services/{ServiceSid}/RateLimits/{Sid}                                             verify.rate_limits.remove                        free
GET    /verify/v2/Services/{ServiceSid}/RateLimits/{RateLimitSid}/Buckets                            verify.rate_limits.buckets.list                  read
POST   /verify/v2/Services/{ServiceSid}/RateLimits/{RateLimitSid}/Buckets                            verify.rate_limits.buckets.create                free
GET    /verify/v2/Services/{ServiceSid}/RateLimits/{RateLimitSid}/Buckets/{Sid}                      verify.rate_limits.buckets.fetch                 read
POST   /verify/v2/Services/{ServiceSid}/RateLimits/{RateLimitSid}/Buckets/{Sid}                      verify.rate_limits.buckets.update                free
DELETE /verify/v2/Services/{ServiceSid}/RateLimits/{RateLimitSid}/Buckets/{Sid}                      verify.rate_limits.buckets.remove                free
POST   /verify/v2/Services/{ServiceSid}/VerificationCheck                                            verify.verification_checks.create                money usage  # a right code bills the success
POST   /verify/v2/Services/{ServiceSid}/Verifications                                                verify.verifications.create                      money usage  # an attempt bills by its channel, and a success once more
GET    /verify/v2/Services/{ServiceSid}/Verifications/{Sid}                                          verify.verifications.fetch                       read
POST   /verify/v2/Services/{ServiceSid}/Verifications/{Sid}                                          verify.verifications.update                      money usage  # approving it bills the success
GET    /verify/v2/Services/{ServiceSid}/Webhooks                                                     verify.webhooks.list                             read
POST   /verify/v2/Services/{ServiceSid}/Webhooks                                                     verify.webhooks.create                           free
GET    /verify/v2/Services/{ServiceSid}/Webhooks/{Sid}                                               verify.webhooks.fetch                            read
POST   /verify/v2/Services/{ServiceSid}/Webhooks/{Sid}                                               verify.webhooks.update                           free
DELETE /verify/v2/Services/{ServiceSid}/Webhooks/{Sid}                                               verify.webhooks.remove                           free
GET    /verify/v2/Templates                                                                          verify.templates.list                            read

GET    /wireless/v1/Commands                    wireless.commands.list            read
POST   /wireless/v1/Commands                    wireless.commands.create          unbounded usage  # a message to a SIM; its price is not published in the API
GET    /wireless/v1/Commands/{Sid}              wireless.commands.fetch           read
DELETE /wireless/v1/Commands/{Sid}              wireless.commands.remove          free
GET    /wireless/v1/RatePlans                   wireless.rate_plans.list          read
POST   /wireless/v1/RatePlans                   wireless.rate_plans.create        free  # bills nothing until a SIM has it
GET    /wireless/v1/RatePlans/{Sid}             wireless.rate_plans.fetch         read
POST   /wireless/v1/RatePlans/{Sid}             wireless.rate_plans.update        free  # bills nothing until a SIM has it
DELETE /wireless/v1/RatePlans/{Sid}             wireless.rate_plans.remove        free
GET    /wireless/v1/Sims                        wireless.sims.list                read
GET    /wireless/v1/Sims/{Sid}                  wireless.sims.fetch               read
POST   /wireless/v1/Sims/{Sid}                  wireless.sims.update              unbounded usage  # an active SIM bills by the month and by its data
DELETE /wireless/v1/Sims/{Sid}                  wireless.sims.remove              free
GET    /wireless/v1/Sims/{SimSid}/DataSessions  wireless.sims.data_sessions.list  read
GET    /wireless/v1/Sims/{SimSid}/UsageRecords  wireless.sims.usage_records.list  read
GET    /wireless/v1/UsageRecords                wireless.usage_records.list       read
`;
