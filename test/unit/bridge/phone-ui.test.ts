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
