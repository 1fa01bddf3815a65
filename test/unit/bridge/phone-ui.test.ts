import { expect, test } from 'vitest'
import type { ToPhone } from '../../../demo/sandbox/bridge/phone-protocol.ts'
import { createPhoneUi } from '../../../demo/sandbox/bridge/phone-ui.ts'

const phone = () => {
  const sent: ToPhone[] = []
  let giveUp: () => void = () => undefined
  const made = createPhoneUi(
    (message) => sent.push(message),
    (run) => {
      giveUp = run
    },
  )
  return { sent, ...made, giveUp: () => giveUp() }
}
const question = { needResult: true, scanType: ['qrCode'] }

test('without a phone the built-in answers are used, and nobody is asked', async () => {
  const { ui, sent, giveUp } = phone()
  const scanned = ui.scan?.(question)
  giveUp()
  expect(await scanned).toEqual({ text: 'https://weixin.qq.com/r/sandbox' })
  expect(await ui.networkType?.()).toBe('wifi')
  expect(sent).toEqual([])
})

test('a phone that said welcome is asked, and its answer is the answer', async () => {
  const { ui, sent, receive } = phone()
  receive({ type: 'welcome', switches: { networkType: '4g', denied: ['geoLocation'] } })
  const scanned = ui.scan?.(question)
  await expect.poll(() => sent).toHaveLength(1)
  expect(sent[0]).toEqual({ type: 'question', id: 1, question: { kind: 'scan', ...question } })
  receive({ type: 'answer', id: 7, answer: 'cancel' })
  receive({ type: 'answer', id: 1, answer: { text: 'hello' } })
  expect(await scanned).toEqual({ text: 'hello' })
})

test('switches of the phone are answered without a question, and can change', async () => {
  const { ui, sent, receive } = phone()
  receive({ type: 'welcome', switches: { networkType: '4g', denied: ['geoLocation'] } })
  expect(await ui.networkType?.()).toBe('4g')
  expect(await ui.denies?.('geoLocation')).toBe(true)
  expect(await ui.denies?.('scanQRCode')).toBe(false)
  receive({ type: 'welcome', switches: { networkType: 'none', denied: [] } })
  expect(await ui.denies?.('geoLocation')).toBe(false)
  expect(sent).toEqual([])
})

const switches = { networkType: 'wifi' as const, denied: [] }
const paid = { timeStamp: '1', nonceStr: 'n', package: 'prepay_id=1', signType: 'SHA1' }

test('a phone without a screen for a sheet is not asked, and the built-in answer is used', async () => {
  const { ui, sent, receive } = phone()
  receive({ type: 'welcome', switches, sheets: ['pay'] })
  expect(await ui.addCard?.({ cards: [] })).toBe('add')
  expect(await ui.record?.()).toBe('allow')
  expect(sent).toEqual([])
})

test.each([
  ['add-card', 'addCard', { cards: [] }, 'cancel'],
  ['choose-card', 'chooseCard', { cards: [] }, { picked: [1] }],
  ['view-card', 'viewCard', { cards: [] }, 'fail'],
  ['pay', 'pay', paid, 'ok'],
  ['red-packet', 'redPacket', paid, 'fail'],
  ['address', 'address', undefined, 'deny'],
  ['record', 'record', undefined, 'cancel'],
  ['open-tag', 'openTag', { name: 'wx-open-subscribe', attributes: {} }, 'error'],
] as const)('a phone with a screen for %s is asked', async (kind, method, asked, answer) => {
  const { ui, sent, receive } = phone()
  receive({ type: 'welcome', switches, sheets: [kind] })
  const answered = Reflect.apply(ui[method] ?? (() => undefined), ui, [asked]) as Promise<unknown>
  await expect.poll(() => sent).toEqual([{ type: 'sheet', id: 1, sheet: { kind, ...asked } }])
  receive({ type: 'answer', id: 1, answer: answer as 'cancel' })
  expect(await answered).toEqual(answer)
})

test('a later welcome without sheets leaves them as they were', async () => {
  const { ui, sent, receive } = phone()
  receive({ type: 'welcome', switches, sheets: ['pay'] })
  receive({ type: 'welcome', switches })
  void ui.pay?.(paid)
  await expect.poll(() => sent).toHaveLength(1)
})

test('products and mini programs are notices', () => {
  const { ui, sent } = phone()
  ui.openProduct?.({ productId: 'p1', viewType: '0' })
  ui.miniProgram?.({ name: 'navigateTo', arg: { url: '/a' } })
  expect(sent).toEqual([
    { type: 'notice', notice: { kind: 'product', productId: 'p1', viewType: '0' } },
    { type: 'notice', notice: { kind: 'mini-program', name: 'navigateTo', arg: { url: '/a' } } },
  ])
})
