import { expect, test } from 'vitest'
import type { BridgeUi } from '../../../demo/sandbox/bridge/ui.ts'
import { contextOf, run, slowTime, type TestContext } from './native-context.ts'

const DAY_MS = 86_400_000

async function recorded(ms: number, profile: 'ios' | 'android' = 'ios') {
  const time = slowTime()
  const context = contextOf(profile, { time })
  await run('startRecord', {}, context)
  await time.pass(ms)
  const { fields } = await run('stopRecord', {}, context)
  return { time, context, localId: String(fields?.localId) }
}

const status = async (name: string, context: TestContext, localId = '') =>
  (await run(name, { localId }, context)).status

test('a recording has a local id of its client, and one runs at a time', async () => {
  const { context, localId } = await recorded(2_000)
  expect(localId).toMatch(/^wxLocalResource:\/\/voiceid\d+$/)
  expect((await recorded(2_000, 'android')).localId).toMatch(/^weixin:\/\/resourceid\/[0-9a-f]{32}$/)
  expect(await status('stopRecord', context)).toBe('fail')
  expect(await status('startRecord', context)).toBe('ok')
  expect(await status('startRecord', context)).toBe('fail')
})

test('after 60 seconds of the sandbox a recording ends by itself', async () => {
  const time = slowTime()
  const context = contextOf('ios', { time })
  await run('startRecord', {}, context)
  await time.pass(59_999)
  expect(context.pushed).toEqual([])
  await time.pass(250)
  expect(context.pushed).toEqual([
    ['onVoiceRecordEnd', { localId: expect.stringMatching(/^wxLocalResource/) }],
  ])
  expect(await status('stopRecord', context)).toBe('fail')
  expect(await status('playVoice', context, String(context.pushed[0]?.[1].localId))).toBe('ok')
})

test('a recording that was stopped does not end a second time, nor the next one too early', async () => {
  const { time, context } = await recorded(2_000)
  await run('startRecord', {}, context)
  await time.pass(58_500)
  expect(context.pushed).toEqual([])
  expect(context.voices.endRecording()).toBe(true)
  expect(context.voices.endRecording()).toBe(false)
  await time.pass(120_000)
  expect(context.pushed).toHaveLength(1)
})

test('a voice plays to its end, from where it was paused, and from the beginning after a stop', async () => {
  const { time, context, localId } = await recorded(10_000)
  expect(await status('playVoice', context, localId)).toBe('ok')
  await time.pass(6_000)
  expect(await status('pauseVoice', context, localId)).toBe('ok')
  expect(await status('pauseVoice', context, localId)).toBe('fail')
  await time.pass(60_000)
  await run('playVoice', { localId }, context)
  await time.pass(3_750)
  expect(context.pushed).toEqual([])
  await time.pass(500)
  expect(context.pushed).toEqual([['onVoicePlayEnd', { localId }]])

  await run('playVoice', { localId }, context)
  await time.pass(6_000)
  expect(await status('stopVoice', context, localId)).toBe('ok')
  expect(await status('stopVoice', context, localId)).toBe('fail')
  await run('playVoice', { localId }, context)
  await time.pass(9_500)
  expect(context.pushed).toHaveLength(1)
  expect(context.voices.endPlaying()).toBe(true)
  expect(context.voices.endPlaying()).toBe(false)
  await time.pass(20_000)
  expect(context.pushed).toHaveLength(2)
})

test('an unknown voice cannot be used', async () => {
  const context = contextOf('ios')
  for (const name of [
    'playVoice',
    'pauseVoice',
    'stopVoice',
    'uploadVoice',
    'downloadVoice',
    'translateVoice',
  ])
    expect(await status(name, context, 'unknown')).toBe('fail')
})

test.each(['Voice', 'Image'] as const)('an uploaded %s can be downloaded for three days', async (kind) => {
  const { time, context, localId: voice } = await recorded(5_000)
  const localId = kind === 'Voice' ? voice : context.images.add({ dataUrl: 'data:image/png;base64,QUJD' })
  const { serverId } = (await run(`upload${kind}`, { localId }, context)).fields ?? {}
  expect(serverId).toMatch(/^[\w-]{43}$/)
  await time.pass(3 * DAY_MS - 1)
  const again = (await run(`download${kind}`, { serverId }, context)).fields?.localId
  expect(again).not.toBe(localId)
  expect(again).toMatch(/^wxLocalResource/)
  await time.pass(1)
  expect(await run(`download${kind}`, { serverId }, context)).toEqual({ status: 'fail' })
})

test.each(['cancel', 'fail'] as const)('transfers can end with %s', async (end) => {
  const context = contextOf('ios', { ui: { transfer: () => end } })
  for (const name of ['uploadImage', 'downloadImage', 'uploadVoice', 'downloadVoice'])
    expect(await status(name, context, 'x')).toBe(end)
})

test('the microphone can be refused in each way, and then nothing is recorded', async () => {
  const ends = { cancel: 'cancel', deny: 'access_denied', fail: 'fail' } as const
  for (const [answer, seen] of Object.entries(ends)) {
    const context = contextOf('ios', { ui: { record: () => answer as keyof typeof ends } })
    expect(await status('startRecord', context)).toBe(seen)
    expect(await status('stopRecord', context)).toBe('fail')
  }
})

test('a recording becomes text, or not', async () => {
  const { context, localId } = await recorded(2_000)
  expect(await run('translateVoice', { localId }, context)).toEqual({
    status: 'ok',
    fields: { translateResult: '你好，微信。' },
  })
  for (const end of ['cancel', 'fail'] as const) {
    const ui: Required<BridgeUi> = { ...context.ui, translateVoice: () => end }
    expect(await run('translateVoice', { localId }, { ...context, ui })).toEqual({ status: end })
  }
})
