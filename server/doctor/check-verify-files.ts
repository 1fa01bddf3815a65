import type { AccountConfig } from '../config/types.ts'
import { askAddress } from './ask-address.ts'
import { type Finding, failed, passed, skipped, together } from './step.ts'

/** Whether WeChat would find its MP_verify files at the root of the host of publicUrl; no other host is asked. */
export async function checkVerifyFiles(
  fetchNow: typeof fetch,
  publicUrl: string | undefined,
  accounts: readonly AccountConfig[],
): Promise<Finding> {
  const files = new Map(accounts.flatMap(({ verifyFiles }) => Object.entries(verifyFiles)))
  if (files.size === 0) return skipped('No verifyFiles are configured.')
  if (publicUrl === undefined) return skipped('publicUrl is not set: there is no host to look at.')
  const { origin } = new URL(publicUrl)
  return together(
    await Promise.all([...files].map(([name, content]) => checkFile(fetchNow, `${origin}/${name}`, content))),
  )
}

async function checkFile(fetchNow: typeof fetch, address: string, content: string): Promise<Finding> {
  const answer = await askAddress(fetchNow, address)
  const { pathname } = new URL(address)
  const forward = `Let the web server forward ${pathname} at the root to this service, or put the file there itself.`
  const forwardZh = `请让 Web 服务器把根目录下的 ${pathname} 转发给本服务，或直接把文件放在那里。`
  if ('problem' in answer)
    return failed(`${address} cannot be fetched (${answer.problem}).`, forward, forwardZh)
  if (answer.status !== 200) {
    return failed(`${address} answers HTTP ${answer.status}, WeChat wants 200.`, forward, forwardZh)
  }
  if (answer.text?.trim() === content.trim()) return passed(`${address} is there.`)
  return failed(
    `${address} has another content than the configuration.`,
    `Download the file once more from mp.weixin.qq.com and correct accounts[].verifyFiles; or another program answers there: ${forward}`,
    `请从 mp.weixin.qq.com 重新下载该文件并更正 accounts[].verifyFiles；也可能是其他程序在响应：${forwardZh}`,
  )
}
