import { isIP } from 'node:net'

/** Whether a host as the URL parser writes it is an IP address. */
export const isAddress = (hostname: string): boolean => isIP(hostname.replace(/^\[|\]$/g, '')) !== 0

/** Whether only this machine can open it: right for a sandbox, useless on a phone. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)

/** A host of WeChat itself. */
export const isWechatHost = (origin: string): boolean => new URL(origin).hostname.endsWith('.weixin.qq.com')
