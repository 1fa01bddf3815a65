import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { BridgeCall } from './bridge/calls.ts'
import type { CardVerdict } from './bridge/card-keeper.ts'
import type { ShareButton } from './bridge/native-names.ts'
import { userAgents } from './bridge/profiles.ts'
import { type BridgeUi, defaultUi, type ShareCard } from './bridge/ui.ts'
import type { BridgeProfile, VerifyAnswer, VerifyRequest } from './bridge-protocol.ts'
import { judgeAt, judgeOf } from './judge.ts'
import type { Sandbox } from './types.ts'

/** The part of Playwright's `Page` that is needed, so that the sandbox depends on no version of it. */
export interface PlaywrightPage {
  addInitScript(script: string): Promise<unknown>
  exposeFunction(name: string, callback: (what: string, question: unknown) => unknown): Promise<unknown>
  evaluate(expression: string): Promise<unknown>
  setExtraHTTPHeaders(headers: Record<string, string>): Promise<unknown>
}

/** What the person at the phone answers: fixed, or by a function that runs in the test. */
export type WeixinPerson = {
  [Question in keyof BridgeUi]: BridgeUi[Question] | Awaited<ReturnType<NonNullable<BridgeUi[Question]>>>
}

/** How {@link installWeixin} simulates WeChat. */
export interface InstallWeixinOptions {
  /** The client to be. */
  readonly profile: BridgeProfile
  /**
   * Verifies signatures and keeps the cards: a sandbox of this process, or the address of a running one. It has to be the one that your
   * signing service takes for WeChat. Default `http://localhost:8788`, where `wx-h5 sandbox` listens.
   */
  readonly sandbox?: Sandbox | string
  /** The person at the phone; who is not told what to answer agrees to everything. */
  readonly person?: WeixinPerson
  /** Answers by bridge name, word for word, such as those of an old client. */
  readonly answers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Milliseconds until `WeixinJSBridge` appears. Default: at once. */
  readonly bridgeDelayMs?: number
  /** The client's language. Default: the browser's. */
  readonly language?: 'zh_CN' | 'en'
  /** Id of the sandbox's visitor at this phone. Default: whoever is looking in the sandbox. */
  readonly visitor?: string
  /** The page is in a web view of this mini program. Default: in an ordinary one. */
  readonly miniProgram?: { readonly appId: string }
}

/** A configuration that was verified, and what WeChat said to it; a refusal explains itself. */
export interface WeixinVerdict {
  readonly request: VerifyRequest
  readonly answer: VerifyAnswer
}

/** The simulated WeChat around a page. */
export interface WeixinInPage {
  /** Everything that went over the bridge in the current document. */
  calls(): Promise<BridgeCall[]>
  /** Every verdict on a configuration, newest last, also those of earlier documents. */
  readonly verdicts: readonly WeixinVerdict[]
  /** Every verdict on cards that were added, chosen or opened, newest last. */
  readonly cardVerdicts: readonly CardVerdict[]
  /** Changes what the person answers from now on. */
  person(answers: WeixinPerson): void
  /**
   * Taps a share button of the ⋯ menu and gives the card that others would see.
   *
   * @throws {Error} when the page listens to this button and sends no card in time. Default 5,000 ms.
   */
  share(button: ShareButton, withinMs?: number): Promise<ShareCard>
  /** Pushes an event from the client to the page, such as `onVoiceRecordEnd`. */
  push(event: string, payload?: Record<string, unknown>): Promise<void>
}

const ASK = '__wxH5KitAsk'
const BRIDGE = '__wxH5KitBridge'

const installed = new WeakSet<PlaywrightPage>()

/**
 * Puts a simulated WeChat around a page of Playwright: user agent, `WeixinJSBridge`, and a person at the phone.
 *
 * Call it before `page.goto`. It lasts for every document of the page, not for its frames. Signatures are verified in
 * the test's process, so that neither CORS nor a policy of the page stands in the way.
 *
 * @throws {Error} when it is called twice for a page, when no sandbox answers at the address, or when the bridge
 * script is missing
 * @example
 * import { chromium } from 'playwright-core'
 * const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' })
 * const page = await browser.newPage()
 * const weixin = await installWeixin(page, { profile: 'ios', sandbox: createSandbox() })
 * await page.goto('http://localhost:5173/')
 * weixin.person({ scan: { text: 'table 12' }, location: 'deny' })
 * const card = await weixin.share('appMessage')
 */
export async function installWeixin(
  page: PlaywrightPage,
  options: InstallWeixinOptions,
): Promise<WeixinInPage> {
  const { sandbox = 'http://localhost:8788', person: atFirst, answers = {}, ...settings } = options
  if (installed.has(page)) throw new Error('installWeixin was called twice for one page: open a new page.')
  const judge = typeof sandbox === 'string' ? await judgeAt(sandbox) : judgeOf(sandbox)
  const script = await bridgeScript()
  installed.add(page)
  const verdicts: WeixinVerdict[] = []
  const cardVerdicts: CardVerdict[] = []
  let person: WeixinPerson = { ...atFirst }
  let onCard: ((card: ShareCard) => void) | undefined

  const ask = async (what: string, question: unknown): Promise<unknown> => {
    if (what === 'verify') {
      const request = question as VerifyRequest
      const answer = await judge.verify(request)
      verdicts.push({ request, answer })
      return answer
    }
    if (what === 'cardVerdict') return cardVerdicts.push(question as CardVerdict)
    if (what === 'share') onCard?.((question as { card: ShareCard }).card)
    const known = { ...defaultUi, ...judge }
    const answer: unknown = person[what as keyof WeixinPerson] ?? known[what as keyof typeof known]
    return typeof answer === 'function' ? answer(question) : answer
  }

  await page.exposeFunction(ASK, ask)
  await page.setExtraHTTPHeaders({ 'user-agent': userAgents[settings.profile] })
  await page.addInitScript(
    `(() => {
      if (window !== window.top || !/^https?:$/.test(location.protocol)) return
      ${script}
      const asks = (names) =>
        Object.fromEntries(names.map((name) => [name, (question) => window.${ASK}(name, question)]))
      const answers = Object.entries(${JSON.stringify(answers)}).map(([name, answer]) => [name, () => answer])
      const bridge = WeixinSandbox.installWeixinBridge({
        ...${JSON.stringify(settings)},
        overrideUserAgent: true,
        ...asks(['verify', 'now']),
        cards: asks(['verifyAddCard', 'verifyChooseCard', 'verifyViewCard']),
        onCardVerdict: asks(['cardVerdict']).cardVerdict,
        ui: asks(${JSON.stringify(Object.keys(defaultUi))}),
        answers: Object.fromEntries(answers),
      })
      Object.defineProperty(window, '${BRIDGE}', { value: bridge })
    })()`,
  )

  const onBridge = (expression: string): Promise<unknown> =>
    page.evaluate(`(() => {
      const bridge = window.${BRIDGE}
      if (!bridge) throw new Error('There is no WeChat around this document: call installWeixin before page.goto.')
      return ${expression}
    })()`)

  return {
    calls: () => onBridge('JSON.parse(JSON.stringify(bridge.calls))') as Promise<BridgeCall[]>,
    verdicts,
    cardVerdicts,
    person(change) {
      person = { ...person, ...change }
    },
    async share(button, withinMs = 5_000) {
      const card = new Promise<ShareCard>((resolve, reject) => {
        const late = `The page sent no card for ${button} within ${withinMs} ms although it listens to the button.`
        const timer = setTimeout(() => reject(new Error(late)), withinMs)
        onCard = (shown) => {
          clearTimeout(timer)
          resolve(shown)
        }
      })
      const [shown] = await Promise.all([card, onBridge(`void bridge.share(${JSON.stringify(button)})`)])
      return shown
    },
    async push(event, payload = {}) {
      await onBridge(`void bridge.push(${JSON.stringify(event)}, ${JSON.stringify(payload)})`)
    },
  }
}

/** The bridge as a script that declares `WeixinSandbox`; once built it lies in a folder beside this file. */
async function bridgeScript(): Promise<string> {
  const place = import.meta.url.endsWith('.ts') ? '../../dist/demo/sandbox/' : './'
  const file = fileURLToPath(new URL(`${place}bridge/bridge.min.js`, import.meta.url))
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Error(`The bridge script is missing at ${file}. Build it: npm run build`, { cause })
  }
}
