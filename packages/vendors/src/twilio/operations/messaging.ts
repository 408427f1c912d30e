/**
 * Operations of the hosts that carry messages and conversations: chat, content, conversations, flex-api, frontline-api, ip-messaging,
 * messaging, notify, proxy. Read by ../operations.ts.
 */
export const MESSAGING_OPERATIONS: string = `
GET    /chat/v1/Credentials                                                  chat.v1.credentials.list          read
POST   /chat/v1/Credentials                                                  chat.v1.credentials.create        free  # stores a push credential, and answers with its name only
GET    /chat/v1/Credentials/{Sid}                                            chat.v1.credentials.fetch         read
POST   /chat/v1/Credentials/{Sid}                                            chat.v1.credentials.update        free  # stores a push credential, and answers with its name only
DELETE /chat/v1/Credentials/{Sid}                                            chat.v1.credentials.remove        free
GET    /chat/v1/Services                                                     chat.v1.services.list             read
POST   /chat/v1/Services                                                     chat.v1.services.create           free
GET    /chat/v1/Services/{Sid}                                               chat.v1.services.fetch            read
POST   /chat/v1/Services/{Sid}                                               chat.v1.services.update           free
DELETE /chat/v1/Services/{Sid}                                               chat.v1.services.remove           free
GET    /chat/v1/Services/{ServiceSid}/Channels                               chat.v1.channels.list             read
POST   /chat/v1/Services/{ServiceSid}/Channels                               chat.v1.channels.create           free
GET    /chat/v1/Services/{ServiceSid}/Channels/{Sid}                         chat.v1.channels.fetch            read
POST   /chat/v1/Services/{ServiceSid}/Channels/{Sid}                         chat.v1.channels.update           free
DELETE /chat/v1/Services/{ServiceSid}/Channels/{Sid}                         chat.v1.channels.remove           free
GET    /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Invites          chat.v1.channels.invites.list     read
POST   /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Invites          chat.v1.channels.invites.create   free
GET    /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Invites/{Sid}    chat.v1.channels.invites.fetch    read
DELETE /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Invites/{Sid}    chat.v1.channels.invites.remove   free
GET    /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Members          chat.v1.channels.members.list     read
POST   /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Members          chat.v1.channels.members.create   free
GET    /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    chat.v1.channels.members.fetch    read
POST   /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    chat.v1.channels.members.update   free
DELETE /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    chat.v1.channels.members.remove   free
GET    /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Messages         chat.v1.channels.messages.list    read
POST   /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Messages         chat.v1.channels.messages.create  unbounded usage  # counts active users, and a channel may be bound to SMS
GET    /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   chat.v1.channels.messages.fetch   read
POST   /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   chat.v1.channels.messages.update  free
DELETE /chat/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   chat.v1.channels.messages.remove  free
GET    /chat/v1/Services/{ServiceSid}/Roles                                  chat.v1.roles.list                read
POST   /chat/v1/Services/{ServiceSid}/Roles                                  chat.v1.roles.create              free
GET    /chat/v1/Services/{ServiceSid}/Roles/{Sid}                            chat.v1.roles.fetch               read
POST   /chat/v1/Services/{ServiceSid}/Roles/{Sid}                            chat.v1.roles.update              free
DELETE /chat/v1/Services/{ServiceSid}/Roles/{Sid}                            chat.v1.roles.remove              free
GET    /chat/v1/Services/{ServiceSid}/Users                                  chat.v1.users.list                read
POST   /chat/v1/Services/{ServiceSid}/Users                                  chat.v1.users.create              free
GET    /chat/v1/Services/{ServiceSid}/Users/{Sid}                            chat.v1.users.fetch               read
POST   /chat/v1/Services/{ServiceSid}/Users/{Sid}                            chat.v1.users.update              free
DELETE /chat/v1/Services/{ServiceSid}/Users/{Sid}                            chat.v1.users.remove              free
GET    /chat/v1/Services/{ServiceSid}/Users/{UserSid}/Channels               chat.v1.users.channels.list       read
GET    /chat/v2/Credentials                                                  chat.credentials.list             read
POST   /chat/v2/Credentials                                                  chat.credentials.create           free  # stores a push credential, and answers with its name only
GET    /chat/v2/Credentials/{Sid}                                            chat.credentials.fetch            read
POST   /chat/v2/Credentials/{Sid}                                            chat.credentials.update           free  # stores a push credential, and answers with its name only
DELETE /chat/v2/Credentials/{Sid}                                            chat.credentials.remove           free
GET    /chat/v2/Services                                                     chat.services.list                read
POST   /chat/v2/Services                                                     chat.services.create              free
GET    /chat/v2/Services/{Sid}                                               chat.services.fetch               read
POST   /chat/v2/Services/{Sid}                                               chat.services.update              free
DELETE /chat/v2/Services/{Sid}                                               chat.services.remove              free
GET    /chat/v2/Services/{ServiceSid}/Bindings                               chat.bindings.list                read
GET    /chat/v2/Services/{ServiceSid}/Bindings/{Sid}                         chat.bindings.fetch               read
DELETE /chat/v2/Services/{ServiceSid}/Bindings/{Sid}                         chat.bindings.remove              free
GET    /chat/v2/Services/{ServiceSid}/Channels                               chat.v2.channels.list             read
POST   /chat/v2/Services/{ServiceSid}/Channels                               chat.v2.channels.create           free
GET    /chat/v2/Services/{ServiceSid}/Channels/{Sid}                         chat.v2.channels.fetch            read
POST   /chat/v2/Services/{ServiceSid}/Channels/{Sid}                         chat.v2.channels.update           free
DELETE /chat/v2/Services/{ServiceSid}/Channels/{Sid}                         chat.v2.channels.remove           free
GET    /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Invites          chat.v2.channels.invites.list     read
POST   /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Invites          chat.v2.channels.invites.create   free
GET    /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Invites/{Sid}    chat.v2.channels.invites.fetch    read
DELETE /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Invites/{Sid}    chat.v2.channels.invites.remove   free
GET    /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Members          chat.v2.channels.members.list     read
POST   /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Members          chat.v2.channels.members.create   free
GET    /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    chat.v2.channels.members.fetch    read
POST   /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    chat.v2.channels.members.update   free
DELETE /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    chat.v2.channels.members.remove   free
GET    /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Messages         chat.v2.channels.messages.list    read
POST   /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Messages         chat.v2.channels.messages.create  unbounded usage  # counts active users, and a channel may be bound to SMS
GET    /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   chat.v2.channels.messages.fetch   read
POST   /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   chat.v2.channels.messages.update  free
DELETE /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   chat.v2.channels.messages.remove  free
GET    /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks         chat.v2.channels.webhooks.list    read
POST   /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks         chat.v2.channels.webhooks.create  unbounded usage  # of the kind studio, it starts a flow for every message
GET    /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks/{Sid}   chat.v2.channels.webhooks.fetch   read
POST   /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks/{Sid}   chat.v2.channels.webhooks.update  unbounded usage  # of the kind studio, it starts a flow for every message
DELETE /chat/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks/{Sid}   chat.v2.channels.webhooks.remove  free
GET    /chat/v2/Services/{ServiceSid}/Roles                                  chat.roles.list                   read
POST   /chat/v2/Services/{ServiceSid}/Roles                                  chat.roles.create                 free
GET    /chat/v2/Services/{ServiceSid}/Roles/{Sid}                            chat.roles.fetch                  read
POST   /chat/v2/Services/{ServiceSid}/Roles/{Sid}                            chat.roles.update                 free
DELETE /chat/v2/Services/{ServiceSid}/Roles/{Sid}                            chat.roles.remove                 free
GET    /chat/v2/Services/{ServiceSid}/Users                                  chat.users.list                   read
POST   /chat/v2/Services/{ServiceSid}/Users                                  chat.users.create                 free
GET    /chat/v2/Services/{ServiceSid}/Users/{Sid}                            chat.users.fetch                  read
POST   /chat/v2/Services/{ServiceSid}/Users/{Sid}                            chat.users.update                 free
DELETE /chat/v2/Services/{ServiceSid}/Users/{Sid}                            chat.users.remove                 free
GET    /chat/v2/Services/{ServiceSid}/Users/{UserSid}/Bindings               chat.users.bindings.list          read
GET    /chat/v2/Services/{ServiceSid}/Users/{UserSid}/Bindings/{Sid}         chat.users.bindings.fetch         read
DELETE /chat/v2/Services/{ServiceSid}/Users/{UserSid}/Bindings/{Sid}         chat.users.bindings.remove        free
GET    /chat/v2/Services/{ServiceSid}/Users/{UserSid}/Channels               chat.users.channels.list          read
GET    /chat/v2/Services/{ServiceSid}/Users/{UserSid}/Channels/{ChannelSid}  chat.users.channels.fetch         read
POST   /chat/v2/Services/{ServiceSid}/Users/{UserSid}/Channels/{ChannelSid}  chat.users.channels.update        free
DELETE /chat/v2/Services/{ServiceSid}/Users/{UserSid}/Channels/{ChannelSid}  chat.users.channels.remove        free
POST   /chat/v3/Services/{ServiceSid}/Channels/{Sid}                         chat.channels.update              unbounded usage  # binds the channel to a messaging service, which sends for every message

GET    /content/v1/Content                                         content.v1.content.list                               read
POST   /content/v1/Content                                         content.v1.content.create                             free  # a template sends nothing by itself
GET    /content/v1/Content/{Sid}                                   content.v1.content.fetch                              read
PUT    /content/v1/Content/{Sid}                                   content.v1.content.update                             free  # a template sends nothing by itself
DELETE /content/v1/Content/{Sid}                                   content.v1.content.remove                             free
GET    /content/v1/Content/{Sid}/ApprovalRequests                  content.v1.content.approval_requests.fetch            read
POST   /content/v1/Content/{ContentSid}/ApprovalRequests/whatsapp  content.v1.content.approval_requests.whatsapp.create  free  # a template sends nothing by itself
GET    /content/v1/ContentAndApprovals                             content.v1.content_and_approvals.list                 read
GET    /content/v1/LegacyContent                                   content.legacy_content.list                           read
GET    /content/v2/Content                                         content.content.list                                  read
GET    /content/v2/ContentAndApprovals                             content.content_and_approvals.list                    read

GET    /conversations/v1/Configuration                                                                                   conversations.configuration.fetch                             read
POST   /conversations/v1/Configuration                                                                                   conversations.configuration.update                            free
GET    /conversations/v1/Configuration/Addresses                                                                         conversations.configuration.addresses.list                    read
POST   /conversations/v1/Configuration/Addresses                                                                         conversations.configuration.addresses.create                  unbounded usage  # can start a Studio flow for every message that comes in
GET    /conversations/v1/Configuration/Addresses/{Sid}                                                                   conversations.configuration.addresses.fetch                   read
POST   /conversations/v1/Configuration/Addresses/{Sid}                                                                   conversations.configuration.addresses.update                  unbounded usage  # can start a Studio flow for every message that comes in
DELETE /conversations/v1/Configuration/Addresses/{Sid}                                                                   conversations.configuration.addresses.remove                  free
GET    /conversations/v1/Configuration/Webhooks                                                                          conversations.configuration.webhooks.fetch                    read
POST   /conversations/v1/Configuration/Webhooks                                                                          conversations.configuration.webhooks.update                   free
POST   /conversations/v1/ConversationWithParticipants                                                                    conversations.conversation_with_participants.create           unbounded usage  # its participants get every message from then on
GET    /conversations/v1/Conversations                                                                                   conversations.v1.conversations.list                           read
POST   /conversations/v1/Conversations                                                                                   conversations.v1.conversations.create                         free
GET    /conversations/v1/Conversations/{Sid}                                                                             conversations.v1.conversations.fetch                          read
POST   /conversations/v1/Conversations/{Sid}                                                                             conversations.v1.conversations.update                         free
DELETE /conversations/v1/Conversations/{Sid}                                                                             conversations.v1.conversations.remove                         free
GET    /conversations/v1/Conversations/{ConversationSid}/Messages                                                        conversations.v1.conversations.messages.list                  read
POST   /conversations/v1/Conversations/{ConversationSid}/Messages                                                        conversations.v1.conversations.messages.create                unbounded usage  # one send for every participant, and active users by the month
GET    /conversations/v1/Conversations/{ConversationSid}/Messages/{Sid}                                                  conversations.v1.conversations.messages.fetch                 read
POST   /conversations/v1/Conversations/{ConversationSid}/Messages/{Sid}                                                  conversations.v1.conversations.messages.update                free  # changes what is stored; sends nothing
DELETE /conversations/v1/Conversations/{ConversationSid}/Messages/{Sid}                                                  conversations.v1.conversations.messages.remove                free
GET    /conversations/v1/Conversations/{ConversationSid}/Messages/{MessageSid}/Receipts                                  conversations.v1.conversations.messages.receipts.list         read
GET    /conversations/v1/Conversations/{ConversationSid}/Messages/{MessageSid}/Receipts/{Sid}                            conversations.v1.conversations.messages.receipts.fetch        read
GET    /conversations/v1/Conversations/{ConversationSid}/Participants                                                    conversations.v1.conversations.participants.list              read
POST   /conversations/v1/Conversations/{ConversationSid}/Participants                                                    conversations.v1.conversations.participants.create            unbounded usage  # gets every message from then on, those from outside too
GET    /conversations/v1/Conversations/{ConversationSid}/Participants/{Sid}                                              conversations.v1.conversations.participants.fetch             read
POST   /conversations/v1/Conversations/{ConversationSid}/Participants/{Sid}                                              conversations.v1.conversations.participants.update            free
DELETE /conversations/v1/Conversations/{ConversationSid}/Participants/{Sid}                                              conversations.v1.conversations.participants.remove            free
GET    /conversations/v1/Conversations/{ConversationSid}/Webhooks                                                        conversations.v1.conversations.webhooks.list                  read
POST   /conversations/v1/Conversations/{ConversationSid}/Webhooks                                                        conversations.v1.conversations.webhooks.create                unbounded usage  # of the kind studio, it starts a flow for every message
GET    /conversations/v1/Conversations/{ConversationSid}/Webhooks/{Sid}                                                  conversations.v1.conversations.webhooks.fetch                 read
POST   /conversations/v1/Conversations/{ConversationSid}/Webhooks/{Sid}                                                  conversations.v1.conversations.webhooks.update                unbounded usage  # of the kind studio, it starts a flow for every message
DELETE /conversations/v1/Conversations/{ConversationSid}/Webhooks/{Sid}                                                  conversations.v1.conversations.webhooks.remove                free
GET    /conversations/v1/Credentials                                                                                     conversations.credentials.list                                read
POST   /conversations/v1/Credentials                                                                                     conversations.credentials.create                              free  # stores a push credential, and answers with its name only
GET    /conversations/v1/Credentials/{Sid}                                                                               conversations.credentials.fetch                               read
POST   /conversations/v1/Credentials/{Sid}                                                                               conversations.credentials.update                              free  # stores a push credential, and answers with its name only
DELETE /conversations/v1/Credentials/{Sid}                                                                               conversations.credentials.remove                              free
GET    /conversations/v1/ParticipantConversations                                                                        conversations.participant_conversations.list                  read
GET    /conversations/v1/Roles                                                                                           conversations.roles.list                                      read
POST   /conversations/v1/Roles                                                                                           conversations.roles.create                                    free
GET    /conversations/v1/Roles/{Sid}                                                                                     conversations.roles.fetch                                     read
POST   /conversations/v1/Roles/{Sid}                                                                                     conversations.roles.update                                    free
DELETE /conversations/v1/Roles/{Sid}                                                                                     conversations.roles.remove                                    free
GET    /conversations/v1/Services                                                                                        conversations.services.list                                   read
POST   /conversations/v1/Services                                                                                        conversations.services.create                                 free
GET    /conversations/v1/Services/{Sid}                                                                                  conversations.services.fetch                                  read
DELETE /conversations/v1/Services/{Sid}                                                                                  conversations.services.remove                                 free
GET    /conversations/v1/Services/{ChatServiceSid}/Bindings                                                              conversations.bindings.list                                   read
GET    /conversations/v1/Services/{ChatServiceSid}/Bindings/{Sid}                                                        conversations.bindings.fetch                                  read
DELETE /conversations/v1/Services/{ChatServiceSid}/Bindings/{Sid}                                                        conversations.bindings.remove                                 free
GET    /conversations/v1/Services/{ChatServiceSid}/Configuration                                                         conversations.services.configuration.fetch                    read
POST   /conversations/v1/Services/{ChatServiceSid}/Configuration                                                         conversations.services.configuration.update                   free
GET    /conversations/v1/Services/{ChatServiceSid}/Configuration/Notifications                                           conversations.services.configuration.notifications.fetch      read
POST   /conversations/v1/Services/{ChatServiceSid}/Configuration/Notifications                                           conversations.services.configuration.notifications.update     free
GET    /conversations/v1/Services/{ChatServiceSid}/Configuration/Webhooks                                                conversations.services.configuration.webhooks.fetch           read
POST   /conversations/v1/Services/{ChatServiceSid}/Configuration/Webhooks                                                conversations.services.configuration.webhooks.update          free
POST   /conversations/v1/Services/{ChatServiceSid}/ConversationWithParticipants                                          conversations.services.conversation_with_participants.create  unbounded usage  # its participants get every message from then on
GET    /conversations/v1/Services/{ChatServiceSid}/Conversations                                                         conversations.services.conversations.list                     read
POST   /conversations/v1/Services/{ChatServiceSid}/Conversations                                                         conversations.services.conversations.create                   free
GET    /conversations/v1/Services/{ChatServiceSid}/Conversations/{Sid}                                                   conversations.services.conversations.fetch                    read
POST   /conversations/v1/Services/{ChatServiceSid}/Conversations/{Sid}                                                   conversations.services.conversations.update                   free
DELETE /conversations/v1/Services/{ChatServiceSid}/Conversations/{Sid}                                                   conversations.services.conversations.remove                   free
GET    /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Messages                              conversations.services.conversations.messages.list            read
POST   /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Messages                              conversations.services.conversations.messages.create          unbounded usage  # one send for every participant, and active users by the month
GET    /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Messages/{Sid}                        conversations.services.conversations.messages.fetch           read
POST   /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Messages/{Sid}                        conversations.services.conversations.messages.update          free  # changes what is stored; sends nothing
DELETE /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Messages/{Sid}                        conversations.services.conversations.messages.remove          free
GET    /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Messages/{MessageSid}/Receipts        conversations.services.conversations.messages.receipts.list   read
GET    /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Messages/{MessageSid}/Receipts/{Sid}  conversations.services.conversations.messages.receipts.fetch  read
GET    /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Participants                          conversations.services.conversations.participants.list        read
POST   /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Participants                          conversations.services.conversations.participants.create      unbounded usage  # gets every message from then on, those from outside too
GET    /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Participants/{Sid}                    conversations.services.conversations.participants.fetch       read
POST   /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Participants/{Sid}                    conversations.services.conversations.participants.update      free
DELETE /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Participants/{Sid}                    conversations.services.conversations.participants.remove      free
GET    /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Webhooks                              conversations.services.conversations.webhooks.list            read
POST   /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Webhooks                              conversations.services.conversations.webhooks.create          unbounded usage  # of the kind studio, it starts a flow for every message
GET    /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Webhooks/{Sid}                        conversations.services.conversations.webhooks.fetch           read
POST   /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Webhooks/{Sid}                        conversations.services.conversations.webhooks.update          unbounded usage  # of the kind studio, it starts a flow for every message
DELETE /conversations/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Webhooks/{Sid}                        conversations.services.conversations.webhooks.remove          free
GET    /conversations/v1/Services/{ChatServiceSid}/ParticipantConversations                                              conversations.services.participant_conversations.list         read
GET    /conversations/v1/Services/{ChatServiceSid}/Roles                                                                 conversations.services.roles.list                             read
POST   /conversations/v1/Services/{ChatServiceSid}/Roles                                                                 conversations.services.roles.create                           free
GET    /conversations/v1/Services/{ChatServiceSid}/Roles/{Sid}                                                           conversations.services.roles.fetch                            read
POST   /conversations/v1/Services/{ChatServiceSid}/Roles/{Sid}                                                           conversations.services.roles.update                           free
DELETE /conversations/v1/Services/{ChatServiceSid}/Roles/{Sid}                                                           conversations.services.roles.remove                           free
GET    /conversations/v1/Services/{ChatServiceSid}/Users                                                                 conversations.services.users.list                             read
POST   /conversations/v1/Services/{ChatServiceSid}/Users                                                                 conversations.services.users.create                           free
GET    /conversations/v1/Services/{ChatServiceSid}/Users/{Sid}                                                           conversations.services.users.fetch                            read
POST   /conversations/v1/Services/{ChatServiceSid}/Users/{Sid}                                                           conversations.services.users.update                           free
DELETE /conversations/v1/Services/{ChatServiceSid}/Users/{Sid}                                                           conversations.services.users.remove                           free
GET    /conversations/v1/Services/{ChatServiceSid}/Users/{UserSid}/Conversations                                         conversations.services.users.conversations.list               read
GET    /conversations/v1/Services/{ChatServiceSid}/Users/{UserSid}/Conversations/{ConversationSid}                       conversations.services.users.conversations.fetch              read
POST   /conversations/v1/Services/{ChatServiceSid}/Users/{UserSid}/Conversations/{ConversationSid}                       conversations.services.users.conversations.update             free
DELETE /conversations/v1/Services/{ChatServiceSid}/Users/{UserSid}/Conversations/{ConversationSid}                       conversations.services.users.conversations.remove             free
GET    /conversations/v1/Users                                                                                           conversations.users.list                                      read
POST   /conversations/v1/Users                                                                                           conversations.users.create                                    free
GET    /conversations/v1/Users/{Sid}                                                                                     conversations.users.fetch                                     read
POST   /conversations/v1/Users/{Sid}                                                                                     conversations.users.update                                    free
DELETE /conversations/v1/Users/{Sid}                                                                                     conversations.users.remove                                    free
GET    /conversations/v1/Users/{UserSid}/Conversations                                                                   conversations.users.conversations.list                        read
GET    /conversations/v1/Users/{UserSid}/Conversations/{ConversationSid}                                                 conversations.users.conversations.fetch                       read
POST   /conversations/v1/Users/{UserSid}/Conversations/{ConversationSid}                                                 conversations.users.conversations.update                      free
DELETE /conversations/v1/Users/{UserSid}/Conversations/{ConversationSid}                                                 conversations.users.conversations.remove                      free
GET    /conversations/v2/ControlPlane/Configurations                                                                     conversations.configurations.list                             read
POST   /conversations/v2/ControlPlane/Configurations                                                                     conversations.configurations.create                           unbounded usage  # switches on transcription, memory and intelligence, which bill
GET    /conversations/v2/ControlPlane/Configurations/{Id}                                                                conversations.configurations.fetch                            read
PUT    /conversations/v2/ControlPlane/Configurations/{Id}                                                                conversations.configurations.update                           unbounded usage  # switches on transcription, memory and intelligence, which bill
PATCH  /conversations/v2/ControlPlane/Configurations/{Id}                                                                conversations.configurations.patch                            unbounded usage  # switches on transcription, memory and intelligence, which bill
DELETE /conversations/v2/ControlPlane/Configurations/{Id}                                                                conversations.configurations.remove                           free
GET    /conversations/v2/ControlPlane/Operations/{Id}                                                                    conversations.operations.fetch                                read
GET    /conversations/v2/Conversations                                                                                   conversations.conversations.list                              read
POST   /conversations/v2/Conversations                                                                                   conversations.conversations.create                            unbounded usage  # its price is not published in the API
GET    /conversations/v2/Conversations/{Id}                                                                              conversations.conversations.fetch                             read
PUT    /conversations/v2/Conversations/{Id}                                                                              conversations.conversations.update                            unbounded usage  # its price is not published in the API
PATCH  /conversations/v2/Conversations/{Id}                                                                              conversations.conversations.patch                             unbounded usage  # its price is not published in the API
DELETE /conversations/v2/Conversations/{Id}                                                                              conversations.conversations.remove                            free
POST   /conversations/v2/Conversations/{ConversationId}/Actions                                                          conversations.conversations.actions.create                    unbounded usage  # SEND_MESSAGE and START_FLOW
GET    /conversations/v2/Conversations/{ConversationId}/Actions/{ActionId}                                               conversations.conversations.actions.fetch                     read
GET    /conversations/v2/Conversations/{ConversationId}/Communications                                                   conversations.conversations.communications.list               read
POST   /conversations/v2/Conversations/{ConversationId}/Communications                                                   conversations.conversations.communications.create             unbounded usage  # its price is not published in the API
GET    /conversations/v2/Conversations/{ConversationId}/Communications/{Id}                                              conversations.conversations.communications.fetch              read
GET    /conversations/v2/Conversations/{ConversationId}/Participants                                                     conversations.conversations.participants.list                 read
POST   /conversations/v2/Conversations/{ConversationId}/Participants                                                     conversations.conversations.participants.create               unbounded usage  # its price is not published in the API
GET    /conversations/v2/Conversations/{ConversationId}/Participants/{Id}                                                conversations.conversations.participants.fetch                read
PUT    /conversations/v2/Conversations/{ConversationId}/Participants/{Id}                                                conversations.conversations.participants.update               unbounded usage  # its price is not published in the API

GET    /flex-api/v1/Channels                                                                flex_api.channels.list                                            read
POST   /flex-api/v1/Channels                                                                flex_api.channels.create                                          unbounded usage  # opens a chat that can be bound to SMS, and a task
GET    /flex-api/v1/Channels/{Sid}                                                          flex_api.channels.fetch                                           read
DELETE /flex-api/v1/Channels/{Sid}                                                          flex_api.channels.remove                                          free
GET    /flex-api/v1/Configuration                                                           flex_api.configuration.fetch                                      read
POST   /flex-api/v1/Configuration                                                           flex_api.configuration.update                                     unbounded usage  # switches on call recording and paid features
GET    /flex-api/v1/FlexFlows                                                               flex_api.flex_flows.list                                          read
POST   /flex-api/v1/FlexFlows                                                               flex_api.flex_flows.create                                        unbounded usage  # starts a flow or a task for every message that comes in
GET    /flex-api/v1/FlexFlows/{Sid}                                                         flex_api.flex_flows.fetch                                         read
POST   /flex-api/v1/FlexFlows/{Sid}                                                         flex_api.flex_flows.update                                        unbounded usage  # starts a flow or a task for every message that comes in
DELETE /flex-api/v1/FlexFlows/{Sid}                                                         flex_api.flex_flows.remove                                        free
GET    /flex-api/v1/Insights/Conversations                                                  flex_api.insights.conversations.list                              read
GET    /flex-api/v1/Insights/QualityManagement/Assessments                                  flex_api.insights.quality_management.assessments.list             read
POST   /flex-api/v1/Insights/QualityManagement/Assessments                                  flex_api.insights.quality_management.assessments.create           free
GET    /flex-api/v1/Insights/QualityManagement/Assessments/Comments                         flex_api.insights.quality_management.assessments.comments.list    read
POST   /flex-api/v1/Insights/QualityManagement/Assessments/Comments                         flex_api.insights.quality_management.assessments.comments.create  free
POST   /flex-api/v1/Insights/QualityManagement/Assessments/{AssessmentSid}                  flex_api.insights.quality_management.assessments.update           free
GET    /flex-api/v1/Insights/QualityManagement/Categories                                   flex_api.insights.quality_management.categories.list              read
POST   /flex-api/v1/Insights/QualityManagement/Categories                                   flex_api.insights.quality_management.categories.create            free
POST   /flex-api/v1/Insights/QualityManagement/Categories/{CategorySid}                     flex_api.insights.quality_management.categories.update            free
DELETE /flex-api/v1/Insights/QualityManagement/Categories/{CategorySid}                     flex_api.insights.quality_management.categories.remove            free
GET    /flex-api/v1/Insights/QualityManagement/Questionnaires                               flex_api.insights.quality_management.questionnaires.list          read
POST   /flex-api/v1/Insights/QualityManagement/Questionnaires                               flex_api.insights.quality_management.questionnaires.create        free
GET    /flex-api/v1/Insights/QualityManagement/Questionnaires/{QuestionnaireSid}            flex_api.insights.quality_management.questionnaires.fetch         read
POST   /flex-api/v1/Insights/QualityManagement/Questionnaires/{QuestionnaireSid}            flex_api.insights.quality_management.questionnaires.update        free
DELETE /flex-api/v1/Insights/QualityManagement/Questionnaires/{QuestionnaireSid}            flex_api.insights.quality_management.questionnaires.remove        free
GET    /flex-api/v1/Insights/QualityManagement/Questions                                    flex_api.insights.quality_management.questions.list               read
POST   /flex-api/v1/Insights/QualityManagement/Questions                                    flex_api.insights.quality_management.questions.create             free
POST   /flex-api/v1/Insights/QualityManagement/Questions/{QuestionSid}                      flex_api.insights.quality_management.questions.update             free
DELETE /flex-api/v1/Insights/QualityManagement/Questions/{QuestionSid}                      flex_api.insights.quality_management.questions.remove             free
GET    /flex-api/v1/Insights/QualityManagement/Settings/AnswerSets                          flex_api.insights.quality_management.settings.answer_sets.fetch   read
GET    /flex-api/v1/Insights/QualityManagement/Settings/CommentTags                         flex_api.insights.quality_management.settings.comment_tags.fetch  read
GET    /flex-api/v1/Insights/Segments                                                       flex_api.insights.segments.list                                   read
POST   /flex-api/v1/Insights/Session                                                        flex_api.insights.session.create                                  secret-bearing  # hands out a session of the analytics workspace
GET    /flex-api/v1/Insights/UserRoles                                                      flex_api.insights.user_roles.fetch                                read
POST   /flex-api/v1/Interactions                                                            flex_api.interactions.create                                      unbounded usage  # starts a conversation with outbound messages and a task
GET    /flex-api/v1/Interactions/{Sid}                                                      flex_api.interactions.fetch                                       read
POST   /flex-api/v1/Interactions/{Sid}                                                      flex_api.interactions.update                                      free
GET    /flex-api/v1/Interactions/{InteractionSid}/Channels                                  flex_api.interactions.channels.list                               read
GET    /flex-api/v1/Interactions/{InteractionSid}/Channels/{Sid}                            flex_api.interactions.channels.fetch                              read
POST   /flex-api/v1/Interactions/{InteractionSid}/Channels/{Sid}                            flex_api.interactions.channels.update                             free  # closes it
GET    /flex-api/v1/Interactions/{InteractionSid}/Channels/{ChannelSid}/Invites             flex_api.interactions.channels.invites.list                       read
POST   /flex-api/v1/Interactions/{InteractionSid}/Channels/{ChannelSid}/Invites             flex_api.interactions.channels.invites.create                     unbounded usage  # routes tasks and adds participants who get messages
GET    /flex-api/v1/Interactions/{InteractionSid}/Channels/{ChannelSid}/Participants        flex_api.interactions.channels.participants.list                  read
POST   /flex-api/v1/Interactions/{InteractionSid}/Channels/{ChannelSid}/Participants        flex_api.interactions.channels.participants.create                unbounded usage  # routes tasks and adds participants who get messages
POST   /flex-api/v1/Interactions/{InteractionSid}/Channels/{ChannelSid}/Participants/{Sid}  flex_api.interactions.channels.participants.update                free
POST   /flex-api/v1/Interactions/{InteractionSid}/Channels/{ChannelSid}/Transfers           flex_api.interactions.channels.transfers.create                   unbounded usage  # routes tasks and adds participants who get messages
GET    /flex-api/v1/Interactions/{InteractionSid}/Channels/{ChannelSid}/Transfers/{Sid}     flex_api.interactions.channels.transfers.fetch                    read
POST   /flex-api/v1/Interactions/{InteractionSid}/Channels/{ChannelSid}/Transfers/{Sid}     flex_api.interactions.channels.transfers.update                   free
GET    /flex-api/v1/PluginService/Configurations                                            flex_api.plugin_service.configurations.list                       read
POST   /flex-api/v1/PluginService/Configurations                                            flex_api.plugin_service.configurations.create                     free  # runs nowhere until it is released
GET    /flex-api/v1/PluginService/Configurations/{Sid}                                      flex_api.plugin_service.configurations.fetch                      read
POST   /flex-api/v1/PluginService/Configurations/{Sid}/Archive                              flex_api.plugin_service.configurations.archive                    free  # runs nowhere until it is released
GET    /flex-api/v1/PluginService/Configurations/{ConfigurationSid}/Plugins                 flex_api.plugin_service.configurations.plugins.list               read
GET    /flex-api/v1/PluginService/Configurations/{ConfigurationSid}/Plugins/{PluginSid}     flex_api.plugin_service.configurations.plugins.fetch              read
GET    /flex-api/v1/PluginService/Plugins                                                   flex_api.plugin_service.plugins.list                              read
POST   /flex-api/v1/PluginService/Plugins                                                   flex_api.plugin_service.plugins.create                            free  # runs nowhere until it is released
GET    /flex-api/v1/PluginService/Plugins/{Sid}                                             flex_api.plugin_service.plugins.fetch                             read
POST   /flex-api/v1/PluginService/Plugins/{Sid}                                             flex_api.plugin_service.plugins.update                            free  # runs nowhere until it is released
POST   /flex-api/v1/PluginService/Plugins/{Sid}/Archive                                     flex_api.plugin_service.plugins.archive                           free  # runs nowhere until it is released
GET    /flex-api/v1/PluginService/Plugins/{PluginSid}/Versions                              flex_api.plugin_service.plugins.versions.list                     read
POST   /flex-api/v1/PluginService/Plugins/{PluginSid}/Versions                              flex_api.plugin_service.plugins.versions.create                   free  # runs nowhere until it is released
GET    /flex-api/v1/PluginService/Plugins/{PluginSid}/Versions/{Sid}                        flex_api.plugin_service.plugins.versions.fetch                    read
POST   /flex-api/v1/PluginService/Plugins/{PluginSid}/Versions/{Sid}/Archive                flex_api.plugin_service.plugins.versions.archive                  free  # runs nowhere until it is released
GET    /flex-api/v1/PluginService/Releases                                                  flex_api.plugin_service.releases.list                             read
POST   /flex-api/v1/PluginService/Releases                                                  flex_api.plugin_service.releases.create                           secret-bearing  # puts code into the agents' signed-in browsers
GET    /flex-api/v1/PluginService/Releases/{Sid}                                            flex_api.plugin_service.releases.fetch                            read
GET    /flex-api/v1/WebChannels                                                             flex_api.web_channels.list                                        read
POST   /flex-api/v1/WebChannels                                                             flex_api.web_channels.create                                      unbounded usage  # opens a chat and runs its flow
GET    /flex-api/v1/WebChannels/{Sid}                                                       flex_api.web_channels.fetch                                       read
POST   /flex-api/v1/WebChannels/{Sid}                                                       flex_api.web_channels.update                                      unbounded usage  # opens a chat and runs its flow
DELETE /flex-api/v1/WebChannels/{Sid}                                                       flex_api.web_channels.remove                                      free
GET    /flex-api/v1/account/provision/status                                                flex_api.account.provision.status.fetch                           read
GET    /flex-api/v2/Instances/{InstanceSid}/Users/{FlexUserSid}                             flex_api.instances.users.fetch                                    read
POST   /flex-api/v2/Instances/{InstanceSid}/Users/{FlexUserSid}                             flex_api.instances.users.update                                   free
POST   /flex-api/v2/WebChats                                                                flex_api.web_chats.create                                         unbounded usage  # opens a conversation, whose users are billed

GET    /frontline-api/v1/Users/{Sid}  frontline_api.users.fetch   read
POST   /frontline-api/v1/Users/{Sid}  frontline_api.users.update  free

GET    /ip-messaging/v1/Credentials                                                  ip_messaging.v1.credentials.list          read
POST   /ip-messaging/v1/Credentials                                                  ip_messaging.v1.credentials.create        free  # stores a push credential, and answers with its name only
GET    /ip-messaging/v1/Credentials/{Sid}                                            ip_messaging.v1.credentials.fetch         read
POST   /ip-messaging/v1/Credentials/{Sid}                                            ip_messaging.v1.credentials.update        free  # stores a push credential, and answers with its name only
DELETE /ip-messaging/v1/Credentials/{Sid}                                            ip_messaging.v1.credentials.remove        free
GET    /ip-messaging/v1/Services                                                     ip_messaging.v1.services.list             read
POST   /ip-messaging/v1/Services                                                     ip_messaging.v1.services.create           free
GET    /ip-messaging/v1/Services/{Sid}                                               ip_messaging.v1.services.fetch            read
POST   /ip-messaging/v1/Services/{Sid}                                               ip_messaging.v1.services.update           free
DELETE /ip-messaging/v1/Services/{Sid}                                               ip_messaging.v1.services.remove           free
GET    /ip-messaging/v1/Services/{ServiceSid}/Channels                               ip_messaging.v1.channels.list             read
POST   /ip-messaging/v1/Services/{ServiceSid}/Channels                               ip_messaging.v1.channels.create           free
GET    /ip-messaging/v1/Services/{ServiceSid}/Channels/{Sid}                         ip_messaging.v1.channels.fetch            read
POST   /ip-messaging/v1/Services/{ServiceSid}/Channels/{Sid}                         ip_messaging.v1.channels.update           free
DELETE /ip-messaging/v1/Services/{ServiceSid}/Channels/{Sid}                         ip_messaging.v1.channels.remove           free
GET    /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Invites          ip_messaging.v1.channels.invites.list     read
POST   /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Invites          ip_messaging.v1.channels.invites.create   free
GET    /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Invites/{Sid}    ip_messaging.v1.channels.invites.fetch    read
DELETE /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Invites/{Sid}    ip_messaging.v1.channels.invites.remove   free
GET    /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Members          ip_messaging.v1.channels.members.list     read
POST   /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Members          ip_messaging.v1.channels.members.create   free
GET    /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    ip_messaging.v1.channels.members.fetch    read
POST   /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    ip_messaging.v1.channels.members.update   free
DELETE /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    ip_messaging.v1.channels.members.remove   free
GET    /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Messages         ip_messaging.v1.channels.messages.list    read
POST   /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Messages         ip_messaging.v1.channels.messages.create  unbounded usage  # counts active users, and a channel may be bound to SMS
GET    /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   ip_messaging.v1.channels.messages.fetch   read
POST   /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   ip_messaging.v1.channels.messages.update  free
DELETE /ip-messaging/v1/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   ip_messaging.v1.channels.messages.remove  free
GET    /ip-messaging/v1/Services/{ServiceSid}/Roles                                  ip_messaging.v1.roles.list                read
POST   /ip-messaging/v1/Services/{ServiceSid}/Roles                                  ip_messaging.v1.roles.create              free
GET    /ip-messaging/v1/Services/{ServiceSid}/Roles/{Sid}                            ip_messaging.v1.roles.fetch               read
POST   /ip-messaging/v1/Services/{ServiceSid}/Roles/{Sid}                            ip_messaging.v1.roles.update              free
DELETE /ip-messaging/v1/Services/{ServiceSid}/Roles/{Sid}                            ip_messaging.v1.roles.remove              free
GET    /ip-messaging/v1/Services/{ServiceSid}/Users                                  ip_messaging.v1.users.list                read
POST   /ip-messaging/v1/Services/{ServiceSid}/Users                                  ip_messaging.v1.users.create              free
GET    /ip-messaging/v1/Services/{ServiceSid}/Users/{Sid}                            ip_messaging.v1.users.fetch               read
POST   /ip-messaging/v1/Services/{ServiceSid}/Users/{Sid}                            ip_messaging.v1.users.update              free
DELETE /ip-messaging/v1/Services/{ServiceSid}/Users/{Sid}                            ip_messaging.v1.users.remove              free
GET    /ip-messaging/v1/Services/{ServiceSid}/Users/{UserSid}/Channels               ip_messaging.v1.users.channels.list       read
GET    /ip-messaging/v2/Credentials                                                  ip_messaging.credentials.list             read
POST   /ip-messaging/v2/Credentials                                                  ip_messaging.credentials.create           free  # stores a push credential, and answers with its name only
GET    /ip-messaging/v2/Credentials/{Sid}                                            ip_messaging.credentials.fetch            read
POST   /ip-messaging/v2/Credentials/{Sid}                                            ip_messaging.credentials.update           free  # stores a push credential, and answers with its name only
DELETE /ip-messaging/v2/Credentials/{Sid}                                            ip_messaging.credentials.remove           free
GET    /ip-messaging/v2/Services                                                     ip_messaging.services.list                read
POST   /ip-messaging/v2/Services                                                     ip_messaging.services.create              free
GET    /ip-messaging/v2/Services/{Sid}                                               ip_messaging.services.fetch               read
POST   /ip-messaging/v2/Services/{Sid}                                               ip_messaging.services.update              free
DELETE /ip-messaging/v2/Services/{Sid}                                               ip_messaging.services.remove              free
GET    /ip-messaging/v2/Services/{ServiceSid}/Bindings                               ip_messaging.bindings.list                read
GET    /ip-messaging/v2/Services/{ServiceSid}/Bindings/{Sid}                         ip_messaging.bindings.fetch               read
DELETE /ip-messaging/v2/Services/{ServiceSid}/Bindings/{Sid}                         ip_messaging.bindings.remove              free
GET    /ip-messaging/v2/Services/{ServiceSid}/Channels                               ip_messaging.channels.list                read
POST   /ip-messaging/v2/Services/{ServiceSid}/Channels                               ip_messaging.channels.create              free
GET    /ip-messaging/v2/Services/{ServiceSid}/Channels/{Sid}                         ip_messaging.channels.fetch               read
POST   /ip-messaging/v2/Services/{ServiceSid}/Channels/{Sid}                         ip_messaging.channels.update              free
DELETE /ip-messaging/v2/Services/{ServiceSid}/Channels/{Sid}                         ip_messaging.channels.remove              free
GET    /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Invites          ip_messaging.channels.invites.list        read
POST   /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Invites          ip_messaging.channels.invites.create      free
GET    /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Invites/{Sid}    ip_messaging.channels.invites.fetch       read
DELETE /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Invites/{Sid}    ip_messaging.channels.invites.remove      free
GET    /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Members          ip_messaging.channels.members.list        read
POST   /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Members          ip_messaging.channels.members.create      free
GET    /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    ip_messaging.channels.members.fetch       read
POST   /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    ip_messaging.channels.members.update      free
DELETE /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Members/{Sid}    ip_messaging.channels.members.remove      free
GET    /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Messages         ip_messaging.channels.messages.list       read
POST   /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Messages         ip_messaging.channels.messages.create     unbounded usage  # counts active users, and a channel may be bound to SMS
GET    /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   ip_messaging.channels.messages.fetch      read
POST   /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   ip_messaging.channels.messages.update     free
DELETE /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Messages/{Sid}   ip_messaging.channels.messages.remove     free
GET    /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks         ip_messaging.channels.webhooks.list       read
POST   /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks         ip_messaging.channels.webhooks.create     unbounded usage  # of the kind studio, it starts a flow for every message
GET    /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks/{Sid}   ip_messaging.channels.webhooks.fetch      read
POST   /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks/{Sid}   ip_messaging.channels.webhooks.update     unbounded usage  # of the kind studio, it starts a flow for every message
DELETE /ip-messaging/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks/{Sid}   ip_messaging.channels.webhooks.remove     free
GET    /ip-messaging/v2/Services/{ServiceSid}/Roles                                  ip_messaging.roles.list                   read
POST   /ip-messaging/v2/Services/{ServiceSid}/Roles                                  ip_messaging.roles.create                 free
GET    /ip-messaging/v2/Services/{ServiceSid}/Roles/{Sid}                            ip_messaging.roles.fetch                  read
POST   /ip-messaging/v2/Services/{ServiceSid}/Roles/{Sid}                            ip_messaging.roles.update                 free
DELETE /ip-messaging/v2/Services/{ServiceSid}/Roles/{Sid}                            ip_messaging.roles.remove                 free
GET    /ip-messaging/v2/Services/{ServiceSid}/Users                                  ip_messaging.users.list                   read
POST   /ip-messaging/v2/Services/{ServiceSid}/Users                                  ip_messaging.users.create                 free
GET    /ip-messaging/v2/Services/{ServiceSid}/Users/{Sid}                            ip_messaging.users.fetch                  read
POST   /ip-messaging/v2/Services/{ServiceSid}/Users/{Sid}                            ip_messaging.users.update                 free
DELETE /ip-messaging/v2/Services/{ServiceSid}/Users/{Sid}                            ip_messaging.users.remove                 free
GET    /ip-messaging/v2/Services/{ServiceSid}/Users/{UserSid}/Bindings               ip_messaging.users.bindings.list          read
GET    /ip-messaging/v2/Services/{ServiceSid}/Users/{UserSid}/Bindings/{Sid}         ip_messaging.users.bindings.fetch         read
DELETE /ip-messaging/v2/Services/{ServiceSid}/Users/{UserSid}/Bindings/{Sid}         ip_messaging.users.bindings.remove        free
GET    /ip-messaging/v2/Services/{ServiceSid}/Users/{UserSid}/Channels               ip_messaging.users.channels.list          read
GET    /ip-messaging/v2/Services/{ServiceSid}/Users/{UserSid}/Channels/{ChannelSid}  ip_messaging.users.channels.fetch         read
POST   /ip-messaging/v2/Services/{ServiceSid}/Users/{UserSid}/Channels/{ChannelSid}  ip_messaging.users.channels.update        free
DELETE /ip-messaging/v2/Services/{ServiceSid}/Users/{UserSid}/Channels/{ChannelSid}  ip_messaging.users.channels.remove        free

GET    /messaging/v1/Deactivations                                                               messaging.deactivations.fetch                                       read
GET    /messaging/v1/LinkShortening/Domains/{DomainSid}/Certificate                              messaging.v1.link_shortening.domains.certificate.fetch              read
POST   /messaging/v1/LinkShortening/Domains/{DomainSid}/Certificate                              messaging.v1.link_shortening.domains.certificate.update             free
DELETE /messaging/v1/LinkShortening/Domains/{DomainSid}/Certificate                              messaging.v1.link_shortening.domains.certificate.remove             free
GET    /messaging/v1/LinkShortening/Domains/{DomainSid}/Config                                   messaging.v1.link_shortening.domains.config.fetch                   read
POST   /messaging/v1/LinkShortening/Domains/{DomainSid}/Config                                   messaging.v1.link_shortening.domains.config.update                  free
POST   /messaging/v1/LinkShortening/Domains/{DomainSid}/MessagingServices/{MessagingServiceSid}  messaging.v1.link_shortening.domains.messaging_services.create      unbounded usage  # a service that may shorten links bills it for every message that asks
DELETE /messaging/v1/LinkShortening/Domains/{DomainSid}/MessagingServices/{MessagingServiceSid}  messaging.v1.link_shortening.domains.messaging_services.remove      free
POST   /messaging/v1/LinkShortening/Domains/{DomainSid}/RequestManagedCert                       messaging.v1.link_shortening.domains.request_managed_cert           free
GET    /messaging/v1/LinkShortening/Domains/{DomainSid}/ValidateDns                              messaging.v1.link_shortening.domains.validate_dns                   read
GET    /messaging/v1/LinkShortening/MessagingService/{MessagingServiceSid}/DomainConfig          messaging.v1.link_shortening.messaging_service.domain_config.fetch  read
GET    /messaging/v1/LinkShortening/MessagingServices/{MessagingServiceSid}/Domain               messaging.v1.link_shortening.messaging_services.domain.fetch        read
GET    /messaging/v1/Services                                                                    messaging.services.list                                             read
POST   /messaging/v1/Services                                                                    messaging.services.create                                           free
POST   /messaging/v1/Services/PreregisteredUsa2p                                                 messaging.services.preregistered_usa2p.create                       unbounded usage  # a campaign bills by the month
GET    /messaging/v1/Services/Usecases                                                           messaging.services.usecases.fetch                                   read
GET    /messaging/v1/Services/{Sid}                                                              messaging.services.fetch                                            read
POST   /messaging/v1/Services/{Sid}                                                              messaging.services.update                                           free
DELETE /messaging/v1/Services/{Sid}                                                              messaging.services.remove                                           free
GET    /messaging/v1/Services/{ServiceSid}/AlphaSenders                                          messaging.alpha_senders.list                                        read
POST   /messaging/v1/Services/{ServiceSid}/AlphaSenders                                          messaging.alpha_senders.create                                      free  # a sender that the account already has
GET    /messaging/v1/Services/{ServiceSid}/AlphaSenders/{Sid}                                    messaging.alpha_senders.fetch                                       read
DELETE /messaging/v1/Services/{ServiceSid}/AlphaSenders/{Sid}                                    messaging.alpha_senders.remove                                      free
GET    /messaging/v1/Services/{MessagingServiceSid}/ChannelSenders                               messaging.channel_senders.list                                      read
POST   /messaging/v1/Services/{MessagingServiceSid}/ChannelSenders                               messaging.channel_senders.create                                    free  # a sender that the account already has
GET    /messaging/v1/Services/{MessagingServiceSid}/ChannelSenders/{Sid}                         messaging.channel_senders.fetch                                     read
DELETE /messaging/v1/Services/{MessagingServiceSid}/ChannelSenders/{Sid}                         messaging.channel_senders.remove                                    free
GET    /messaging/v1/Services/{MessagingServiceSid}/Compliance/Usa2p                             messaging.compliance.usa2p.list                                     read
POST   /messaging/v1/Services/{MessagingServiceSid}/Compliance/Usa2p                             messaging.compliance.usa2p.create                                   unbounded usage  # a campaign bills its vetting, and by the month
GET    /messaging/v1/Services/{MessagingServiceSid}/Compliance/Usa2p/Usecases                    messaging.compliance.usa2p.usecases.fetch                           read
GET    /messaging/v1/Services/{MessagingServiceSid}/Compliance/Usa2p/{Sid}                       messaging.compliance.usa2p.fetch                                    read
POST   /messaging/v1/Services/{MessagingServiceSid}/Compliance/Usa2p/{Sid}                       messaging.compliance.usa2p.update                                   unbounded usage  # a campaign bills its vetting, and by the month
DELETE /messaging/v1/Services/{MessagingServiceSid}/Compliance/Usa2p/{Sid}                       messaging.compliance.usa2p.remove                                   free
GET    /messaging/v1/Services/{ServiceSid}/DestinationAlphaSenders                               messaging.destination_alpha_senders.list                            read
POST   /messaging/v1/Services/{ServiceSid}/DestinationAlphaSenders                               messaging.destination_alpha_senders.create                          free  # a sender that the account already has
GET    /messaging/v1/Services/{ServiceSid}/DestinationAlphaSenders/{Sid}                         messaging.destination_alpha_senders.fetch                           read
DELETE /messaging/v1/Services/{ServiceSid}/DestinationAlphaSenders/{Sid}                         messaging.destination_alpha_senders.remove                          free
GET    /messaging/v1/Services/{ServiceSid}/PhoneNumbers                                          messaging.phone_numbers.list                                        read
POST   /messaging/v1/Services/{ServiceSid}/PhoneNumbers                                          messaging.phone_numbers.create                                      free  # a sender that the account already has
GET    /messaging/v1/Services/{ServiceSid}/PhoneNumbers/{Sid}                                    messaging.phone_numbers.fetch                                       read
DELETE /messaging/v1/Services/{ServiceSid}/PhoneNumbers/{Sid}                                    messaging.phone_numbers.remove                                      free
GET    /messaging/v1/Services/{ServiceSid}/ShortCodes                                            messaging.short_codes.list                                          read
POST   /messaging/v1/Services/{ServiceSid}/ShortCodes                                            messaging.short_codes.create                                        free  # a sender that the account already has
GET    /messaging/v1/Services/{ServiceSid}/ShortCodes/{Sid}                                      messaging.short_codes.fetch                                         read
DELETE /messaging/v1/Services/{ServiceSid}/ShortCodes/{Sid}                                      messaging.short_codes.remove                                        free
GET    /messaging/v1/Tollfree/Verifications                                                      messaging.tollfree.verifications.list                               read
POST   /messaging/v1/Tollfree/Verifications                                                      messaging.tollfree.verifications.create                             free
GET    /messaging/v1/Tollfree/Verifications/{Sid}                                                messaging.tollfree.verifications.fetch                              read
POST   /messaging/v1/Tollfree/Verifications/{Sid}                                                messaging.tollfree.verifications.update                             free
DELETE /messaging/v1/Tollfree/Verifications/{Sid}                                                messaging.tollfree.verifications.remove                             free
GET    /messaging/v1/a2p/BrandRegistrations                                                      messaging.a2p.brand_registrations.list                              read
POST   /messaging/v1/a2p/BrandRegistrations                                                      messaging.a2p.brand_registrations.create                            unbounded usage  # registration and vetting fees
GET    /messaging/v1/a2p/BrandRegistrations/{Sid}                                                messaging.a2p.brand_registrations.fetch                             read
POST   /messaging/v1/a2p/BrandRegistrations/{Sid}                                                messaging.a2p.brand_registrations.update                            unbounded usage  # registration and vetting fees
POST   /messaging/v1/a2p/BrandRegistrations/{BrandRegistrationSid}/SmsOtp                        messaging.a2p.brand_registrations.sms_otp.create                    unbounded usage  # registration and vetting fees
GET    /messaging/v1/a2p/BrandRegistrations/{BrandSid}/Vettings                                  messaging.a2p.brand_registrations.vettings.list                     read
POST   /messaging/v1/a2p/BrandRegistrations/{BrandSid}/Vettings                                  messaging.a2p.brand_registrations.vettings.create                   unbounded usage  # registration and vetting fees
GET    /messaging/v1/a2p/BrandRegistrations/{BrandSid}/Vettings/{BrandVettingSid}                messaging.a2p.brand_registrations.vettings.fetch                    read
GET    /messaging/v2/Channels/Senders                                                            messaging.channels.senders.list                                     secret-bearing redacts:verification_code  # a code that proves a number one's own
POST   /messaging/v2/Channels/Senders                                                            messaging.channels.senders.create                                   unbounded usage redacts:verification_code  # the fees of a registered sender are not published in the API
GET    /messaging/v2/Channels/Senders/{Sid}                                                      messaging.channels.senders.fetch                                    secret-bearing redacts:verification_code  # a code that proves a number one's own
POST   /messaging/v2/Channels/Senders/{Sid}                                                      messaging.channels.senders.update                                   unbounded usage redacts:verification_code  # the fees of a registered sender are not published in the API
DELETE /messaging/v2/Channels/Senders/{Sid}                                                      messaging.channels.senders.remove                                   free
POST   /messaging/v2/Indicators/Typing.json                                                      messaging.v2.indicators.typing.create                               unbounded usage  # the price of an indicator is not published in the API
GET    /messaging/v2/LinkShortening/Domains/{DomainSid}/Certificate                              messaging.link_shortening.domains.certificate.fetch                 read
POST   /messaging/v3/Indicators/Typing.json                                                      messaging.indicators.typing.create                                  unbounded usage  # the price of an indicator is not published in the API

GET    /notify/v1/Credentials                           notify.credentials.list      read
POST   /notify/v1/Credentials                           notify.credentials.create    free  # stores a push credential, and answers with its name only
GET    /notify/v1/Credentials/{Sid}                     notify.credentials.fetch     read
POST   /notify/v1/Credentials/{Sid}                     notify.credentials.update    free  # stores a push credential, and answers with its name only
DELETE /notify/v1/Credentials/{Sid}                     notify.credentials.remove    free
GET    /notify/v1/Services                              notify.services.list         read
POST   /notify/v1/Services                              notify.services.create       free
GET    /notify/v1/Services/{Sid}                        notify.services.fetch        read
POST   /notify/v1/Services/{Sid}                        notify.services.update       free
DELETE /notify/v1/Services/{Sid}                        notify.services.remove       free
GET    /notify/v1/Services/{ServiceSid}/Bindings        notify.bindings.list         read
POST   /notify/v1/Services/{ServiceSid}/Bindings        notify.bindings.create       free
GET    /notify/v1/Services/{ServiceSid}/Bindings/{Sid}  notify.bindings.fetch        read
DELETE /notify/v1/Services/{ServiceSid}/Bindings/{Sid}  notify.bindings.remove       free
POST   /notify/v1/Services/{ServiceSid}/Notifications   notify.notifications.create  unbounded usage  # ToBinding fans out to thousands

GET    /proxy/v1/Services                                                                                             proxy.services.list                                      read
POST   /proxy/v1/Services                                                                                             proxy.services.create                                    free
GET    /proxy/v1/Services/{Sid}                                                                                       proxy.services.fetch                                     read
POST   /proxy/v1/Services/{Sid}                                                                                       proxy.services.update                                    free
DELETE /proxy/v1/Services/{Sid}                                                                                       proxy.services.remove                                    free
GET    /proxy/v1/Services/{ServiceSid}/PhoneNumbers                                                                   proxy.phone_numbers.list                                 read
POST   /proxy/v1/Services/{ServiceSid}/PhoneNumbers                                                                   proxy.phone_numbers.create                               free
GET    /proxy/v1/Services/{ServiceSid}/PhoneNumbers/{Sid}                                                             proxy.phone_numbers.fetch                                read
POST   /proxy/v1/Services/{ServiceSid}/PhoneNumbers/{Sid}                                                             proxy.phone_numbers.update                               free
DELETE /proxy/v1/Services/{ServiceSid}/PhoneNumbers/{Sid}                                                             proxy.phone_numbers.remove                               free
GET    /proxy/v1/Services/{ServiceSid}/Sessions                                                                       proxy.sessions.list                                      read
POST   /proxy/v1/Services/{ServiceSid}/Sessions                                                                       proxy.sessions.create                                    unbounded usage  # an open session sends on calls and messages
GET    /proxy/v1/Services/{ServiceSid}/Sessions/{Sid}                                                                 proxy.sessions.fetch                                     read
POST   /proxy/v1/Services/{ServiceSid}/Sessions/{Sid}                                                                 proxy.sessions.update                                    unbounded usage  # an open session sends on calls and messages
DELETE /proxy/v1/Services/{ServiceSid}/Sessions/{Sid}                                                                 proxy.sessions.remove                                    free
GET    /proxy/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Interactions                                             proxy.sessions.interactions.list                         read
GET    /proxy/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Interactions/{Sid}                                       proxy.sessions.interactions.fetch                        read
DELETE /proxy/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Interactions/{Sid}                                       proxy.sessions.interactions.remove                       free
GET    /proxy/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Participants                                             proxy.sessions.participants.list                         read
POST   /proxy/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Participants                                             proxy.sessions.participants.create                       unbounded usage  # what comes in for the participant is sent on and bills
GET    /proxy/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Participants/{Sid}                                       proxy.sessions.participants.fetch                        read
DELETE /proxy/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Participants/{Sid}                                       proxy.sessions.participants.remove                       free
GET    /proxy/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Participants/{ParticipantSid}/MessageInteractions        proxy.sessions.participants.message_interactions.list    read
POST   /proxy/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Participants/{ParticipantSid}/MessageInteractions        proxy.sessions.participants.message_interactions.create  unbounded usage  # sends a message to a participant
GET    /proxy/v1/Services/{ServiceSid}/Sessions/{SessionSid}/Participants/{ParticipantSid}/MessageInteractions/{Sid}  proxy.sessions.participants.message_interactions.fetch   read
`;
