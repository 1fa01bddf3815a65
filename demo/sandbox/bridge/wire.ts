import { plainCopy } from './plain-copy.ts'

/** Callback of an invoke or listener of an event, as the page hands it in. */
type PageCallback = (answer: Record<string, unknown>) => void

/** The object pages find as `window.WeixinJSBridge`. */
export interface WeixinJsBridge {
  invoke(name: string, args?: unknown, callback?: PageCallback): void
  on(event: string, listener: PageCallback): void
  call(name: string): void
  log(message: unknown): void
  /** The native side's way in: a message as JSON text or as an object. */
  _handleMessageFromWeixin(message: unknown): void
}

/** What the native side hears from the page. */
export interface WireReceiver {
  invoke(name: string, args: Record<string, unknown>, callbackId: string): void
  log(message: string): void
}

/** The page's half of the bridge, and the native side's two ways to speak to it. */
export interface Wire {
  readonly bridge: WeixinJsBridge
  listens(event: string): boolean
  answer(callbackId: string, answer: Record<string, unknown>): void
  push(event: string, payload: Record<string, unknown>): void
}

/**
 * Makes `WeixinJSBridge`: callbacks and listeners by id and name.
 *
 * As on a phone an event has one listener, the newest, and a callback is called once.
 */
export function createWire(receiver: WireReceiver): Wire {
  const callbacks = new Map<string, PageCallback>()
  const listeners = new Map<string, PageCallback>()
  let count = 0

  const bridge: WeixinJsBridge = {
    invoke(name, args, callback) {
      count += 1
      const callbackId = String(count)
      if (typeof callback === 'function') callbacks.set(callbackId, callback)
      receiver.invoke(String(name), plainCopy(args), callbackId)
    },
    on(event, listener) {
      if (typeof listener === 'function') listeners.set(String(event), listener)
    },
    call(name) {
      bridge.invoke(name, {})
    },
    log(message) {
      receiver.log(typeof message === 'string' ? message : JSON.stringify(message))
    },
    _handleMessageFromWeixin(message) {
      const {
        __msg_type: type,
        __callback_id: callbackId,
        __event_id: event,
        __params: params,
      } = read(message)
      if (type === 'callback') {
        const callback = callbacks.get(String(callbackId))
        callbacks.delete(String(callbackId))
        callback?.(plainCopy(params))
      }
      if (type === 'event') listeners.get(String(event))?.(plainCopy(params))
    },
  }

  return {
    bridge,
    listens: (event) => listeners.has(event),
    answer: (callbackId, answer) =>
      bridge._handleMessageFromWeixin({
        __msg_type: 'callback',
        __callback_id: callbackId,
        __params: answer,
      }),
    push: (event, payload) =>
      bridge._handleMessageFromWeixin({ __msg_type: 'event', __event_id: event, __params: payload }),
  }
}

function read(message: unknown): Record<string, unknown> {
  return plainCopy(typeof message === 'string' ? JSON.parse(message) : message)
}
