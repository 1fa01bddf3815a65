/** What went wrong and what to do about it, in both languages. */
export interface Wording {
  readonly reason: string
  readonly reasonZh: string
  readonly fix: string
  readonly fixZh: string
}

/** The first place where the signed address differs from the one the client compares with. */
export function describeDifference(expected: string, given: string): { english: string; chinese: string } {
  const at = firstDifference(expected, given)
  const expectedPart = excerpt(expected, at)
  const givenPart = excerpt(given, at)
  return {
    english: `First difference at character ${at + 1}: the client has ${expectedPart}, the signer had ${givenPart}.`,
    chinese: `第 ${at + 1} 个字符开始不同：客户端是 ${expectedPart}，签名时是 ${givenPart}。`,
  }
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return at
}

function excerpt(text: string, at: number): string {
  return at >= text.length ? '(nothing / 无)' : JSON.stringify(text.slice(at, at + 24))
}
