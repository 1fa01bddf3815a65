import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'

export interface Target {
  readonly page: URL
  /** Origin under which the browser knows the proxy. */
  readonly own: string
  readonly answerMs: number
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Asks the developer's server what the browser asked the proxy; the caller sends the body. */
export function ask({ page, own, answerMs }: Target, request: IncomingMessage): ClientRequest {
  const { headers } = request
  const from = (address: string): string =>
    address === own || address.startsWith(`${own}/`) ? `${page.origin}${address.slice(own.length)}` : address
  const { origin, referer } = headers
  const given = {
    ...headers,
    host: page.host,
    // What comes compressed would have to be unpacked to put the script in.
    'accept-encoding': 'identity',
    ...(origin === undefined ? {} : { origin: from(origin) }),
    ...(referer === undefined ? {} : { referer: from(referer) }),
  }
  // An answer "not modified" would bring back a page with the bridge of an earlier start.
  if (headers.accept?.includes('text/html') === true) {
    delete given['if-none-match']
    delete given['if-modified-since']
  }
  const isTls = page.protocol === 'https:'
  const upstream = (isTls ? overHttps : overHttp)({
    protocol: page.protocol,
    hostname: page.hostname.replace(/^\[|\]$/g, ''),
    port: page.port,
    method: request.method,
    path: request.url,
    headers: given,
    agent: false,
    // Development servers sign their own certificates.
    ...(isTls && loopback.test(page.hostname) ? { rejectUnauthorized: false } : {}),
  })
  const timer = setTimeout(() => {
    upstream.destroy(new Error(`no answer within ${Math.round(answerMs / 1_000)} s`))
  }, answerMs)
  for (const event of ['response', 'upgrade', 'close']) upstream.once(event, () => clearTimeout(timer))
  return upstream
}

/** Whether an address is the developer's server, under any name this machine has for itself. */
export function isTarget(address: URL, page: URL): boolean {
  if (address.origin === page.origin) return true
  const isHere = loopback.test(address.hostname) && loopback.test(page.hostname)
  return isHere && address.protocol === page.protocol && address.port === page.port
}
