import type {
  PhoneAnswer,
  PhoneAnswers,
  PhoneEndings,
  PhoneQuestion,
  PhoneSwitches,
  SheetAnswers,
  SheetQuestion,
  ToBridge,
  ToPhone,
} from './phone-protocol.ts'
import { type BridgeUi, defaultUi } from './ui.ts'

/** A person at a phone, seen from the page's bridge. */
export interface PhoneUi {
  readonly ui: BridgeUi
  /** Takes in what the phone said; other messages are left to others. */
  receive(message: ToBridge): void
}

/**
 * Puts the questions of WeChat to the phone around the page.
 *
 * A phone that has not said welcome after `patienceMs` is taken for absent, and the built-in answers are used.
 */
export function createPhoneUi(
  send: (message: ToPhone) => void,
  later: (run: () => void, ms: number) => unknown,
  patienceMs = 1000,
): PhoneUi {
  const open = new Map<number, (answer: PhoneAnswer) => void>()
  let count = 0
  let switches: PhoneSwitches | undefined
  let sheets: readonly SheetQuestion['kind'][] = []
  let settle: (present: boolean) => void = () => undefined
  const present = new Promise<boolean>((resolve) => {
    settle = resolve
  })
  later(() => settle(false), patienceMs)

  const put = (message: (id: number) => ToPhone): Promise<PhoneAnswer> => {
    count += 1
    const id = count
    const answer = new Promise<PhoneAnswer>((resolve) => open.set(id, resolve))
    send(message(id))
    return answer
  }
  const ask = async <K extends PhoneQuestion['kind']>(
    question: Extract<PhoneQuestion, { kind: K }>,
    absent: () => PhoneAnswers[K] | Promise<PhoneAnswers[K]>,
  ): Promise<PhoneAnswers[K]> => {
    if (!(await present)) return absent()
    const answer = await put((id) => ({ type: 'question', id, question }))
    return answer as PhoneAnswers[K]
  }
  const askSheet = async <K extends SheetQuestion['kind']>(
    sheet: Extract<SheetQuestion, { kind: K }>,
    absent: () => SheetAnswers[K] | Promise<SheetAnswers[K]>,
  ): Promise<SheetAnswers[K]> => {
    if (!(await present) || !sheets.includes(sheet.kind)) return absent()
    return (await put((id) => ({ type: 'sheet', id, sheet }))) as SheetAnswers[K]
  }

  const ending = async <K extends keyof PhoneEndings>(of: K): Promise<PhoneEndings[K] | undefined> =>
    (await present) ? switches?.endings?.[of] : undefined

  return {
    ui: {
      denies: async (name) => (await present) && (switches?.denied.includes(name) ?? false),
      networkType: async () => ((await present) ? switches?.networkType : undefined) ?? 'wifi',
      scan: (question) => ask({ kind: 'scan', ...question }, () => defaultUi.scan(question)),
      chooseImages: (question) =>
        ask({ kind: 'images', ...question }, () => defaultUi.chooseImages(question)),
      location: (question) => ask({ kind: 'location', ...question }, () => defaultUi.location(question)),
      share: (question) => ask({ kind: 'share', ...question }, () => defaultUi.share(question)),
      addCard: (asked) => askSheet({ kind: 'add-card', ...asked }, () => defaultUi.addCard(asked)),
      chooseCard: (asked) => askSheet({ kind: 'choose-card', ...asked }, () => defaultUi.chooseCard(asked)),
      viewCard: (asked) => askSheet({ kind: 'view-card', ...asked }, () => defaultUi.viewCard(asked)),
      pay: (asked) => askSheet({ kind: 'pay', ...asked }, () => defaultUi.pay(asked)),
      redPacket: (asked) => askSheet({ kind: 'red-packet', ...asked }, () => defaultUi.redPacket(asked)),
      address: () => askSheet({ kind: 'address' }, () => defaultUi.address()),
      record: () => askSheet({ kind: 'record' }, () => defaultUi.record()),
      openTag: (asked) => askSheet({ kind: 'open-tag', ...asked }, () => defaultUi.openTag(asked)),
      translateVoice: async (asked) => (await ending('translateVoice')) ?? defaultUi.translateVoice(asked),
      transfer: async (asked) => (await ending('transfer')) ?? defaultUi.transfer(asked),
      beacons: async () => (await ending('beacons')) ?? defaultUi.beacons(),
      openProduct: (shown) => send({ type: 'notice', notice: { kind: 'product', ...shown } }),
      miniProgram: (asked) => send({ type: 'notice', notice: { kind: 'mini-program', ...asked } }),
      previewImages: (shown) => send({ type: 'notice', notice: { kind: 'preview', ...shown } }),
      openLocation: (place) => send({ type: 'notice', notice: { kind: 'map', ...place } }),
      closeWindow: () => send({ type: 'notice', notice: { kind: 'close' } }),
      menuChanged: (menu) => send({ type: 'notice', notice: { kind: 'menu', menu } }),
      shareContentsChanged: (contents) =>
        send({ type: 'notice', notice: { kind: 'share-contents', contents } }),
    },
    receive(message) {
      if (message.type === 'welcome') {
        switches = message.switches
        sheets = message.sheets ?? sheets
        settle(true)
      }
      if (message.type === 'answer') {
        open.get(message.id)?.(message.answer)
        open.delete(message.id)
      }
    },
  }
}
