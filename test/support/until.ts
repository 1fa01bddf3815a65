const ASK_EVERY_MS = 5

/** Waits until something is so; how long that may take is the limit of the test. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
}
