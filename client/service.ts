import { asWeixinError, type ServiceProblem, WeixinError } from './errors.ts'
import type { Page } from './page.ts'
import type { Timeouts, WeixinOptions } from './types.ts'
import { within } from './within.ts'

/** One signature, as the service gives it. */
export interface Signature {
  appId: string
  timestamp: number
  nonceStr: string
  signature: string
  url: string
}

/** The id of the request that brought it, which names it in the log of the service. */
export interface Asked {
  requestId?: string | undefined
}

type Fields = Record<string, unknown>

// A form is a "simple" request: no preflight goes ahead of it.
const asForm = (fields: Fields): BodyInit => new URLSearchParams(fields as Record<string, string>)

/** Asks the service, and gives its answer or says why there is none. */
export async function post<T>(
  page: Page,
  { service, appId }: WeixinOptions,
  { serviceMs }: Timeouts,
  name: string,
  fields: Fields,
  asBody: (fields: Fields) => BodyInit = asForm,
): Promise<Partial<T> & Asked> {
  const address = `${service.replace(/\/+$/, '')}/v1/${name}`
  const abort = new AbortController()
  const talk = async () => {
    const response = await page.fetch(address, {
      method: 'POST',
      body: asBody(appId ? { ...fields, appId } : fields),
      credentials: 'omit',
      signal: abort.signal,
    })
    const { ok, status } = response
    const body = (await response.json().catch(() => undefined)) || {}
    const { requestId = response.headers.get('x-request-id') || undefined } = body
    if (ok) return { ...body, requestId }
    const { code, detail, title, hint } = body as Partial<ServiceProblem>
    const isOurs = status < 500 && status !== 429 && code
    throw new WeixinError(
      code === 'origin_not_allowed' ? code : isOurs ? 'service_refused' : 'service_unavailable',
      address,
      detail || title || `HTTP ${status}`,
      { hint, requestId, problem: { ...body, status } },
    )
  }
  try {
    return await within(serviceMs, address, (resolve) => resolve(talk()))
  } catch (error) {
    throw asWeixinError(error, 'service_unavailable', address)
  } finally {
    abort.abort()
  }
}

/** Where two addresses part, for people to see. */
function difference(sent: string, signed: string): string {
  let at = 0
  while (sent[at] === signed[at]) at++
  const around = (url: string) => JSON.stringify(url.slice(Math.max(0, at - 12), at + 24))
  return `character ${at + 1}: sent ${around(sent)}, signed ${around(signed)}`
}

/** Has an address signed, and makes sure that it was this one. */
export async function requestSignature(
  page: Page,
  options: WeixinOptions,
  timeouts: Timeouts,
  url: string,
): Promise<Signature & Asked> {
  const answer = await post<Signature>(page, options, timeouts, 'jsapi/signature', { url })
  const { appId, timestamp, nonceStr, signature, requestId } = answer
  if (!appId || !timestamp || !nonceStr || !signature || !answer.url)
    throw new WeixinError('service_unavailable', 'signature', 'fields are missing', { requestId })
  if (answer.url !== url)
    throw new WeixinError('signed_url_mismatch', 'signature', difference(url, `${answer.url}`), { requestId })
  return { appId, timestamp, nonceStr, signature, url, requestId }
}

/** Tells the service that WeChat refused one of its signatures; true when it has a new ticket since. */
export async function reportRejected(
  page: Page,
  options: WeixinOptions,
  timeouts: Timeouts,
  { url, timestamp, nonceStr, signature }: Signature,
): Promise<boolean> {
  const fields = { url, timestamp: `${timestamp}`, nonceStr, signature }
  const { refreshed } = await post<{ refreshed: boolean }>(page, options, timeouts, 'jsapi/rejected', fields)
  return refreshed === true
}
