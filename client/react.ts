import { useEffect, useState, useSyncExternalStore } from 'react'
import { idle, trackWeixin, type WeixinState } from './track-weixin.ts'
import type { Ready, ShareContent, Weixin, WeixinOptions } from './types.ts'

export type { WeixinState } from './track-weixin.ts'

/** What {@link useWeixin} does besides verifying. */
export interface UseWeixinOptions {
  /** What is shared from the component's page; set again when its content changes. */
  share?: ShareContent | undefined
  /** Verifies and shares again when one of these changes, such as `[location.pathname]`; always of one length. */
  deps?: readonly unknown[] | undefined
}

/** The state, and the way to WeChat. */
export interface UsedWeixin extends WeixinState {
  readonly weixin: Weixin
  /** Verifies again after a failure; `weixin.ready()`, seen by the state. The same function at every render. */
  readonly ready: () => Promise<Ready>
}

/**
 * Makes a component's page ready for WeChat once it is mounted, and keeps its share in step with it.
 *
 * Takes a `Weixin`, or options of `createWeixin`: components that bring the same options object share one. The first
 * one a component brings counts for its whole life. Import it in the entry file of the page, before the router.
 * Nothing happens on a server. A component that is unmounted stops; what it has shared stays set until something
 * else is.
 *
 * @example
 * ```ts
 * import { createElement } from 'react'
 * import { createWeixin } from 'wx-h5-kit'
 * import { useWeixin } from 'wx-h5-kit/react'
 *
 * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
 *
 * export function Dish({ title }: { title: string }) {
 *   const { status, error, ready } = useWeixin(weixin, { share: { title, imgUrl: '/images/rolls.png' } })
 *   if (status === 'failed') return createElement('button', { onClick: ready }, error?.hint)
 *   return createElement('h1', null, title)
 * }
 * ```
 */
export function useWeixin(
  weixinOrOptions: Weixin | WeixinOptions,
  options: UseWeixinOptions = {},
): UsedWeixin {
  const { share, deps = [] } = options
  const [tracker] = useState(() => trackWeixin(weixinOrOptions))
  const { weixin, ready } = tracker
  const state = useSyncExternalStore(tracker.subscribe, tracker.state, () => idle)

  // As text: a share written out in the component is a new object at every render.
  const content = JSON.stringify(share)
  // In strict mode React does this twice: both ask for the same verification, and the first share is called off.
  useEffect(() => tracker.follow(content && JSON.parse(content)), [tracker, content, ...deps])

  return { ...state, weixin, ready }
}
