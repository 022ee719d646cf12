/**
 * Fetches URLs that people gave us. The address is checked when the connection is made, after name resolution and at every redirect, so that
 * neither a name that resolves inward nor a redirect reaches what is private (OWASP: server-side request forgery prevention).
 */
import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector, fetch, type Response } from 'undici';

/** The address is one that Cairn does not call. */
export class ForbiddenAddress extends Error {
  override name = 'ForbiddenAddress';
}

/** What was answered is nothing that asking again would cure: too large, or a redirect to nowhere. */
export class UnusableAnswer extends Error {
  override name = 'UnusableAnswer';
}

export interface GuardedRequest {
  url: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** The answer is cut off, and the call fails, past this many bytes. */
  maxBytes: number;
}

export interface GuardedResponse {
  status: number;
  contentType: string;
  body: string;
}

export type GuardedFetch = (request: GuardedRequest) => Promise<GuardedResponse>;

const MAX_REDIRECTS = 3;

/** All that IPv6 has given out for the public so far (RFC 4291, section 2.4); the rest may lead anywhere, `::127.0.0.1` for one. */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/** Whether an IP address is a public unicast one. */
export const isPublicAddress = (address: string): boolean => {
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST)) return false;
  return parsed.range() === 'unicast';
};

/** Makes the fetch. `allowPrivate` (development, tests) lets private and loopback addresses through. */
export const createGuardedFetch = ({ allowPrivate }: { allowPrivate: boolean }): GuardedFetch =>
  createFetchTo((address) => allowPrivate || isPublicAddress(address));

/**
 * Makes a fetch that connects only to IP addresses which `allowed` takes. It rejects with ForbiddenAddress (as it is or as `cause`) where one is
 * not, with UnusableAnswer, and with whatever else goes wrong on the way.
 */
export const createFetchTo = (allowed: (address: string) => boolean): GuardedFetch => {
  const dispatcher = new Agent({ connect: guardedConnector(allowed) });
  return async (request) => {
    const signal = AbortSignal.timeout(request.timeoutMs);
    let url = new URL(request.url);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const response = await fetchOnce(url, request, { dispatcher, signal });
      const next = redirectOf(response, request.method);
      if (next === null) return read(response, request.maxBytes);
      await response.body?.cancel();
      url = redirected(next, url);
    }
    throw new UnusableAnswer(`More than ${MAX_REDIRECTS} redirects`);
  };
};

const fetchOnce = (url: URL, request: GuardedRequest, how: { dispatcher: Agent; signal: AbortSignal }) => {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new ForbiddenAddress(`${url.protocol} is not called`);
  return fetch(url, {
    ...how,
    method: request.method,
    redirect: 'manual',
    ...(request.headers ? { headers: request.headers } : {}),
    ...(request.body === undefined ? {} : { body: request.body }),
  });
};

/** Where to go next, or null. 307 and 308 alone keep method and body; anything else would turn a POST into a GET. */
const redirectOf = (response: Response, method: GuardedRequest['method']): string | null => {
  const keepsRequest = response.status === 307 || response.status === 308;
  const isRedirect = method === 'GET' ? response.status >= 300 && response.status < 400 : keepsRequest;
  return isRedirect ? response.headers.get('location') : null;
};

const redirected = (location: string, from: URL): URL => {
  if (!URL.canParse(location, from.href)) throw new UnusableAnswer('It redirects to something that is no URL');
  return new URL(location, from);
};

const guardedConnector = (allowed: (address: string) => boolean): buildConnector.connector => {
  const connect = buildConnector({ lookup: guardedLookup(allowed) } as buildConnector.BuildOptions);
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !allowed(host)) callback(new ForbiddenAddress(`${host} is not a public address`), null);
    else connect(options, callback);
  };
};

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

const guardedLookup =
  (allowed: (address: string) => boolean) => (hostname: string, options: LookupOptions, callback: LookupCallback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const usable = addresses.filter(({ address }) => allowed(address));
      const [first] = usable;
      if (!first) return callback(new ForbiddenAddress(`${hostname} has no public address`), []);
      if (options.all) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };

const read = async (response: Response, maxBytes: number): Promise<GuardedResponse> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new UnusableAnswer(`The answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    body: Buffer.concat(chunks).toString('utf8'),
  };
};
