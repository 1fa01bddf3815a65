import { WeixinError } from './errors.ts'

/** Settles as `start` says, or rejects with `timeout` after `ms` milliseconds. */
export function within<T>(
  ms: number,
  what: string,
  start: (resolve: (value: T | PromiseLike<T>) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new WeixinError('timeout', what, `no answer after ${ms} ms`)), ms)
    new Promise(start).finally(() => clearTimeout(timer)).then(resolve, reject)
  })
}
