import { WeixinError } from './errors.ts'

/** Settles as `start` says, or rejects with `timeout` after `ms` milliseconds. */
export function within<T>(
  ms: number,
  what: string,
  start: (resolve: (value: T | PromiseLike<T>) => void) => void,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout>
  return Promise.race([
    new Promise<T>(start),
    new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new WeixinError('timeout', what, `no answer after ${ms} ms`)), ms)
    }),
  ]).finally(() => clearTimeout(timer))
}
