import type { CardKeeper, CardVerdict } from '../../../demo/sandbox/bridge/card-keeper.ts'
import type { CardQuirks, NativeContext } from '../../../demo/sandbox/bridge/native/api.ts'
import { createLocalImages } from '../../../demo/sandbox/bridge/native/local-images.ts'
import { nativeApis } from '../../../demo/sandbox/bridge/native/table.ts'
import { createVoices, type Voices } from '../../../demo/sandbox/bridge/native/voices.ts'
import { answerStyles } from '../../../demo/sandbox/bridge/profiles.ts'
import { type BridgeUi, defaultUi } from '../../../demo/sandbox/bridge/ui.ts'

/** Time that moves only when told to, with what was put off until then. */
export interface SlowTime {
  now: number
  /** Moves the time and runs what became due. */
  pass(ms: number): Promise<void>
  later(run: () => void, ms: number): void
}

export function slowTime(): SlowTime {
  let due: { at: number; run: () => void }[] = []
  const time: SlowTime = {
    now: 1_789_617_600_000,
    later(run, ms) {
      due.push({ at: time.now + ms, run })
    },
    async pass(ms) {
      time.now += ms
      for (;;) {
        const ready = due.filter(({ at }) => at <= time.now)
        if (ready.length === 0) return
        due = due.filter(({ at }) => at > time.now)
        for (const { run } of ready) run()
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
      }
    },
  }
  return time
}

export interface TestContext extends NativeContext {
  readonly pushed: [event: string, payload: Record<string, unknown>][]
  readonly heard: CardVerdict[]
}

interface Given {
  ui?: BridgeUi
  cards?: CardKeeper
  quirks?: Partial<CardQuirks>
  time?: SlowTime
  appId?: string
  visitor?: string
  inMiniProgram?: boolean
}

/** What a client of this kind knows while it answers, with everything it pushed. */
export function contextOf(profile: 'ios' | 'android' | 'harmony', given: Given = {}): TestContext {
  const time = given.time ?? slowTime()
  const pushed: TestContext['pushed'] = []
  const heard: CardVerdict[] = []
  let count = 0
  const random = (size: number): Uint8Array => {
    count += 1
    return new Uint8Array(size).fill(count)
  }
  const push = (event: string, payload: Record<string, unknown>): void => {
    pushed.push([event, payload])
  }
  const scheme = answerStyles[profile].localIds
  const voices: Voices = createVoices({
    scheme,
    random,
    now: async () => time.now,
    later: time.later,
    push: (event, payload) => push(event, { ...payload }),
  })
  return {
    profile,
    style: answerStyles[profile],
    ui: { ...defaultUi, ...given.ui },
    images: createLocalImages(scheme, random),
    voices,
    cards: given.cards,
    quirks: {
      cardListShape: 'string',
      addCardCode: 'plain',
      addCardRefusal: 'fail',
      emptyChooseCard: 'cancel',
      ...given.quirks,
    },
    doing: { searchesBeacons: false, favors: false },
    visitor: given.visitor,
    inMiniProgram: given.inMiniProgram ?? false,
    appId: () => given.appId ?? '',
    now: async () => time.now,
    push,
    pushed,
    onCardVerdict: (verdict) => heard.push(verdict),
    heard,
    menu: { shown: true, hidden: [] },
    shareContents: {},
    page: () => ({ title: 'Title', url: 'https://h5.example.com/a' }),
    knows: (name) => name === 'scanQRCode',
  }
}

export async function run(name: string, args: Record<string, unknown>, context: NativeContext) {
  const answer = await nativeApis[name]?.(args, context)
  if (answer === undefined) throw new Error(`the client has no ${name}`)
  return answer
}
