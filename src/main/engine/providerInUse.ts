import type { ErrorShape } from '../../shared/errors'
import type { ProviderChoice } from '../../shared/explanation/provider'

/** On which provider the engine is asked to compute. */
export interface ProviderInUse {
  readonly current: () => ProviderChoice
  /** Told of every crash of the engine; returns what to say of it. */
  readonly afterCrash: (error: ErrorShape) => ErrorShape
}

/**
 * The provider of the settings, until the engine ended under it: a driver may have ended it, in native code
 * that cannot be caught. From then on the CPU computes, until the program starts anew or the settings
 * name another one.
 */
export function createProviderInUse(chosen: () => ProviderChoice): ProviderInUse {
  let avoided: ProviderChoice | null = null
  return {
    current: () => {
      const choice = chosen()
      return choice === avoided ? 'cpu' : choice
    },
    afterCrash: (error) => {
      const choice = chosen()
      if (choice === 'cpu' || choice === avoided) return error
      avoided = choice
      return {
        ...error,
        hint: `${error.hint} From now on only the CPU computes, in case another provider was the reason.`,
      }
    },
  }
}
