/** Errors of the token endpoint, as RFC 6749 section 5.2 wants them. */
import type { OAuthErrorCode } from '../../shared/contracts/oauth.ts';
import { CairnError } from '../../shared/errors.ts';
import { HttpProblem } from '../http/problem.ts';
import { type Reply, reply } from '../http/route.ts';

export class OAuthError extends Error {
  readonly code: OAuthErrorCode;

  constructor(code: OAuthErrorCode, description: string) {
    super(description);
    this.name = 'OAuthError';
    this.code = code;
  }
}

/** An error in the RFC's shape; null for what it does not speak of, such as rate limits and failures of ours. */
export const explainOAuth = (error: unknown): Reply | null => {
  if (error instanceof OAuthError) return answer(error.code, error.message);
  if (error instanceof CairnError && error.type === 'invalid') return explainFields(error);
  if (error instanceof HttpProblem && error.status === 400) return answer('invalid_request', error.message);
  return null;
};

const explainFields = ({ fields, message }: CairnError): Reply => {
  const wrongGrant = fields.find(({ path }) => path === 'grant_type');
  if (wrongGrant) {
    return answer('unsupported_grant_type', 'grant_type is password, refresh_token or client_credentials.');
  }
  const [first] = fields;
  return answer('invalid_request', first ? `${first.path}: ${first.message}` : message);
};

const answer = (code: OAuthErrorCode, description: string): Reply =>
  reply(
    { error: code, error_description: description },
    code === 'invalid_client'
      ? { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="cairn"', Pragma: 'no-cache' } }
      : { status: 400, headers: { Pragma: 'no-cache' } },
  );
