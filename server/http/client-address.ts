import type { Ask } from './ask.ts'

/**
 * The address a request comes from, for rate limits.
 *
 * `X-Forwarded-For` is believed only as far as `trustedProxies` proxies of ours have written it: the entry that
 * the outermost of them added. IPv6 addresses are cut to their /64, because one visitor owns all of it.
 */
export function clientAddress(ask: Ask, trustedProxies: number): string {
  const chain = trustedProxies === 0 ? [] : (ask.req.header('x-forwarded-for') ?? '').split(',')
  const forwarded = chain.at(-trustedProxies)?.trim().slice(0, 64)
  return subnet(forwarded !== undefined && forwarded !== '' ? forwarded : socketAddress(ask))
}

interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } }
}

function socketAddress(ask: Ask): string {
  const bindings = ask.env as NodeBindings | undefined
  return bindings?.incoming?.socket?.remoteAddress ?? 'local'
}

function subnet(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice(7) : address
  if (!mapped.includes(':')) return mapped
  const [head = '', tail] = mapped.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...new Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':')
}
