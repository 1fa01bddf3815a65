import { randomInt } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { builtInAccount } from '../../demo/sandbox/index.ts'
import { loadKeys } from '../../server/access/key-file.ts'
import { systemRandom } from '../../server/random.ts'
import { type BundledScript, bundleScript } from '../support/bundle-script.ts'
import { fault } from '../support/fault.ts'
import { createHistory, type History } from '../support/history.ts'
import { checkLiving, checkOrder, truthOf } from '../support/history-checks.ts'
import { keyFile } from '../support/keys-worker.ts'
import { runScript } from '../support/kill.ts'
import { temporaryFolder } from '../support/processes.ts'
import { type HandedOut, type VaultWork, workAppId } from '../support/vault-worker.ts'
import { startWechat, type WechatServer } from '../support/wechat-server.ts'

/** Two at a time, each with files of its own. */
const CHAINS = 2
const VAULT_KILLS = 100
const KEY_KILLS = 40
/** More than a worker gets done before it is killed. */
const REACH = 60

let vaultWorker: BundledScript
let keysWorker: BundledScript
beforeAll(async () => {
  vaultWorker = await bundleScript('test/support/vault-worker.ts')
  keysWorker = await bundleScript('test/support/keys-worker.ts')
})
afterAll(async () => {
  await vaultWorker.remove()
  await keysWorker.remove()
})

const chains = <Result>(run: (chain: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: CHAINS }, (_, chain) => run(chain)))

fault(
  'F7',
  {
    injected: `${VAULT_KILLS} times SIGKILL while tokens and tickets are fetched and stored`,
    expected:
      'what was handed out comes from the store again, without a call; nothing older; no half-written file',
  },
  async (see) => {
    const each = VAULT_KILLS / CHAINS
    const span = each * REACH
    const accounts = Array.from({ length: CHAINS * span + 1 }, (_, number) => ({
      ...builtInAccount,
      appId: workAppId(number),
    }))
    const wechat = await startWechat({ accounts, ticketRotation: 'every-call' })
    const history = createHistory(wechat.sandbox.clock.now)
    const counts = await chains(async (chain) => {
      const file = join(await temporaryFolder(), 'wx-h5.db')
      return killVault(wechat, history, file, chain * span, each)
    })
    see(`${history.operations.length} handed out, ${counts.flat().length} accounts`)

    const truth = truthOf(wechat.sandbox)
    expect(checkLiving(history, truth)).toEqual([])
    expect(checkOrder(history, truth, 'everyone')).toEqual([])
    const acknowledged = new Set(counts.flat())
    const again = truth.filter(({ appId, of, version }) => acknowledged.has(`${appId} ${of}`) && version > 0)
    see(`${again.length} fetched twice`)
    expect(again).toEqual([])
  },
)

/** Starts workers one after the other on one file; returns everything that was handed out, as `appId kind`. */
async function killVault(
  wechat: WechatServer,
  history: History,
  file: string,
  first: number,
  kills: number,
): Promise<string[]> {
  const base = { file, wechat: wechat.url, appSecret: builtInAccount.appSecret }
  const values = new Map<string, string>()
  const record = async (lines: readonly string[]): Promise<HandedOut[]> => {
    // The last line may be cut off where the process was: it handed out nothing then.
    const handedOut = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as HandedOut)
    for (const { appId, of, value } of handedOut) {
      const key = `${appId} ${of}`
      expect(values.get(key) ?? value, `${key} after a kill`).toBe(value)
      values.set(key, value)
      await history.record(file, { kind: 'read', appId, of }, async () => value)
    }
    return handedOut
  }
  let again: number[] = []
  for (let kill = 0; kill < kills; kill++) {
    const from = first + kill * REACH
    const work: VaultWork = { ...base, again, from, to: from + REACH }
    const killAfter = { lines: 2 * again.length + randomInt(0, 30), ms: randomInt(0, 8) }
    const { lines, ended, errors } = await runScript(vaultWorker, [JSON.stringify(work)], killAfter)
    expect(ended, errors).toBe('SIGKILL')
    const done = await record(lines)
    again = [...new Set(done.filter(({ of }) => of === 'jsapi').map(({ appId }) => Number(appId.slice(2))))]
      .filter((number) => number >= from)
      .slice(-5)
  }
  const everything = [...new Set([...values.keys()].map((key) => Number(key.slice(2, 18))))]
  const work: VaultWork = { ...base, again: everything, from: first, to: first }
  const { lines, ended, errors } = await runScript(vaultWorker, [JSON.stringify(work)])
  expect(ended, errors).toBe(0)
  const acknowledged = [...values.keys()]
  await record(lines)
  return acknowledged
}

fault(
  'F7',
  {
    injected: `${KEY_KILLS} times SIGKILL while key files are made`,
    expected: 'every file is whole or not there, and every acknowledged one is there',
  },
  async (see) => {
    const made = await chains(async () => {
      const folder = await temporaryFolder()
      let turn = 0
      for (let kill = 0; kill < KEY_KILLS / CHAINS; kill++) {
        const killAfter = { lines: randomInt(0, 3), ms: randomInt(0, 120) }
        const { lines, ended, errors } = await runScript(keysWorker, [folder, String(turn)], killAfter)
        expect(ended, errors).toBe('SIGKILL')
        for (const line of lines) expect(await readdir(join(folder, line))).toContain('keys.json')
        turn += lines.length + 1
      }
      let whole = 0
      for (let at = 0; at < turn; at++) {
        const text = await readFile(keyFile(folder, at), 'utf8').catch(() => undefined)
        if (text === undefined) continue
        whole += 1
        await loadKeys({ file: keyFile(folder, at), ssoToken: [], phone: [] }, systemRandom)
        expect(await readFile(keyFile(folder, at), 'utf8')).toBe(text)
      }
      return { turn, whole }
    })
    see(made.map(({ turn, whole }) => `${whole} of ${turn} files`).join(', '))
  },
)
