import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { isTarget } from './target.ts'

// These would forbid the frame of the phone or the script of the sandbox; the hop's own are the proxy's affair.
const dropped = [
  'content-security-policy',
  'x-frame-options',
  'cross-origin-embedder-policy',
  'connection',
  'keep-alive',
  'transfer-encoding',
]

/** The headers of the page's answer, as the proxy repeats them. */
export function withoutBarriers(given: IncomingHttpHeaders, page: URL, own: string): IncomingHttpHeaders {
  const headers = { ...given }
  for (const name of dropped) delete headers[name]
  if (headers.location !== undefined) headers.location = ownLocation(headers.location, page, own)
  if (headers['set-cookie'] !== undefined)
    headers['set-cookie'] = headers['set-cookie'].map((cookie) => cookie.replace(/;\s*domain=[^;]*/gi, ''))
  return headers
}

function ownLocation(location: string, page: URL, own: string): string {
  const isAbsolute = /^(https?:)?\/\//i.test(location)
  if (!isAbsolute || !URL.canParse(location, page.href)) return location
  const address = new URL(location, page.href)
  return isTarget(address, page) ? `${own}${address.pathname}${address.search}${address.hash}` : location
}

const unpackers: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** The bytes of a page, unpacked; `undefined` for every other answer, which goes through as it is. */
export function plainHtml(request: IncomingMessage, answer: IncomingMessage): Readable | undefined {
  const { 'content-type': type = '', 'content-encoding': packing = 'identity' } = answer.headers
  const asked = request.headers['sec-fetch-dest']
  const isDocument = asked === undefined || /^(document|iframe|frame)$/.test(String(asked))
  const hasBody = request.method !== 'HEAD' && ![204, 205, 304].includes(answer.statusCode ?? 0)
  if (!isDocument || !hasBody || !/^(text\/html|application\/xhtml\+xml)\b/i.test(type)) return undefined
  if (packing === 'identity' || packing === '') return answer
  const unpack = unpackers[packing.trim().toLowerCase()]
  if (unpack === undefined) return undefined
  const unpacked = unpack()
  answer.on('error', (error) => unpacked.destroy(error))
  return answer.pipe(unpacked)
}
