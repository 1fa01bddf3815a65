/** How a check ended. Only `failed` makes the doctor exit with 1. */
export type StepStatus = 'passed' | 'warning' | 'failed' | 'skipped'

/** What one check found. No part ever holds a secret, a token or a ticket. */
export interface Finding {
  readonly status: StepStatus
  /** What was found, in one or more sentences. */
  readonly detail: string
  /** What to do, in English; absent when there is nothing to do. */
  readonly fix?: string
  /** What to do, in Chinese. */
  readonly fixZh?: string
}

/** A check with its result, as it is printed. */
export interface Step extends Finding {
  readonly id: StepId
  readonly title: string
  readonly titleZh: string
  /** The account it is about; absent for what all of them share. */
  readonly appId?: string
}

/** Every check in the order in which they run, with its title in English and Chinese. */
export const stepTitles = {
  configuration: ['configuration', '配置'],
  keys: ['own keys', '服务密钥'],
  redis: ['Redis', 'Redis'],
  database: ['database', '数据库'],
  wechat: ['WeChat reachable', '微信接口'],
  clock: ['clock', '时钟'],
  secret: ['AppSecret and IP white list', 'AppSecret 与 IP 白名单'],
  jsapi_ticket: ['ticket for pages', '页面 ticket'],
  card_ticket: ['ticket for cards', '卡券 ticket'],
  page_domains: ['domains of pages', 'JS接口安全域名'],
  signature: ['signature', '签名'],
  login: ['login', '网页授权'],
  service: ['service behind publicUrl', 'publicUrl 上的服务'],
  verify_files: ['verification files', '域名校验文件'],
} as const satisfies Record<string, readonly [en: string, zh: string]>

export type StepId = keyof typeof stepTitles

/** Runs one check, at most for a while, and tells what it found. */
export type Take = (id: StepId, check: () => Promise<Finding> | Finding, appId?: string) => Promise<Finding>

export const passed = (detail: string): Finding => ({ status: 'passed', detail })
export const skipped = (detail: string): Finding => ({ status: 'skipped', detail })
export const warning = (detail: string, fix: string, fixZh: string): Finding => ({
  status: 'warning',
  detail,
  fix,
  fixZh,
})
export const failed = (detail: string, fix: string, fixZh: string): Finding => ({
  status: 'failed',
  detail,
  fix,
  fixZh,
})

const severity: readonly StepStatus[] = ['skipped', 'passed', 'warning', 'failed']

/** One finding of several about the same thing: the worst status, all sentences. */
export function together(findings: readonly Finding[]): Finding {
  const status = severity[Math.max(0, ...findings.map((finding) => severity.indexOf(finding.status)))]
  const join = (name: 'fix' | 'fixZh', separator: string): string =>
    [...new Set(findings.flatMap((finding) => finding[name] ?? []))].join(separator)
  const fix = join('fix', ' ')
  const fixZh = join('fixZh', '')
  return {
    status: status ?? 'skipped',
    detail: findings.map(({ detail }) => detail).join(' '),
    ...(fix === '' ? {} : { fix }),
    ...(fixZh === '' ? {} : { fixZh }),
  }
}
