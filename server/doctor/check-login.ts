import { buildAuthorizeUrl } from '../auth-info/authorize-url.ts'
import type { AccountConfig } from '../config/types.ts'
import { explainErrcode } from '../wechat/errcodes.ts'
import { askAddress } from './ask-address.ts'
import { isAddress, isLoopback } from './hosts.ts'
import { type Finding, failed, passed, skipped, together, warning } from './step.ts'

export interface LoginCheck {
  readonly fetch: typeof fetch
  readonly publicUrl: string | undefined
  readonly authorizeUrl: string
  readonly newState: () => string
  /** Where the sandbox is, when WeChat is one. */
  readonly sandbox: string | undefined
}

const CALLBACK_PATH = '/wx/api/fans/authInfo/callback'

/** Whether visitors of an account can be sent through WeChat and back, and what has to be entered as 网页授权域名. */
export async function checkLogin(parts: LoginCheck, account: AccountConfig): Promise<Finding> {
  const { publicUrl, sandbox } = parts
  if (account.redirects.length === 0) return skipped('redirects are empty: nobody is sent through WeChat.')
  if (publicUrl === undefined) {
    return failed(
      'redirects are set, but the service does not know its own address: every login ends in not_configured.',
      'Set publicUrl (WX_PUBLIC_URL) to the address at which browsers reach this service.',
      '已配置 redirects，但缺少 publicUrl（WX_PUBLIC_URL）：请填写浏览器访问本服务的地址。',
    )
  }
  const place = new URL(publicUrl)
  const asked =
    sandbox === undefined ? [] : [await askSandbox(parts, account.appId, `${publicUrl}${CALLBACK_PATH}`)]
  return together([
    whatToEnter(place, sandbox !== undefined),
    ...judgePlace(place),
    ...judgeRedirects(account, place),
    ...asked,
  ])
}

function whatToEnter({ hostname, pathname }: URL, sandbox: boolean): Finding {
  const prefix = pathname.replace(/\/$/, '')
  const forward = prefix === '' ? '' : ` The proxy must forward ${prefix}/ to this service.`
  const unknown = sandbox ? '' : ' Whether it is entered, only WeChat knows.'
  return passed(
    `Enter as 网页授权域名 at mp.weixin.qq.com, whole, without scheme, port and path: ${hostname}.${forward}${unknown}`,
  )
}

function judgePlace({ origin, protocol, hostname, port }: URL): Finding[] {
  if (isLoopback(hostname)) {
    return [
      warning(
        `publicUrl ${origin} is this machine: good for the sandbox, never for a phone.`,
        'Set publicUrl to an address that phones can open for real visitors.',
        'publicUrl 是本机地址：只适用于沙箱，真实访客请填写手机可以访问的地址。',
      ),
    ]
  }
  if (isAddress(hostname) || port !== '') {
    return [
      failed(
        `publicUrl ${origin} has ${port === '' ? 'an IP address' : `the port ${port}`}, and WeChat takes only a domain on port 80 or 443: 10003.`,
        explainErrcode(10003).hint.en,
        explainErrcode(10003).hint.zh,
      ),
    ]
  }
  return protocol === 'https:'
    ? []
    : [
        warning(
          'publicUrl is http, and WeChat may insist on https (10039); identities travel in plain text.',
          explainErrcode(10039).hint.en,
          explainErrcode(10039).hint.zh,
        ),
      ]
}

function judgeRedirects({ redirects, pageOrigins }: AccountConfig, place: URL): Finding[] {
  const targets = redirects.map((redirect) => new URL(redirect))
  const pages = new Set(pageOrigins.map((origin) => new URL(origin).origin))
  const plain = targets.filter(({ protocol, hostname }) => protocol === 'http:' && !isLoopback(hostname))
  const unsigned = [...new Set(targets.map(({ origin }) => origin).filter((origin) => !pages.has(origin)))]
  return [
    ...(plain.length > 0 && place.protocol === 'https:'
      ? [
          warning(
            `Visitors are sent from https on to ${plain.map(({ href }) => href).join(', ')}: their identity travels in plain text.`,
            'Use https in accounts[].redirects (WX_REDIRECTS).',
            '登录后会跳转到 http 地址，身份信息以明文传输：请在 accounts[].redirects（WX_REDIRECTS）中使用 https。',
          ),
        ]
      : []),
    ...(unsigned.length > 0
      ? [
          warning(
            `Visitors are sent to ${unsigned.join(', ')}, where no page can be signed.`,
            'Add the origin to accounts[].pageOrigins (WX_PAGE_ORIGINS) if these pages use the JS-SDK.',
            `登录后跳转到的 ${unsigned.join('、')} 不在 pageOrigins 中：如果这些页面要用 JS-SDK，请加入 accounts[].pageOrigins（WX_PAGE_ORIGINS）。`,
          ),
        ]
      : []),
  ]
}

async function askSandbox(parts: LoginCheck, appId: string, redirectUri: string): Promise<Finding> {
  if (new URL(parts.authorizeUrl).origin !== parts.sandbox) {
    return warning(
      `wechat.authorizeUrl ${parts.authorizeUrl} is not of the sandbox that wechat.apiHosts name.`,
      `Set wechat.authorizeUrl to ${parts.sandbox}/connect/oauth2/authorize for logins in the sandbox.`,
      `沙箱登录请把 wechat.authorizeUrl 设为 ${parts.sandbox}/connect/oauth2/authorize。`,
    )
  }
  const address = buildAuthorizeUrl({
    appId,
    redirectUri,
    scope: 'snsapi_base',
    state: parts.newState(),
    authorizeUrl: parts.authorizeUrl,
  })
  const answer = await askAddress(parts.fetch, address.replace(/#.*$/, ''))
  if ('problem' in answer) {
    return failed(
      `The sandbox did not say whether it would send visitors back (${answer.problem}).`,
      'Check wechat.authorizeUrl.',
      '沙箱没有响应授权请求：请检查 wechat.authorizeUrl。',
    )
  }
  if (answer.status === 302) return passed('The sandbox sends visitors back.')
  const code = Number(/错误码[：:]?\s*(\d{5})/.exec(answer.text ?? '')?.[1] ?? Number.NaN)
  if (Number.isNaN(code))
    return warning('The sandbox asks the visitor first.', 'Nothing to do.', '无需处理。')
  const { name, hint } = explainErrcode(code)
  return failed(
    `The sandbox refuses to send visitors to ${redirectUri}: ${code} (${name}).`,
    hint.en,
    hint.zh,
  )
}
