import { type App, createApp, createSSRApp, defineComponent, h, KeepAlive, reactive, shallowRef } from 'vue'
import { useWeixin } from '../../../client/vue.ts'
import { type MountOptions, offer, see, sourceOf } from './page.ts'

const address = shallowRef(location.href)
let app: App | undefined
let retry: () => void = () => undefined

const go = (to: string): void => {
  history.pushState({}, '', to)
  address.value = location.href
}

let rename: (title: string) => void = () => undefined

function usePage(options: MountOptions) {
  // A reactive object handed over as it is: its fields are followed all the same.
  const share = options.share && reactive({ ...options.share })
  rename = (title) => {
    if (share) share.title = title
  }
  const { ready, status, error, environment, verified, shared, shareError } = useWeixin(sourceOf(options), {
    share: share && (() => share),
    watch: () => address.value,
  })
  retry = () => void ready()
  return () =>
    h(
      'p',
      see({
        status: status.value,
        error: error.value,
        environment: environment.value,
        verified: verified.value,
        shared: shared.value,
        shareError: shareError.value,
      }),
    )
}

const pageOf = (options: MountOptions) => defineComponent({ setup: () => usePage(options) })

/** Two routes that are kept alive; each shares something of its own. */
const kept = (options: MountOptions) => {
  const pages = ['/one', '/two'].map((title) =>
    pageOf({ ...options, share: { title, imgUrl: '/spring.png' } }),
  )
  return defineComponent({
    setup: () => () => {
      const [one, two = one] = pages
      return h(KeepAlive, () => h(address.value.includes('/two') ? (two ?? 'p') : (one ?? 'p')))
    },
  })
}

offer({
  mount(options = {}) {
    const Page = location.pathname === '/kept' ? kept(options) : pageOf(options)
    const Root = defineComponent({
      setup: () => () =>
        h(
          'main',
          Array.from({ length: options.components ?? 1 }, () => h(Page)),
        ),
    })
    app = options.hydrate ? createSSRApp(Root) : createApp(Root)
    app.mount('#app')
  },
  unmount: () => app?.unmount(),
  go,
  rename: (title) => rename(title),
  retry: () => retry(),
})
