/** Whether a request that failed was ever written: only then is it certain that the provider does not have it. */

const BEFORE_THE_REQUEST = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ERR_TLS_CERT_ALTNAME_INVALID']);
const isCertificateFault = (code: string): boolean => /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code);
/** HTTP clients keep the system's words but not its `syscall`: `connect EHOSTUNREACH 192.0.2.1:443`, node-fetch after `reason: `. */
const failedToConnect = (message: string): boolean => /(^|reason: )(connect|getaddrinfo) /.test(message);

/** What fails before the request's first byte is written: the name, the connection, the certificate. */
export const neverConnected = ({ code = '', message = '' }: { code?: string; message?: string }): boolean =>
  BEFORE_THE_REQUEST.has(code) || isCertificateFault(code) || failedToConnect(message);
