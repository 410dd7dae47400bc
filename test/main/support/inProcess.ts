import type { z } from 'zod'
import type { ProcessClient } from '../../../src/main/engine/client'
import { AppError } from '../../../src/shared/errors'
import type { Handlers, MethodTable } from '../../../src/shared/ipc/serve'

/** The real engine without its process: what is asked, it answers here. Counts the requests. */
export function inProcess<T extends MethodTable>(
  handlers: Handlers<T>,
): ProcessClient<T> & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    async request(method, params, { signal, onProgress }) {
      if (signal?.aborted === true) throw new AppError('cancelled', 'Stopped.')
      asked.push(method)
      const value = await handlers[method](params as z.output<T[typeof method]['request']>, {
        progress: (stage, done, total) => onProgress?.({ stage, done, total }),
      })
      return value as z.output<T[typeof method]['response']>
    },
    close: () => undefined,
  }
}
