import {
  type ComputedRef,
  computed,
  onActivated,
  onDeactivated,
  onMounted,
  onScopeDispose,
  shallowRef,
  watch,
} from 'vue'
import { trackWeixin, type WeixinState } from './track-weixin.ts'
import type { Ready, ShareContent, Weixin, WeixinOptions } from './types.ts'

export type { WeixinState } from './track-weixin.ts'

/** What {@link useWeixin} does besides verifying. */
export interface UseWeixinOptions {
  /** What is shared from the component's page; set again when something it reads changes. */
  share?: (() => ShareContent) | undefined
  /** Verifies and shares again when what it reads changes, such as `() => route.fullPath`. */
  watch?: (() => unknown) | undefined
}

/** The state as refs, so that it can be taken apart, and the way to WeChat. */
export type UsedWeixin = { readonly [K in keyof WeixinState]: ComputedRef<WeixinState[K]> } & {
  readonly weixin: Weixin
  /** Verifies again after a failure; `weixin.ready()`, seen by the state. */
  readonly ready: () => Promise<Ready>
}

/**
 * Makes a component's page ready for WeChat once it is mounted, and keeps its share in step with it.
 *
 * Takes a `Weixin`, or options of `createWeixin`: components that bring the same options object share one. Import it
 * in the entry file of the page, before the router. Nothing happens on a server. A component that is unmounted, or
 * put aside by `<KeepAlive>`, stops; what it has shared stays set until something else is.
 *
 * @example
 * ```ts
 * import { defineComponent, ref } from 'vue'
 * import { createWeixin } from 'wx-h5-kit'
 * import { useWeixin } from 'wx-h5-kit/vue'
 *
 * const weixin = createWeixin({ service: 'https://mem.example.com/mp' })
 *
 * export const Dish = defineComponent({
 *   setup() {
 *     const title = ref('Spring rolls')
 *     const { status, error, ready } = useWeixin(weixin, {
 *       share: () => ({ title: title.value, imgUrl: '/images/rolls.png' }),
 *     })
 *     return { title, status, error, ready }
 *   },
 * })
 * ```
 */
export function useWeixin(
  weixinOrOptions: Weixin | WeixinOptions,
  options: UseWeixinOptions = {},
): UsedWeixin {
  const { weixin, state, subscribe, ready, follow } = trackWeixin(weixinOrOptions)
  const now = shallowRef(state())
  onScopeDispose(
    subscribe(() => {
      now.value = state()
    }),
  )

  let stop: (() => void) | undefined
  const start = () => {
    // A new array each time: whatever was read and has changed counts. The copy reads all of a reactive share.
    stop ||= watch(
      () => [options.share && { ...options.share() }, options.watch?.()] as const,
      ([share], _before, onCleanup) => onCleanup(follow(share)),
      { immediate: true, flush: 'post' },
    )
  }
  onMounted(start)
  onActivated(start)
  onDeactivated(() => {
    stop?.()
    stop = undefined
  })

  return {
    weixin,
    ready,
    status: computed(() => now.value.status),
    error: computed(() => now.value.error),
    environment: computed(() => now.value.environment),
    verified: computed(() => now.value.verified),
    shared: computed(() => now.value.shared),
    shareError: computed(() => now.value.shareError),
  }
}
