/**
 * Operations of the hosts that carry, record and examine calls: insights, intelligence, routes, trunking, video, voice. Read by
 * ../operations.ts.
 */
export const VOICE_OPERATIONS: string = `
GET    /insights/v1/Conferences                                                        insights.conferences.list                                            read
GET    /insights/v1/Conferences/{ConferenceSid}                                        insights.conferences.fetch                                           read
GET    /insights/v1/Conferences/{ConferenceSid}/Participants                           insights.conferences.participants.list                               read
GET    /insights/v1/Conferences/{ConferenceSid}/Participants/{ParticipantSid}          insights.conferences.participants.fetch                              read
GET    /insights/v1/Video/Rooms                                                        insights.video.rooms.list                                            read
GET    /insights/v1/Video/Rooms/{RoomSid}                                              insights.video.rooms.fetch                                           read
GET    /insights/v1/Video/Rooms/{RoomSid}/Participants                                 insights.video.rooms.participants.list                               read
GET    /insights/v1/Video/Rooms/{RoomSid}/Participants/{ParticipantSid}                insights.video.rooms.participants.fetch                              read
GET    /insights/v1/Voice/Settings                                                     insights.voice.settings.fetch                                        read
POST   /insights/v1/Voice/Settings                                                     insights.voice.settings.update                                       unbounded usage  # switches on advanced features, which bill every call
GET    /insights/v1/Voice/Summaries                                                    insights.voice.summaries.list                                        read
GET    /insights/v1/Voice/{Sid}                                                        insights.voice.fetch                                                 read
GET    /insights/v1/Voice/{CallSid}/Annotation                                         insights.voice.annotation.fetch                                      read
POST   /insights/v1/Voice/{CallSid}/Annotation                                         insights.voice.annotation.update                                     free
GET    /insights/v1/Voice/{CallSid}/Events                                             insights.voice.events.list                                           read
GET    /insights/v1/Voice/{CallSid}/Metrics                                            insights.voice.metrics.list                                          read
GET    /insights/v1/Voice/{CallSid}/Summary                                            insights.voice.summary.fetch                                         read
POST   /insights/v2/Voice/Reports                                                      insights.voice.reports.create                                        unbounded usage  # the price of a report is not published in the API
POST   /insights/v2/Voice/Reports/PhoneNumbers/Inbound                                 insights.voice.reports.phone_numbers.inbound.create                  unbounded usage  # the price of a report is not published in the API
GET    /insights/v2/Voice/Reports/PhoneNumbers/Inbound/{ReportId}                      insights.voice.reports.phone_numbers.inbound.list                    read
POST   /insights/v2/Voice/Reports/PhoneNumbers/Outbound                                insights.voice.reports.phone_numbers.outbound.create                 unbounded usage  # the price of a report is not published in the API
GET    /insights/v2/Voice/Reports/PhoneNumbers/Outbound/{ReportId}                     insights.voice.reports.phone_numbers.outbound.list                   read
GET    /insights/v2/Voice/Reports/{ReportId}                                           insights.voice.reports.fetch                                         read
GET    /insights/v3/ControlPlane/ConversationInsights/CustomFieldMappings              insights.conversation_insights.custom_field_mappings.list            read
POST   /insights/v3/ControlPlane/ConversationInsights/CustomFieldMappings              insights.conversation_insights.custom_field_mappings.create          free
GET    /insights/v3/ControlPlane/ConversationInsights/CustomFieldMappings/{MappingId}  insights.conversation_insights.custom_field_mappings.fetch           read
PATCH  /insights/v3/ControlPlane/ConversationInsights/CustomFieldMappings/{MappingId}  insights.conversation_insights.custom_field_mappings.patch           free
GET    /insights/v3/ControlPlane/ConversationInsights/CustomFieldMappingsCapacity      insights.conversation_insights.custom_field_mappings_capacity.fetch  read
GET    /insights/v3/InsightsDomains/Conversations/Metadata                             insights.conversations.metadata.fetch                                read
GET    /insights/v3/InsightsDomains/Conversations/Query                                insights.conversations.query.fetch                                   read
POST   /insights/v3/InsightsDomains/Conversations/Query                                insights.conversations.query.create                                  unbounded usage  # the price of a query is not published in the API
GET    /insights/v3/InsightsDomains/Conversations/QueryJobs                            insights.conversations.query_jobs.list                               read
POST   /insights/v3/InsightsDomains/Conversations/QueryJobs                            insights.conversations.query_jobs.create                             unbounded usage  # the price of a query is not published in the API
GET    /insights/v3/InsightsDomains/Conversations/QueryJobs/{OperationId}              insights.conversations.query_jobs.fetch                              read
GET    /insights/v3/InsightsDomains/Conversations/QueryJobs/{OperationId}/Results      insights.conversations.query_jobs.results.fetch                      read

GET    /intelligence/v2/OperatorTypes                                              intelligence.operator_types.list                           read
GET    /intelligence/v2/OperatorTypes/{Sid}                                        intelligence.operator_types.fetch                          read
GET    /intelligence/v2/Operators                                                  intelligence.v2.operators.list                             read
GET    /intelligence/v2/Operators/Custom                                           intelligence.v2.operators.custom.list                      read
POST   /intelligence/v2/Operators/Custom                                           intelligence.v2.operators.custom.create                    free  # runs nowhere until a service names it
GET    /intelligence/v2/Operators/Custom/{Sid}                                     intelligence.v2.operators.custom.fetch                     read
POST   /intelligence/v2/Operators/Custom/{Sid}                                     intelligence.v2.operators.custom.update                    free  # runs nowhere until a service names it
DELETE /intelligence/v2/Operators/Custom/{Sid}                                     intelligence.v2.operators.custom.remove                    free
GET    /intelligence/v2/Operators/PreBuilt                                         intelligence.v2.operators.pre_built.list                   read
GET    /intelligence/v2/Operators/PreBuilt/{Sid}                                   intelligence.v2.operators.pre_built.fetch                  read
GET    /intelligence/v2/Operators/{Sid}                                            intelligence.v2.operators.fetch                            read
GET    /intelligence/v2/Services                                                   intelligence.services.list                                 read
POST   /intelligence/v2/Services                                                   intelligence.services.create                               unbounded usage  # AutoTranscribe transcribes every recording from then on
GET    /intelligence/v2/Services/{Sid}                                             intelligence.services.fetch                                read
POST   /intelligence/v2/Services/{Sid}                                             intelligence.services.update                               unbounded usage  # AutoTranscribe transcribes every recording from then on
DELETE /intelligence/v2/Services/{Sid}                                             intelligence.services.remove                               free
GET    /intelligence/v2/Services/{ServiceSid}/Operators                            intelligence.services.operators.fetch                      read
POST   /intelligence/v2/Services/{ServiceSid}/Operators/{OperatorSid}              intelligence.services.operators.create                     unbounded usage  # one more operator runs over every transcript
DELETE /intelligence/v2/Services/{ServiceSid}/Operators/{OperatorSid}              intelligence.services.operators.remove                     free
GET    /intelligence/v2/Transcripts                                                intelligence.transcripts.list                              read
POST   /intelligence/v2/Transcripts                                                intelligence.transcripts.create                            unbounded usage  # bills by the minute of a recording
GET    /intelligence/v2/Transcripts/{Sid}                                          intelligence.transcripts.fetch                             read
DELETE /intelligence/v2/Transcripts/{Sid}                                          intelligence.transcripts.remove                            free
GET    /intelligence/v2/Transcripts/{Sid}/Media                                    intelligence.transcripts.media.fetch                       read
GET    /intelligence/v2/Transcripts/{TranscriptSid}/OperatorResults                intelligence.transcripts.operator_results.list             read
GET    /intelligence/v2/Transcripts/{TranscriptSid}/OperatorResults/Encrypted      intelligence.transcripts.operator_results.encrypted.fetch  read
GET    /intelligence/v2/Transcripts/{TranscriptSid}/OperatorResults/{OperatorSid}  intelligence.transcripts.operator_results.fetch            read
GET    /intelligence/v2/Transcripts/{TranscriptSid}/Sentences                      intelligence.transcripts.sentences.list                    read
GET    /intelligence/v2/Transcripts/{TranscriptSid}/Sentences/Encrypted            intelligence.transcripts.sentences.encrypted.fetch         read
GET    /intelligence/v3/ControlPlane/Configurations                                intelligence.configurations.list                           read
POST   /intelligence/v3/ControlPlane/Configurations                                intelligence.configurations.create                         unbounded usage  # runs its operators over every conversation
GET    /intelligence/v3/ControlPlane/Configurations/{Id}                           intelligence.configurations.fetch                          read
PUT    /intelligence/v3/ControlPlane/Configurations/{Id}                           intelligence.configurations.update                         unbounded usage  # runs its operators over every conversation
DELETE /intelligence/v3/ControlPlane/Configurations/{Id}                           intelligence.configurations.remove                         free
GET    /intelligence/v3/ControlPlane/Operators                                     intelligence.operators.list                                read
POST   /intelligence/v3/ControlPlane/Operators                                     intelligence.operators.create                              free  # runs nowhere until a configuration names it
GET    /intelligence/v3/ControlPlane/Operators/{Id}                                intelligence.operators.fetch                               read
PUT    /intelligence/v3/ControlPlane/Operators/{Id}                                intelligence.operators.update                              free  # runs nowhere until a configuration names it
DELETE /intelligence/v3/ControlPlane/Operators/{Id}                                intelligence.operators.remove                              free
GET    /intelligence/v3/ControlPlane/Operators/{Id}/Versions                       intelligence.operators.versions.list                       read
GET    /intelligence/v3/ControlPlane/Operators/{Id}/Versions/{VersionParam}        intelligence.operators.versions.fetch                      read
GET    /intelligence/v3/Conversations                                              intelligence.conversations.list                            read
GET    /intelligence/v3/Conversations/{Id}                                         intelligence.conversations.fetch                           read
GET    /intelligence/v3/OperatorResults                                            intelligence.operator_results.list                         read
GET    /intelligence/v3/OperatorResults/{OperatorResultId}                         intelligence.operator_results.fetch                        read
DELETE /intelligence/v3/OperatorResults/{OperatorResultId}                         intelligence.operator_results.remove                       free
POST   /intelligence/v3/RuleExecutions                                             intelligence.rule_executions.create                        unbounded usage  # runs operators; their price is not published in the API

GET    /routes/v2/PhoneNumbers/{PhoneNumber}               routes.v2.phone_numbers.fetch   read
POST   /routes/v2/PhoneNumbers/{PhoneNumber}               routes.v2.phone_numbers.update  free  # the region that handles what comes in
GET    /routes/v2/SipDomains/{SipDomain}                   routes.sip_domains.fetch        read
POST   /routes/v2/SipDomains/{SipDomain}                   routes.sip_domains.update       free  # the region that handles what comes in
GET    /routes/v2/Trunks/{SipTrunkDomain}                  routes.trunks.fetch             read
POST   /routes/v2/Trunks/{SipTrunkDomain}                  routes.trunks.update            free  # the region that handles what comes in
GET    /routes/v3/PhoneNumbers/{PhoneNumber}               routes.phone_numbers.fetch      read
POST   /routes/v3/PhoneNumbers/{PhoneNumber}               routes.phone_numbers.update     free  # the region that handles what comes in
GET    /routes/v3/ShortCodes/{IsoCountryCode}/{ShortCode}  routes.short_codes.fetch        read
POST   /routes/v3/ShortCodes/{IsoCountryCode}/{ShortCode}  routes.short_codes.update       free  # the region that handles what comes in

GET    /trunking/v1/Trunks                                        trunking.trunks.list                            read
POST   /trunking/v1/Trunks                                        trunking.trunks.create                          secret-bearing  # a trunk's domain lets calls bypass Keybrake
GET    /trunking/v1/Trunks/{Sid}                                  trunking.trunks.fetch                           read
POST   /trunking/v1/Trunks/{Sid}                                  trunking.trunks.update                          secret-bearing  # a trunk's domain lets calls bypass Keybrake
DELETE /trunking/v1/Trunks/{Sid}                                  trunking.trunks.remove                          free
GET    /trunking/v1/Trunks/{TrunkSid}/CredentialLists             trunking.trunks.credential_lists.list           read
POST   /trunking/v1/Trunks/{TrunkSid}/CredentialLists             trunking.trunks.credential_lists.create         secret-bearing  # who may send calls through the trunk, which bypasses Keybrake
GET    /trunking/v1/Trunks/{TrunkSid}/CredentialLists/{Sid}       trunking.trunks.credential_lists.fetch          read
DELETE /trunking/v1/Trunks/{TrunkSid}/CredentialLists/{Sid}       trunking.trunks.credential_lists.remove         free
GET    /trunking/v1/Trunks/{TrunkSid}/IpAccessControlLists        trunking.trunks.ip_access_control_lists.list    read
POST   /trunking/v1/Trunks/{TrunkSid}/IpAccessControlLists        trunking.trunks.ip_access_control_lists.create  secret-bearing  # who may send calls through the trunk, which bypasses Keybrake
GET    /trunking/v1/Trunks/{TrunkSid}/IpAccessControlLists/{Sid}  trunking.trunks.ip_access_control_lists.fetch   read
DELETE /trunking/v1/Trunks/{TrunkSid}/IpAccessControlLists/{Sid}  trunking.trunks.ip_access_control_lists.remove  free
GET    /trunking/v1/Trunks/{TrunkSid}/OriginationUrls             trunking.trunks.origination_urls.list           read
POST   /trunking/v1/Trunks/{TrunkSid}/OriginationUrls             trunking.trunks.origination_urls.create         free  # where calls that come in are sent
GET    /trunking/v1/Trunks/{TrunkSid}/OriginationUrls/{Sid}       trunking.trunks.origination_urls.fetch          read
POST   /trunking/v1/Trunks/{TrunkSid}/OriginationUrls/{Sid}       trunking.trunks.origination_urls.update         free  # where calls that come in are sent
DELETE /trunking/v1/Trunks/{TrunkSid}/OriginationUrls/{Sid}       trunking.trunks.origination_urls.remove         free
GET    /trunking/v1/Trunks/{TrunkSid}/PhoneNumbers                trunking.trunks.phone_numbers.list              read
POST   /trunking/v1/Trunks/{TrunkSid}/PhoneNumbers                trunking.trunks.phone_numbers.create            free  # where calls that come in are sent
GET    /trunking/v1/Trunks/{TrunkSid}/PhoneNumbers/{Sid}          trunking.trunks.phone_numbers.fetch             read
DELETE /trunking/v1/Trunks/{TrunkSid}/PhoneNumbers/{Sid}          trunking.trunks.phone_numbers.remove            free
GET    /trunking/v1/Trunks/{TrunkSid}/Recording                   trunking.trunks.recording.fetch                 read
POST   /trunking/v1/Trunks/{TrunkSid}/Recording                   trunking.trunks.recording.update                unbounded usage  # records every call of the trunk from then on

GET    /video/v1/CompositionHooks                                                      video.composition_hooks.list                      read
POST   /video/v1/CompositionHooks                                                      video.composition_hooks.create                    unbounded usage  # composes every room from then on
GET    /video/v1/CompositionHooks/{Sid}                                                video.composition_hooks.fetch                     read
POST   /video/v1/CompositionHooks/{Sid}                                                video.composition_hooks.update                    unbounded usage  # composes every room from then on
DELETE /video/v1/CompositionHooks/{Sid}                                                video.composition_hooks.remove                    free
GET    /video/v1/CompositionSettings/Default                                           video.composition_settings.default.fetch          read
POST   /video/v1/CompositionSettings/Default                                           video.composition_settings.default.create         free  # where and how recordings are stored
GET    /video/v1/Compositions                                                          video.compositions.list                           read
POST   /video/v1/Compositions                                                          video.compositions.create                         unbounded usage  # bills by the minute composed
GET    /video/v1/Compositions/{Sid}                                                    video.compositions.fetch                          read
DELETE /video/v1/Compositions/{Sid}                                                    video.compositions.remove                         free
GET    /video/v1/RecordingSettings/Default                                             video.recording_settings.default.fetch            read
POST   /video/v1/RecordingSettings/Default                                             video.recording_settings.default.create           free  # where and how recordings are stored
GET    /video/v1/Recordings                                                            video.recordings.list                             read
GET    /video/v1/Recordings/{Sid}                                                      video.recordings.fetch                            read
DELETE /video/v1/Recordings/{Sid}                                                      video.recordings.remove                           free
GET    /video/v1/Rooms                                                                 video.rooms.list                                  read
POST   /video/v1/Rooms                                                                 video.rooms.create                                unbounded usage  # bills by the participant and minute, up to 24 hours each
GET    /video/v1/Rooms/{Sid}                                                           video.rooms.fetch                                 read
POST   /video/v1/Rooms/{Sid}                                                           video.rooms.update                                free  # ends it
GET    /video/v1/Rooms/{RoomSid}/Participants                                          video.rooms.participants.list                     read
GET    /video/v1/Rooms/{RoomSid}/Participants/{Sid}                                    video.rooms.participants.fetch                    read
POST   /video/v1/Rooms/{RoomSid}/Participants/{Sid}                                    video.rooms.participants.update                   free
POST   /video/v1/Rooms/{RoomSid}/Participants/{Sid}/Anonymize                          video.rooms.participants.anonymize                free
GET    /video/v1/Rooms/{RoomSid}/Participants/{ParticipantSid}/PublishedTracks         video.rooms.participants.published_tracks.list    read
GET    /video/v1/Rooms/{RoomSid}/Participants/{ParticipantSid}/PublishedTracks/{Sid}   video.rooms.participants.published_tracks.fetch   read
GET    /video/v1/Rooms/{RoomSid}/Participants/{ParticipantSid}/SubscribeRules          video.rooms.participants.subscribe_rules.fetch    read
POST   /video/v1/Rooms/{RoomSid}/Participants/{ParticipantSid}/SubscribeRules          video.rooms.participants.subscribe_rules.update   free
GET    /video/v1/Rooms/{RoomSid}/Participants/{ParticipantSid}/SubscribedTracks        video.rooms.participants.subscribed_tracks.list   read
GET    /video/v1/Rooms/{RoomSid}/Participants/{ParticipantSid}/SubscribedTracks/{Sid}  video.rooms.participants.subscribed_tracks.fetch  read
GET    /video/v1/Rooms/{RoomSid}/RecordingRules                                        video.rooms.recording_rules.fetch                 read
POST   /video/v1/Rooms/{RoomSid}/RecordingRules                                        video.rooms.recording_rules.update                unbounded usage  # starts recording, which bills by the minute and participant
GET    /video/v1/Rooms/{RoomSid}/Recordings                                            video.rooms.recordings.list                       read
GET    /video/v1/Rooms/{RoomSid}/Recordings/{Sid}                                      video.rooms.recordings.fetch                      read
DELETE /video/v1/Rooms/{RoomSid}/Recordings/{Sid}                                      video.rooms.recordings.remove                     free
GET    /video/v1/Rooms/{RoomSid}/Transcriptions                                        video.rooms.transcriptions.list                   read
POST   /video/v1/Rooms/{RoomSid}/Transcriptions                                        video.rooms.transcriptions.create                 unbounded usage  # bills by the minute of an open room
GET    /video/v1/Rooms/{RoomSid}/Transcriptions/{Ttid}                                 video.rooms.transcriptions.fetch                  read
POST   /video/v1/Rooms/{RoomSid}/Transcriptions/{Ttid}                                 video.rooms.transcriptions.update                 unbounded usage  # bills by the minute of an open room

DELETE /voice/v1/Archives/{Date}/Calls/{Sid}                                     voice.archives.calls.remove                                          free
GET    /voice/v1/ByocTrunks                                                      voice.byoc_trunks.list                                               read
POST   /voice/v1/ByocTrunks                                                      voice.byoc_trunks.create                                             secret-bearing  # a trunk lets calls bypass Keybrake
GET    /voice/v1/ByocTrunks/{Sid}                                                voice.byoc_trunks.fetch                                              read
POST   /voice/v1/ByocTrunks/{Sid}                                                voice.byoc_trunks.update                                             secret-bearing  # a trunk lets calls bypass Keybrake
DELETE /voice/v1/ByocTrunks/{Sid}                                                voice.byoc_trunks.remove                                             free
GET    /voice/v1/ConnectionPolicies                                              voice.connection_policies.list                                       read
POST   /voice/v1/ConnectionPolicies                                              voice.connection_policies.create                                     free  # which own carrier takes the calls that a BYOC trunk sends
GET    /voice/v1/ConnectionPolicies/{Sid}                                        voice.connection_policies.fetch                                      read
POST   /voice/v1/ConnectionPolicies/{Sid}                                        voice.connection_policies.update                                     free  # which own carrier takes the calls that a BYOC trunk sends
DELETE /voice/v1/ConnectionPolicies/{Sid}                                        voice.connection_policies.remove                                     free
GET    /voice/v1/ConnectionPolicies/{ConnectionPolicySid}/Targets                voice.connection_policies.targets.list                               read
POST   /voice/v1/ConnectionPolicies/{ConnectionPolicySid}/Targets                voice.connection_policies.targets.create                             free  # which own carrier takes the calls that a BYOC trunk sends
GET    /voice/v1/ConnectionPolicies/{ConnectionPolicySid}/Targets/{Sid}          voice.connection_policies.targets.fetch                              read
POST   /voice/v1/ConnectionPolicies/{ConnectionPolicySid}/Targets/{Sid}          voice.connection_policies.targets.update                             free  # which own carrier takes the calls that a BYOC trunk sends
DELETE /voice/v1/ConnectionPolicies/{ConnectionPolicySid}/Targets/{Sid}          voice.connection_policies.targets.remove                             free
POST   /voice/v1/DialingPermissions/BulkCountryUpdates                           voice.dialing_permissions.bulk_country_updates.create                free  # widens or narrows where calls may go; each one is still counted
GET    /voice/v1/DialingPermissions/Countries                                    voice.dialing_permissions.countries.list                             read
GET    /voice/v1/DialingPermissions/Countries/{IsoCode}                          voice.dialing_permissions.countries.fetch                            read
GET    /voice/v1/DialingPermissions/Countries/{IsoCode}/HighRiskSpecialPrefixes  voice.dialing_permissions.countries.high_risk_special_prefixes.list  read
GET    /voice/v1/IpRecords                                                       voice.ip_records.list                                                read
POST   /voice/v1/IpRecords                                                       voice.ip_records.create                                              secret-bearing  # an address that may send calls bypasses Keybrake
GET    /voice/v1/IpRecords/{Sid}                                                 voice.ip_records.fetch                                               read
POST   /voice/v1/IpRecords/{Sid}                                                 voice.ip_records.update                                              secret-bearing  # an address that may send calls bypasses Keybrake
DELETE /voice/v1/IpRecords/{Sid}                                                 voice.ip_records.remove                                              free
GET    /voice/v1/Settings                                                        voice.settings.fetch                                                 read
POST   /voice/v1/Settings                                                        voice.settings.update                                                free  # widens or narrows where calls may go; each one is still counted
GET    /voice/v1/SourceIpMappings                                                voice.source_ip_mappings.list                                        read
POST   /voice/v1/SourceIpMappings                                                voice.source_ip_mappings.create                                      secret-bearing  # an address that may send calls bypasses Keybrake
GET    /voice/v1/SourceIpMappings/{Sid}                                          voice.source_ip_mappings.fetch                                       read
POST   /voice/v1/SourceIpMappings/{Sid}                                          voice.source_ip_mappings.update                                      secret-bearing  # an address that may send calls bypasses Keybrake
DELETE /voice/v1/SourceIpMappings/{Sid}                                          voice.source_ip_mappings.remove                                      free
GET    /voice/v2/AccountDefaultConfiguration/Recording                           voice.account_default_configuration.recording.fetch                  read
POST   /voice/v2/AccountDefaultConfiguration/Recording                           voice.account_default_configuration.recording.create                 unbounded usage  # switches on recording or transcription for every call from then on
PUT    /voice/v2/AccountDefaultConfiguration/Recording                           voice.account_default_configuration.recording.update                 unbounded usage  # switches on recording or transcription for every call from then on
DELETE /voice/v2/AccountDefaultConfiguration/Recording                           voice.account_default_configuration.recording.remove                 free
GET    /voice/v2/AccountDefaultConfiguration/{Type}                              voice.account_default_configuration.fetch                            read
POST   /voice/v2/AccountDefaultConfiguration/{Type}                              voice.account_default_configuration.create                           unbounded usage  # switches on recording or transcription for every call from then on
PUT    /voice/v2/AccountDefaultConfiguration/{Type}                              voice.account_default_configuration.update                           unbounded usage  # switches on recording or transcription for every call from then on
DELETE /voice/v2/AccountDefaultConfiguration/{Type}                              voice.account_default_configuration.remove                           free
POST   /voice/v2/Configurations/Recording                                        voice.configurations.recording.create                                unbounded usage  # switches on recording or transcription for every call from then on
GET    /voice/v2/Configurations/Recording/{IdOrUniqueName}                       voice.configurations.recording.fetch                                 read
PUT    /voice/v2/Configurations/Recording/{IdOrUniqueName}                       voice.configurations.recording.update                                unbounded usage  # switches on recording or transcription for every call from then on
DELETE /voice/v2/Configurations/Recording/{IdOrUniqueName}                       voice.configurations.recording.remove                                free
POST   /voice/v2/Configurations/Transcription                                    voice.configurations.transcription.create                            unbounded usage  # switches on recording or transcription for every call from then on
GET    /voice/v2/Configurations/Transcription/{IdOrUniqueName}                   voice.configurations.transcription.fetch                             read
PUT    /voice/v2/Configurations/Transcription/{IdOrUniqueName}                   voice.configurations.transcription.update                            unbounded usage  # switches on recording or transcription for every call from then on
DELETE /voice/v2/Configurations/Transcription/{IdOrUniqueName}                   voice.configurations.transcription.remove                            free
POST   /voice/v2/Configurations/{Type}                                           voice.configurations.create                                          unbounded usage  # switches on recording or transcription for every call from then on
GET    /voice/v2/Configurations/{Type}/Default                                   voice.configurations.default.fetch                                   read
POST   /voice/v2/Configurations/{Type}/Default                                   voice.configurations.default.create                                  unbounded usage  # switches on recording or transcription for every call from then on
GET    /voice/v2/Configurations/{Type}/{IdOrUniqueName}                          voice.configurations.fetch                                           read
PUT    /voice/v2/Configurations/{Type}/{IdOrUniqueName}                          voice.configurations.update                                          unbounded usage  # switches on recording or transcription for every call from then on
DELETE /voice/v2/Configurations/{Type}/{IdOrUniqueName}                          voice.configurations.remove                                          free
GET    /voice/v3/Transcriptions                                                  voice.transcriptions.list                                            read
POST   /voice/v3/Transcriptions                                                  voice.transcriptions.create                                          unbounded usage  # bills by the minute of a recording
GET    /voice/v3/Transcriptions/{TranscriptionId}                                voice.transcriptions.fetch                                           read
`;
