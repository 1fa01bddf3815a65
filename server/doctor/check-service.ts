import { askAddress } from './ask-address.ts'
import { type Finding, passed, skipped, warning } from './step.ts'

/** Whether this service answers at its public address, through whatever proxies stand before it. */
export async function checkService(fetchNow: typeof fetch, publicUrl: string | undefined): Promise<Finding> {
  if (publicUrl === undefined) return skipped('publicUrl is not set.')
  const address = `${publicUrl}/healthz`
  const answer = await askAddress(fetchNow, address)
  if ('text' in answer && answer.status === 200 && /^\{"status":"ok"/.test(answer.text ?? '')) {
    return passed(`${address} answers.`)
  }
  const { pathname } = new URL(`${publicUrl}/`)
  const found = 'problem' in answer ? answer.problem : `HTTP ${answer.status}`
  return warning(
    `${address} is not answered by this service (${found}).`,
    `Start the service, and let the web server forward ${pathname} to it. Seen from this machine the address may differ from what browsers see.`,
    `请启动服务，并让 Web 服务器把 ${pathname} 转发给它。本机看到的地址可能与浏览器看到的不同。`,
  )
}
