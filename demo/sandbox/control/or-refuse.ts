import { refuse } from './read-body.ts'

/** Does it, and turns what the sandbox does not accept into a 400. */
export function orRefuse<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError)
      throw refuse(400, 'invalid_request', error.message)
    throw error
  }
}
