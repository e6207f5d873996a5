/** A kind of credential, and what it looks like. */
export interface CredentialShape {
  /** Stands in the place of what was found: `[redacted:github-token]`. */
  kind: string;
  /** Global. Every alternative begins with something rare, so that long texts are passed over quickly. */
  pattern: RegExp;
  /** The part of the match that is the secret; all of it where there is none of this name. */
  group?: 'secret';
}

/**
 * Credentials that are known by their shape. The shapes are those that their issuers describe for
 * secret scanning; all of them are ASCII, so that they are found in bytes too.
 */
export const CREDENTIAL_SHAPES: readonly CredentialShape[] = [
  {
    kind: 'private-key',
    pattern: /-----BEGIN ([A-Z ]{0,20})PRIVATE KEY-----[\s\S]*?-----END \1PRIVATE KEY-----/g,
  },
  { kind: 'anthropic-key', pattern: /\bsk-ant-[A-Za-z0-9_-]{20,}/g },
  { kind: 'openai-key', pattern: /\bsk-(?:proj-|svcacct-|admin-|or-v1-)?[A-Za-z0-9_-]{20,}/g },
  { kind: 'github-token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}/g },
  { kind: 'github-token', pattern: /\bgithub_pat_[A-Za-z0-9_]{50,}/g },
  { kind: 'gitlab-token', pattern: /\bgl(?:pat|dt|rt|cbt|ptt|agent|soat)-[A-Za-z0-9_-]{20,}/g },
  { kind: 'aws-key-id', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g },
  { kind: 'google-key', pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { kind: 'google-secret', pattern: /\bGOCSPX-[A-Za-z0-9_-]{20,}/g },
  { kind: 'google-token', pattern: /\bya29\.[A-Za-z0-9_-]{20,}/g },
  { kind: 'slack-token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { kind: 'slack-token', pattern: /\bxapp-\d-[A-Za-z0-9-]{10,}/g },
  {
    kind: 'webhook',
    pattern: /\bhooks\.slack\.com\/(?:services|workflows)\/(?<secret>[A-Za-z0-9/_-]{20,})/g,
    group: 'secret',
  },
  {
    kind: 'webhook',
    pattern: /\bdiscord(?:app)?\.com\/api\/webhooks\/(?<secret>\d+\/[A-Za-z0-9_-]{20,})/g,
    group: 'secret',
  },
  { kind: 'stripe-key', pattern: /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/g },
  { kind: 'stripe-key', pattern: /\bwhsec_[A-Za-z0-9]{20,}/g },
  { kind: 'npm-token', pattern: /\bnpm_[A-Za-z0-9]{36}/g },
  { kind: 'pypi-token', pattern: /\bpypi-[A-Za-z0-9_-]{50,}/g },
  { kind: 'huggingface-token', pattern: /\bhf_[A-Za-z0-9]{30,}/g },
  { kind: 'sendgrid-key', pattern: /\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}/g },
  { kind: 'digitalocean-token', pattern: /\bdo[opr]_v1_[a-f0-9]{64}/g },
  { kind: 'databricks-token', pattern: /\bdapi[a-f0-9]{32}\b/g },
  { kind: 'shopify-token', pattern: /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/g },
  { kind: 'linear-key', pattern: /\blin_api_[A-Za-z0-9]{32,}/g },
  { kind: 'notion-token', pattern: /\bntn_[A-Za-z0-9]{40,}/g },
  { kind: 'atlassian-token', pattern: /\bATATT3[A-Za-z0-9_=-]{50,}/g },
  { kind: 'groq-key', pattern: /\bgsk_[A-Za-z0-9]{40,}/g },
  { kind: 'xai-key', pattern: /\bxai-[A-Za-z0-9]{40,}/g },
  { kind: 'perplexity-key', pattern: /\bpplx-[A-Za-z0-9]{40,}/g },
  { kind: 'telegram-token', pattern: /\b\d{8,10}:AA[A-Za-z0-9_-]{33}/g },
  {
    kind: 'azure-key',
    pattern: /\bAccountKey=(?<secret>[A-Za-z0-9+/]{40,}={0,2})/g,
    group: 'secret',
  },
  {
    kind: 'jwt',
    pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}/g,
  },
  {
    kind: 'authorization',
    pattern: /\b(?:Bearer|Basic)\s+(?<secret>[A-Za-z0-9._~+/-]{16,}={0,2})/g,
    group: 'secret',
  },
  {
    kind: 'url-password',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'\\]{1,100}:(?<secret>[^\s@/"'\\[\]]{3,200})@/g,
    group: 'secret',
  },
];
