import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { AccountConfig } from '../config/types.ts'
import { pageUrlToSign, readOrigins } from '../jsapi/page-url.ts'
import { signJsapi } from '../jsapi/sign.ts'
import { askAddress } from './ask-address.ts'
import { describeFailure } from './describe-failure.ts'
import type { FindTicket } from './living-ticket.ts'
import { type Finding, failed, passed, warning } from './step.ts'

export interface SignatureCheck {
  readonly findTicket: FindTicket
  readonly clock: Pick<Clock, 'now'>
  readonly fetch: typeof fetch
  readonly newNonce: () => string
  /** Where the sandbox is, when WeChat is one. */
  readonly sandbox: string | undefined
}

interface Signed {
  readonly url: string
  readonly appId: string
  readonly nonceStr: string
  readonly timestamp: string
  readonly signature: string
}

/** Signs one page as the service does, and has it verified: by the sandbox, or else by hashing it a second way. */
export async function checkSignature(
  parts: SignatureCheck,
  { appId, pageOrigins }: AccountConfig,
  page: string,
): Promise<Finding> {
  try {
    const url = pageUrlToSign(page, readOrigins(pageOrigins))
    const { value: ticket } = await parts.findTicket(appId, 'jsapi')
    const nonceStr = parts.newNonce()
    const timestamp = Math.floor(parts.clock.now() / 1_000)
    const signature = signJsapi({ ticket, nonceStr, timestamp, url })
    const signed = { url, appId, nonceStr, timestamp: String(timestamp), signature }
    if (parts.sandbox !== undefined) return await askSandbox(parts.fetch, parts.sandbox, signed)
    const text = ['jsapi_ticket', ticket, 'noncestr', nonceStr, 'timestamp', timestamp, 'url', url]
      .map((part, index) => (index % 2 === 0 ? `&${part}=` : part))
      .join('')
      .slice(1)
    const again = createHash('sha1').update(text, 'utf8').digest('hex')
    return again === signature ? onlyAPhoneKnows(url) : differs
  } catch (error) {
    return describeFailure(error)
  }
}

const verdictSchema = z.object({
  errMsg: z.string(),
  explanation: z.object({ reason: z.string(), fix: z.string(), fixZh: z.string() }).optional(),
})

async function askSandbox(fetchNow: typeof fetch, sandbox: string, signed: Signed): Promise<Finding> {
  const { url, ...config } = signed
  const answer = await askAddress(fetchNow, `${sandbox}/__sandbox/bridge/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...config,
      profile: 'android',
      landingUrl: url,
      currentUrl: url,
      signType: 'sha1',
      jsApiList: ['checkJsApi'],
    }),
  })
  const verdict = 'text' in answer ? readVerdict(answer.text ?? '') : undefined
  if (verdict === undefined) {
    return warning(
      `${url} was signed, but the sandbox gave no verdict.`,
      `Check that the sandbox at ${sandbox} is of this version.`,
      `沙箱（${sandbox}）没有给出结果：请确认其版本与本服务一致。`,
    )
  }
  if (verdict.errMsg.endsWith(':ok')) return passed(`The sandbox accepts the signature of ${url}.`)
  const { reason = '', fix = '', fixZh = '' } = verdict.explanation ?? {}
  return failed(`The sandbox refuses the signature of ${url} (${verdict.errMsg}). ${reason}`, fix, fixZh)
}

function readVerdict(text: string): z.output<typeof verdictSchema> | undefined {
  try {
    return verdictSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const onlyAPhoneKnows = (url: string): Finding =>
  passed(
    `${url} was signed, and hashing it a second way gives the same signature. Whether WeChat accepts it shows only a page on a phone or in WeChat devtools.`,
  )

const differs = failed(
  'Hashing the same text a second way gives another signature.',
  'This is a defect: report it with the version that wx-h5 --version prints.',
  '这是程序缺陷：请附上 wx-h5 --version 的版本号反馈。',
)
