import { createElement as h, type ReactNode, StrictMode, useState, useSyncExternalStore } from 'react'
import { createRoot, hydrateRoot, type Root } from 'react-dom/client'
import { useWeixin } from '../../../client/react.ts'
import { type MountOptions, offer, see, sourceOf } from './page.ts'

let root: Root | undefined
let retry: () => void = () => undefined
let rename: (title: string) => void = () => undefined
const listeners = new Set<() => void>()

const useAddress = (): string =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => location.href,
    () => '',
  )

function Page(options: MountOptions): ReactNode {
  const address = useAddress()
  const [title, setTitle] = useState(options.share?.title ?? '')
  const {
    ready,
    weixin: _weixin,
    ...state
  } = useWeixin(sourceOf(options), {
    share: options.share && { ...options.share, title },
    deps: [address],
  })
  retry = () => void ready()
  rename = setTitle
  return h('p', null, see(state))
}

offer({
  mount(options = {}) {
    const pages = Array.from({ length: options.components ?? 1 }, (_, key) => h(Page, { ...options, key }))
    const container = document.querySelector('#app')
    if (container === null) throw new Error('There is no #app.')
    // Only with a server's rendering the container is not empty.
    const app = h(StrictMode, null, h('main', null, pages))
    if (options.hydrate) root = hydrateRoot(container, app)
    else {
      root = createRoot(container)
      root.render(app)
    }
  },
  unmount: () => root?.unmount(),
  go(to) {
    history.pushState({}, '', to)
    for (const listener of listeners) listener()
  },
  rename: (title) => rename(title),
  retry: () => retry(),
})
