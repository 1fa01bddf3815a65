const rids = /rid: ?([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})(?![0-9a-f])/

/** WeChat's request id in an errmsg, to quote when asking Tencent. */
export function readRid(text: string): string | undefined {
  return rids.exec(text)?.[1]
}

/** When WeChat answered, epoch milliseconds: the first group of a rid is that second in hexadecimal. */
export function ridTime(rid: string): number {
  return Number.parseInt(rid.slice(0, 8), 16) * 1_000
}
