import { describe, expect, it } from 'vitest'
import { apiNamesOf, bridgeName, isQuick, publicName } from '../../../client/api-names.ts'
import { createFakePage } from './fake-page.ts'

describe('API names', () => {
  const names = apiNamesOf(createFakePage().wx)

  it('are all that the SDK has, without its machinery', () => {
    expect(names).toMatchSnapshot()
  })

  it('stay the same after the SDK was configured, which adds invoke and on', () => {
    const { wx } = createFakePage()
    wx.config?.({ check: false })
    expect(wx.invoke).toBeTypeOf('function')
    expect(apiNamesOf(wx)).toEqual(names)
  })

  it('become the bridge names that the SDK itself sends', async () => {
    const { wx, invoked } = createFakePage()
    wx.config?.({ appId: 'wx0123456789abcdef', jsApiList: [...names] })
    await Promise.resolve()
    const sent = invoked.find(({ name }) => name === 'preVerifyJSAPI')?.args.verifyJsApiList
    expect(names.map(bridgeName)).toEqual(sent)
  })

  it('come back from the bridge as they went', () => {
    expect(names.map(bridgeName).map(publicName)).toEqual(names)
  })

  it('are quick where nobody and nothing has to be waited for', () => {
    expect(names.filter(isQuick)).toMatchSnapshot()
    expect(isQuick('navigateTo')).toBe(true)
    expect(isQuick('somethingNew')).toBe(false)
  })
})
