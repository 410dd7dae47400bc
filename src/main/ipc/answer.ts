import { z } from 'zod'
import { AppError, type ErrorShape } from '../../shared/errors'
import {
  channels,
  type Channel,
  type ChannelResponse,
  type Channels,
  type Reply,
} from '../../shared/ipc/contract'
import { isOwnUrl } from '../security/origin'

/** What a handler is given: the parsed request, with defaults filled in. */
export type HandlerInput<C extends Channel> = z.output<Channels[C]['request']>

/** One function per channel; leaving one out does not compile. */
export type Handlers = {
  readonly [C in Channel]: (
    request: HandlerInput<C>,
  ) => Promise<ChannelResponse<C>> | ChannelResponse<C>
}

type Definitions = {
  readonly [C in Channel]: {
    readonly request: z.ZodType<HandlerInput<C>>
    readonly response: z.ZodType<ChannelResponse<C>>
  }
}
const definitions: Definitions = channels

/** Who called, read synchronously: after an `await` Electron may have forgotten the frame. */
export interface Caller {
  /** The call came from a window that main made. */
  readonly knownWindow: boolean
  /** Null when the frame is already gone. */
  readonly frame: { readonly url: string; readonly main: boolean } | null
}

export function callerAllowed(caller: Caller): boolean {
  return (
    caller.knownWindow && caller.frame !== null && caller.frame.main && isOwnUrl(caller.frame.url)
  )
}

export interface AnswerOptions {
  /** Also check what the handlers return: a fault of ours, found in development and in tests. */
  readonly checkResponses: boolean
  /** Told of every failure, without names and paths. */
  readonly report: (channel: Channel, error: ErrorShape, thrown: unknown) => void
}

/** Checks, calls and answers one request; never throws. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the parsed request to its handler
export async function answer<C extends Channel>(
  channel: C,
  handlers: Handlers,
  payload: unknown,
  caller: Caller,
  options: AnswerOptions,
): Promise<Reply> {
  try {
    if (!callerAllowed(caller)) {
      throw new AppError('invalid-input', 'A request from outside the application was refused.')
    }
    const definition = definitions[channel]
    const request = definition.request.safeParse(payload)
    if (!request.success) {
      throw new AppError(
        'invalid-input',
        `The request ${channel} was refused: ${z.prettifyError(request.error)}`,
      )
    }
    const value = await handlers[channel](request.data)
    if (options.checkResponses) definition.response.parse(value)
    return { ok: true, value }
  } catch (thrown) {
    const error = toErrorShape(thrown)
    options.report(channel, error, thrown)
    return { ok: false, error }
  }
}

const ioSentences: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  ENOENT: [
    'The file is no longer where it was.',
    'Put it back, or add it again from its new place.',
  ],
  EACCES: ['The file may not be opened by this user.', 'Ask for the right to read it, or copy it.'],
  EPERM: ['The file may not be changed by this user.', 'Choose another folder.'],
  EROFS: ['The folder is read-only.', 'Choose another folder.'],
  ENOSPC: ['The disk is full; nothing saved was lost.', 'Make room and try again.'],
  EISDIR: ['A file was expected, and this is a folder.', 'Choose a file.'],
}

/** Any thrown value as it may be shown: file errors lose the path that Node puts into them. */
export function toErrorShape(thrown: unknown): ErrorShape {
  if (thrown instanceof AppError) return thrown.toShape()
  const code = errnoOf(thrown)
  if (code === null) return AppError.from(thrown).toShape()
  const [message, hint] = ioSentences[code] ?? [
    `The system could not do this with the file (${code}).`,
    'Try again, or use another folder.',
  ]
  return { code: code === 'ENOSPC' ? 'storage-full' : 'io', message, hint }
}

function errnoOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('syscall' in thrown)) return null
  return typeof thrown.code === 'string' ? thrown.code : null
}
