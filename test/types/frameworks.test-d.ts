import type { Page } from 'playwright-core'
import { describe, expectTypeOf, it } from 'vitest'
import type { ComputedRef } from 'vue'
import type {
  Environment,
  Ready,
  ShareReport,
  Weixin,
  WeixinError,
  WeixinOptions,
} from '../../client/index.ts'
import * as react from '../../client/react.ts'
import * as vue from '../../client/vue.ts'
import {
  createSandbox,
  type InstallWeixinOptions,
  installWeixin,
  type PlaywrightPage,
  type WeixinInPage,
} from '../../demo/sandbox/index.ts'

declare const weixin: Weixin
declare const page: Page
declare const handle: WeixinInPage
const share = { title: 'T', imgUrl: '/t.png' }

describe('useWeixin', () => {
  it('takes a weixin or the options of one', () => {
    expectTypeOf(vue.useWeixin).parameter(0).toEqualTypeOf<Weixin | WeixinOptions>()
    expectTypeOf(react.useWeixin).parameter(0).toEqualTypeOf<Weixin | WeixinOptions>()
    // @ts-expect-error the service is missing
    vue.useWeixin({})
    // @ts-expect-error the service is missing
    react.useWeixin({})
  })

  it('gives refs in vue', () => {
    const used = vue.useWeixin(weixin, { share: () => share, watch: () => 1 })
    expectTypeOf(used.status).toEqualTypeOf<ComputedRef<'idle' | 'verifying' | 'ready' | 'failed'>>()
    expectTypeOf(used.error).toEqualTypeOf<ComputedRef<WeixinError | undefined>>()
    expectTypeOf(used.environment).toEqualTypeOf<ComputedRef<Environment>>()
    expectTypeOf(used.verified).toEqualTypeOf<ComputedRef<Ready | undefined>>()
    expectTypeOf(used.ready()).resolves.toEqualTypeOf<Ready>()
    expectTypeOf(used.weixin).toEqualTypeOf<Weixin>()
    // @ts-expect-error a share is a getter, so that it can be followed
    vue.useWeixin(weixin, { share })
    // @ts-expect-error the state is read, not set
    used.status.value = 'ready'
  })

  it('gives values in react', () => {
    const used = react.useWeixin(weixin, { share, deps: ['/route'] })
    expectTypeOf(used.status).toEqualTypeOf<'idle' | 'verifying' | 'ready' | 'failed'>()
    expectTypeOf(used.shared).toEqualTypeOf<ShareReport | undefined>()
    expectTypeOf(used.shareError).toEqualTypeOf<WeixinError | undefined>()
    expectTypeOf(used.ready()).resolves.toEqualTypeOf<Ready>()
    // @ts-expect-error a share needs an image
    react.useWeixin(weixin, { share: { title: 'T' } })
    // @ts-expect-error the state is read, not set
    used.status = 'ready'
  })
})

describe('installWeixin', () => {
  it('takes the page of playwright as it is declared', () => {
    expectTypeOf<Page>().toExtend<PlaywrightPage>()
    expectTypeOf(installWeixin).returns.resolves.toEqualTypeOf<WeixinInPage>()
  })

  it('takes a sandbox of this process, or an address', () => {
    expectTypeOf(createSandbox()).toExtend<NonNullable<InstallWeixinOptions['sandbox']>>()
    expectTypeOf<string>().toExtend<NonNullable<InstallWeixinOptions['sandbox']>>()
  })

  it('knows what the person can answer', () => {
    handle.person({ scan: 'cancel', location: 'deny', networkType: '4g' })
    handle.person({ scan: { text: 'table 12' }, denies: (name) => name === 'chooseImage' })
    // @ts-expect-error there is no such answer
    handle.person({ scan: 'deny' })
    // @ts-expect-error there is no such question
    handle.person({ smell: 'roses' })
    // @ts-expect-error there is no such client
    void installWeixin(page, { profile: 'nokia' })
  })
})
