import { type Ref, shallowRef } from 'vue'

/** The address, as a router would give it: in your project this is `useRoute()`. */
export const address: Ref<string> = shallowRef(location.href)

const read = (): void => {
  address.value = location.href
}
window.addEventListener('popstate', read)

export function go(to: string): void {
  history.pushState({}, '', to)
  read()
}
