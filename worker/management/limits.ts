/** What one management call may carry and what a zone may hold. Operators are trusted; their mistakes are bounded. */
export const LIMITS = {
  /** Bytes of an ordinary JSON body. */
  bodyBytesMax: 1024 * 1024,
  /** Bytes of a body that carries seed files: KV keeps them as one value, which ends at 25 MiB. */
  uploadBytesMax: 24 * 1024 * 1024,
  /** Bytes of a body that carries an OpenAPI document; stored, its text crosses to the Zone object in one call of 32 MiB. */
  schemaUploadBytesMax: 30 * 1024 * 1024,
  /** Levels of arrays and objects in a body. */
  bodyDepthMax: 64,
  /** Errors that one answer lists; the rest are counted. */
  errorsListedMax: 100,
  perPageDefault: 20,
  perPageMax: 500,
  /** A page of documents with their sources is larger, so it holds fewer. */
  perPageOfSourcesMax: 50,
  pageMax: 1_000_000,
  /** Operations of a zone; Cloudflare's own highest quota. */
  operationsMax: 10_000,
  /** Operations of one bulk call. */
  bulkOperationsMax: 1_000,
  schemasMax: 100,
  /** Characters of all uploaded documents of a zone together, and of the parts that are compiled from them. */
  sourceCharactersTotalMax: 50_000_000,
  profilePartCharactersTotalMax: 50_000_000,
  /** Characters of the indexes of all those parts together, which every isolate of the data plane reads as one value. */
  profileIndexCharactersTotalMax: 10_000_000,
  /** Characters of one part, unless a single operation or schema is longer: what is read when an operation is first met. */
  profilePartCharactersMax: 64_000,
  schemaNameCharactersMax: 200,
  identifiersMax: 20,
  identifierNameCharactersMax: 200,
  clientCertificatesMax: 10_000,
  /** Characters of a signing request in a body; engines/certificates bounds its contents. */
  csrCharactersMax: 65_536,
  /** Cloudflare's own longest validity, fifteen years. */
  validityDaysMax: 5_475,
  hostnamesMax: 500,
  /** Authorities that the operator brought; Cloudflare allows five. */
  mtlsCertificatesMax: 500,
  mtlsCertificateNameCharactersMax: 200,
  /** Characters of all uploaded authorities together: creating one reads them, and the data plane gets them as one part. */
  mtlsCertificateCharactersTotalMax: 8_000_000,
  /** URLs of revocation lists of one authority. */
  revocationUrlsMax: 8,
  /** Bytes of one revocation list, fetched or uploaded. */
  revocationListBytesMax: 32 * 1024 * 1024,
  /**
   * Characters of the packed serial numbers of all revocation lists together, which is 700,000 serial numbers of 16 octets:
   * the data plane gets them as one part, which ends at 25 MiB in KV.
   */
  revocationCharactersTotalMax: 16_000_000,
  revocationFetchTimeoutMs: 20_000,
  /** A run of fetches begins no other after this; what is left is still due at the next run. */
  revocationFetchRunMs: 40_000,
  expiringDaysDefault: 30,
  expiringDaysMax: 5_475,
  rulesMax: 1_000,
  /** Bytes of a body that carries the rules of a ruleset. */
  rulesetBytesMax: 8 * 1024 * 1024,
  rulesetsMax: 100,
  /** Characters of all rulesets together: the data plane gets them as one part, which ends at 25 MiB in KV. */
  rulesetCharactersTotalMax: 8_000_000,
  /** Versions of a ruleset, the current one included; the oldest makes room. */
  rulesetVersionsMax: 50,
  rulesetsPerPageDefault: 50,
  rulesetsPerPageMax: 100,
  listsMax: 100,
  /** Items of all lists together: every publication reads them. */
  listItemsTotalMax: 50_000,
  /** Items of one stored part of a list: the price of one item more. */
  listPartItemsMax: 1_000,
  listItemsPerPageDefault: 500,
  listItemsPerPageMax: 1_000,
  /** Bulk operations whose outcome can be asked for. */
  listOperationsKept: 200,
  descriptionCharactersMax: 500,
  /** Of token configurations and token validation rules. */
  tokenTitleCharactersMax: 50,
  /** Twice what Cloudflare allows; engines/tokens bounds the keys of each. */
  tokenConfigurationsMax: 64,
  tokenSourcesMax: 4,
  tokenRulesMax: 200,
  /** Characters of all token validation rules together: each change reads and writes them all. */
  tokenRuleCharactersTotalMax: 4_000_000,
  tokenRevocationsMax: 100_000,
  /** UTF-16 units of a `jti` or `sub`. */
  revokedClaimCharactersMax: 255,
  /** As many as this have room however long their claims are; with more they are weighed before one is added. */
  revocationsUnweighedMax: 15_000,
  revocationBytesTotalMax: 24_000_000,
  /** Revocations that one call of the schedule takes away. */
  revocationsPrunedMax: 5_000,
  /** Places where GraphQL is spoken. */
  graphqlEndpointsMax: 100,
  graphqlDocumentsMax: 2_000,
  graphqlDocumentCharactersMax: 65_536,
  /** Of all registered documents: they are published as one part, which ends at 25 MiB in KV. */
  graphqlDocumentBytesTotalMax: 8_000_000,
  /** UTF-16 units of the schema that costs are counted by. */
  graphqlSchemaCharactersMax: 2_000_000,
  /** UTF-16 units of what it compiles to: it is published as one part, which ends at 25 MiB in KV. */
  graphqlCostCharactersMax: 8_000_000,
  /** Largest default length of lists, and cost of a mutation by itself. */
  graphqlCostSettingMax: 1_000_000,
  graphqlRecommendationsMax: 500,
  /** Places whose response times one answer tells: each has a few dozen figures, and as many as that times 120 counts. */
  graphqlResponseTimesMax: 50,
  /** Cloudflare's sequence rules of two operations, and ours of patterns: of each. */
  sequenceRulesMax: 100,
  seqruleTitleCharactersMax: 50,
  seqrulePriorityMax: 1_000_000,
  rulesetNameCharactersMax: 200,
  seedFilesMax: 200,
  seedPathCharactersMax: 300,
  eventsDefault: 100,
  eventsMax: 1_000,
  auditDefault: 100,
  auditMax: 1_000,
  /** How often a change is computed again because another writer was faster. */
  commitAttemptsMax: 8,
} as const
