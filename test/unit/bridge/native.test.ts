import { expect, test } from 'vitest'
import { toGcj02 } from '../../../demo/sandbox/bridge/native/gcj02.ts'
import { defaultCard } from '../../../demo/sandbox/bridge/native/share.ts'
import type { BridgeUi } from '../../../demo/sandbox/bridge/ui.ts'
import { contextOf, run } from './native-context.ts'

test('a scan result is wrapped in JSON text on iOS and plain elsewhere', async () => {
  const ui: BridgeUi = { scan: () => ({ text: '6901234567892', kind: 'barCode' }) }
  expect(await run('scanQRCode', { needResult: 1 }, contextOf('ios', { ui }))).toEqual({
    status: 'ok',
    fields: { resultStr: '{"scan_code":{"scan_result":"EAN_13,6901234567892"}}' },
  })
  expect(await run('scanQRCode', { needResult: 1 }, contextOf('harmony', { ui }))).toEqual({
    status: 'ok',
    fields: { resultStr: 'EAN_13,6901234567892' },
  })
  expect(await run('scanQRCode', { needResult: 0 }, contextOf('ios', { ui }))).toEqual({ status: 'ok' })
})

test('no more pictures are given than asked for', async () => {
  const images = [1, 2, 3].map((n) => ({ dataUrl: `data:image/png;base64,${n}` }))
  const context = contextOf('ios', { ui: { chooseImages: () => ({ images, source: 'album' }) } })
  const answer = await run('chooseImage', { count: 2 }, context)
  expect(answer?.fields?.localIds).toHaveLength(2)
})

test('Android hands out bare base64 in lines of 76', async () => {
  const context = contextOf('android')
  const localId = context.images.add({ dataUrl: `data:image/png;base64,${'A'.repeat(100)}` })
  const answer = await run('getLocalImgData', { localId: localId.toUpperCase() }, context)
  expect(answer?.fields?.localData).toBe(`${'A'.repeat(76)}\n${'A'.repeat(24)}`)
})

test('pages cannot hide the base items of the menu', async () => {
  const context = contextOf('ios')
  await run('hideMenuItems', { menuList: ['menuItem:share:timeline', 'menuItem:exposeArticle'] }, context)
  expect(context.menu.hidden).toEqual(['menuItem:share:timeline'])
  await run('hideAllNonBaseMenuItem', {}, context)
  expect(context.menu.hidden).not.toContain('menuItem:refresh')
  await run('showAllNonBaseMenuItem', {}, context)
  await run('hideOptionMenu', {}, context)
  expect(context.menu).toEqual({ shown: false, hidden: [] })
})

test('a share without content shows title and address, Moments show no description', async () => {
  const context = contextOf('ios')
  expect(defaultCard('timeline', context)).toMatchObject({
    title: 'Title',
    link: 'https://h5.example.com/a',
    from: 'page',
  })
  await run('updateTimelineShareData', { title: 'T', desc: 'D', link: 'L', imgUrl: 'I' }, context)
  expect(defaultCard('timeline', context)).toEqual({
    title: 'T',
    desc: '',
    link: 'L',
    imgUrl: 'I',
    from: 'share-data',
  })
  expect(defaultCard('appMessage', context).from).toBe('page')
})

test('the window closes after the page was answered', async () => {
  let closed = false
  const answer = await run(
    'closeWindow',
    {},
    contextOf('ios', { ui: { closeWindow: () => (closed = true) } }),
  )
  expect(closed).toBe(false)
  answer?.after?.()
  expect(closed).toBe(true)
})

test('an empty check and a map without a place fail', async () => {
  expect(await run('checkJsApi', { jsApiList: [] }, contextOf('ios'))).toEqual({ status: 'param is empty' })
  expect(await run('openLocation', {}, contextOf('ios'))).toEqual({ status: 'fail' })
  expect(await run('imagePreview', { urls: [] }, contextOf('ios'))).toEqual({ status: 'fail' })
})

test('GCJ-02 shifts places in China by a few hundred metres, and no others', async () => {
  const shifted = toGcj02({ latitude: 39.90734, longitude: 116.39089 })
  expect(shifted.latitude).toBeCloseTo(39.90874, 4)
  expect(shifted.longitude).toBeCloseTo(116.39713, 4)
  const london = { latitude: 51.50073, longitude: -0.12463 }
  expect(toGcj02(london)).toEqual(london)
  const answer = await run(
    'geoLocation',
    { type: 'gcj02' },
    contextOf('ios', { ui: { location: () => london } }),
  )
  expect(answer?.fields).toMatchObject({ ...london, type: 'gcj02' })
})
