/** What speaks to a Keybrake from elsewhere: the command line, workers, scripts. */
export { createClient, type Client, type ClientOptions } from "./client.ts";
export { KeybrakeApiError } from "./errors.ts";
export type {
  AddCredentialRequest,
  ApiKeyAnswer,
  ApiKeyListAnswer,
  AuditRowAnswer,
  BudgetAnswer,
  CallListAnswer,
  CallListQuery,
  CeilingsInput,
  CreateApiKeyRequest,
  CreatedApiKeyAnswer,
  CredentialAnswer,
  CredentialListAnswer,
  IssuedKeyAnswer,
  IssueKeyRequest,
  KeyAnswer,
  KeyListAnswer,
  KeyListQuery,
  OperationAnswer,
  OperationListAnswer,
  OperationListQuery,
  PatchKeyRequest,
  RevokedKeyAnswer,
} from "@keybrake/api/contract";
