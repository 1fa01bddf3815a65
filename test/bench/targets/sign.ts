import { createHash, randomBytes } from 'node:crypto'

const ticket = 'x'.repeat(86)

/** Only the hash: what is left when every rule is taken away. */
export function sign(url: string) {
  const nonceStr = randomBytes(8).toString('hex')
  const timestamp = Math.floor(Date.now() / 1000)
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`
  return { timestamp, nonceStr, signature: createHash('sha1').update(text).digest('hex'), url }
}
