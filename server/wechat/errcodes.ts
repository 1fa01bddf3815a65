import { isIP } from 'node:net'
import type { RetryClass } from './errcode-row.ts'
import { accountErrcodes } from './errcodes-account.ts'
import { authorizeErrcodes } from './errcodes-authorize.ts'
import { contentErrcodes } from './errcodes-content.ts'
import { credentialErrcodes } from './errcodes-credential.ts'
import { oauthErrcodes } from './errcodes-oauth.ts'
import { requestErrcodes } from './errcodes-request.ts'

/** What to do, in one or two sentences, safe to show to anybody who may call us. */
export interface Hint {
  readonly en: string
  readonly zh: string
}

/** What one `errcode` of WeChat means to us. */
export interface ErrcodeExplanation {
  readonly errcode: number
  /** Our own stable name in snake_case, used in logs and metrics; `unknown` for codes without an entry. */
  readonly name: string
  readonly retry: RetryClass
  readonly hint: Hint
}

const table: ReadonlyMap<number, ErrcodeExplanation> = new Map(
  [accountErrcodes, authorizeErrcodes, contentErrcodes, credentialErrcodes, oauthErrcodes, requestErrcodes]
    .flat()
    .map(([errcode, name, retry, en, zh]) => [errcode, { errcode, name, retry, hint: { en, zh } }]),
)

/** Every errcode that has an explanation of its own. */
export const knownErrcodes: readonly number[] = [...table.keys()].sort((one, other) => one - other)

/**
 * Explains an `errcode`; an unknown one gets an honest general text and is not retried.
 *
 * @example
 * explainErrcode(42001).retry // 'refresh_token'
 */
export function explainErrcode(errcode: number): ErrcodeExplanation {
  return (
    table.get(errcode) ?? {
      errcode,
      name: 'unknown',
      retry: 'never',
      hint: {
        en: `WeChat answered with errcode ${errcode}, which this version has no explanation for; look it up in WeChat's list of global return codes.`,
        zh: `微信返回了错误码 ${errcode}，本版本没有对应说明；请在微信官方的全局返回码文档中查询。`,
      },
    }
  )
}

/**
 * The hint for one refusal: as `explainErrcode`, and with the address to add where WeChat names the address that
 * it refused (40164, 61004, 45035).
 *
 * Nothing else of `errmsg` is used, because it may repeat what was sent.
 */
export function hintFor(errcode: number, errmsg: string): Hint {
  const { hint } = explainErrcode(errcode)
  const address = addressCodes.has(errcode) ? readRefusedAddress(errmsg) : undefined
  if (address === undefined) return hint
  return {
    en: `Add ${address} to the IP white list of the account (mp.weixin.qq.com, Basic configuration).`,
    zh: `请把 ${address} 加入该账号的 IP 白名单（mp.weixin.qq.com → 设置与开发 → 基本配置 → IP白名单）。`,
  }
}

const addressCodes = new Set([40164, 45035, 61004])

/**
 * Reads the address that WeChat refused out of an errmsg such as
 * `invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist`; IPv4 where there is one, else IPv6.
 */
export function readRefusedAddress(errmsg: string): string | undefined {
  const words = errmsg.slice(0, 500).match(/[0-9a-fA-F:.]{2,}/g) ?? []
  const addresses = words
    .map((word) => word.replace(/^::ffff:(?=\d+\.)/i, '').replace(/\.+$/, ''))
    .filter((word) => word !== '::' && isIP(word) !== 0)
  return addresses.find((address) => isIP(address) === 4) ?? addresses[0]
}
