const A_DAY_MS = 86_400_000

/** Keeps the process up until the work is done: limits of waiting do not hold it by themselves. */
export async function stayAlive<Result>(work: Promise<Result>): Promise<Result> {
  const hold = setInterval(() => undefined, A_DAY_MS)
  try {
    return await work
  } finally {
    clearInterval(hold)
  }
}
