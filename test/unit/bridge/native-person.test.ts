import { expect, test } from 'vitest'
import type { BridgeUi } from '../../../demo/sandbox/bridge/ui.ts'
import { contextOf, run } from './native-context.ts'

const payment = { timeStamp: '1', nonceStr: 'n', package: 'prepay_id=1', paySign: 's', signType: 'SHA1' }

test.each([
  ['getBrandWCPayRequest', 'pay'],
  ['getRecevieBizHongBaoRequest', 'redPacket'],
] as const)('%s is cancelled unless a person does otherwise', async (name, method) => {
  expect(await run(name, payment, contextOf('ios'))).toEqual({ status: 'cancel' })
  for (const end of ['ok', 'cancel', 'fail'] as const) {
    const asked: unknown[] = []
    const ui: BridgeUi = {
      [method]: (question: unknown) => {
        asked.push(question)
        return end
      },
    }
    expect(await run(name, payment, contextOf('ios', { ui }))).toEqual({ status: end })
    expect(asked).toEqual([{ timeStamp: '1', nonceStr: 'n', package: 'prepay_id=1', signType: 'SHA1' }])
  }
  for (const missing of [{ package: '' }, { timeStamp: 'undefined' }, { paySign: undefined }])
    expect(await run(name, { ...payment, ...missing }, contextOf('ios'))).toMatchObject({
      status: 'fail',
      fields: { err_desc: `missing parameter: ${Object.keys(missing)[0]}` },
    })
})

test('an address has the names WeChat gives its fields', async () => {
  const address = {
    userName: '张三',
    telNumber: '13800000000',
    postalCode: '510000',
    provinceName: '广东省',
    cityName: '广州市',
    countyName: '海珠区',
    detailInfo: '新港中路397号',
    nationalCode: '440105',
  }
  expect(await run('editAddress', {}, contextOf('ios', { ui: { address: () => address } }))).toEqual({
    status: 'ok',
    fields: {
      userName: '张三',
      telNumber: '13800000000',
      addressPostalCode: '510000',
      proviceFirstStageName: '广东省',
      addressCitySecondStageName: '广州市',
      addressCountiesThirdStageName: '海珠区',
      addressDetailInfo: '新港中路397号',
      nationalCode: '440105',
    },
  })
  const ends = { cancel: 'cancel', deny: 'access_denied', fail: 'fail' } as const
  for (const [answer, status] of Object.entries(ends)) {
    const ui: BridgeUi = { address: () => answer as keyof typeof ends }
    expect(await run('editAddress', {}, contextOf('ios', { ui }))).toEqual({ status })
  }
})

test('a product is opened by its id', async () => {
  const opened: unknown[] = []
  const context = contextOf('ios', { ui: { openProduct: (product) => opened.push(product) } })
  expect(await run('openProductViewWithPid', { pid: 'pDF3iY0ptap', view_type: 1 }, context)).toEqual({
    status: 'ok',
  })
  expect(opened).toEqual([{ productId: 'pDF3iY0ptap', viewType: '1' }])
  expect(await run('openProductViewWithPid', {}, context)).toEqual({ status: 'fail' })
})

test('beacons in range follow a started search, one search at a time', async () => {
  const beacon = { uuid: 'U', major: 1, minor: 2, accuracy: 1, rssi: -50, proximity: 2, heading: 0 }
  const context = contextOf('ios', { ui: { beacons: () => [beacon] } })
  expect(await run('stopMonitoringBeacons', {}, context)).toEqual({ status: 'fail' })
  const { status, after } = await run('startMonitoringBeacons', { ticket: '' }, context)
  expect([status, context.pushed]).toEqual(['ok', []])
  after?.()
  expect(context.pushed).toEqual([['onBeaconsInRange', { beacons: [beacon] }]])
  expect((await run('startMonitoringBeacons', {}, context)).status).toBe('fail')
  expect((await run('stopMonitoringBeacons', {}, context)).status).toBe('ok')
  const off = contextOf('ios', { ui: { beacons: () => 'off' } })
  expect(await run('startMonitoringBeacons', {}, off)).toEqual({ status: 'fail' })
  expect(off.doing.searchesBeacons).toBe(false)
})

test('only a page in a mini program has one to ask', async () => {
  const asked: unknown[] = []
  const ui: BridgeUi = { miniProgram: (question) => asked.push(question) }
  const call = { name: 'navigateTo', arg: { url: '/a' } }
  expect(await run('invokeMiniProgramAPI', call, contextOf('ios', { ui }))).toEqual({ status: 'fail' })
  const inside = contextOf('ios', { ui, inMiniProgram: true })
  expect(await run('invokeMiniProgramAPI', call, inside)).toEqual({ status: 'ok' })
  expect(await run('invokeMiniProgramAPI', { name: 'exit' }, inside)).toEqual({ status: 'fail' })
  expect(asked).toEqual([call])
})

test('a favorite is a share with a scene of its own, once', async () => {
  const shared: unknown[] = []
  const ui: BridgeUi = {
    share: (question) => {
      shared.push(question)
      return 'confirm'
    },
  }
  const context = contextOf('ios', { ui })
  context.doing.favors = true
  const card = { title: 'T', desc: 'D', link: 'L', img_url: 'I' }
  await run('shareTimeline', card, context)
  await run('sendAppMessage', card, context)
  await run('sendAppMessage', card, context)
  const shown = { title: 'T', desc: 'D', link: 'L', imgUrl: 'I', from: 'menu-event' }
  expect(shared).toEqual([
    { target: 'timeline', card: shown },
    { target: 'appMessage', card: shown, scene: 'favorite' },
    { target: 'appMessage', card: shown },
  ])
})
