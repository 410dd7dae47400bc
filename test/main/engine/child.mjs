// A real process to be asked, killed and crashed: what it does is the name of the method.
/** @param {unknown} message */
const send = (message) => process.send?.(message)

process.on(
  'message',
  (
    /** @type {{ id: number, method: string, params: { value?: string } }} */ {
      id,
      method,
      params,
    },
  ) => {
    /** @param {unknown} value */
    const done = (value) => send({ kind: 'done', id, value })
    switch (method) {
      case 'echo':
        done({ pid: process.pid, value: params.value })
        break
      case 'array':
        done({ values: Float32Array.from([1, 2, 3]) })
        break
      case 'refuse':
        send({
          kind: 'failed',
          id,
          error: { code: 'invalid-image', message: 'Not an image.', hint: 'Choose another.' },
        })
        break
      case 'progress':
        for (let step = 1; step <= 3; step++) {
          send({ kind: 'progress', id, progress: { stage: 'Step', done: step, total: 3 } })
        }
        done({ pid: process.pid, value: '' })
        break
      case 'hang':
        send({ kind: 'progress', id, progress: { stage: 'Hanging', done: 0, total: 0 } })
        // As native code does: nothing else runs in this process from here on.
        for (;;);
      case 'crash':
        process.abort()
        break
      case 'nonsense':
        done({ surprise: true })
        break
    }
  },
)
send({ kind: 'ready' })
