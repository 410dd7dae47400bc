import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '../../shared/errors'
import { fileTokenSchema, type ChosenFile, type FileToken } from '../../shared/session'

/** Files the user chose: the window holds tokens, the paths stay here. */
export interface FileTokens {
  /** Choosing a file twice gives the same token. @throws a file error when it cannot be read. */
  readonly give: (path: string) => Promise<ChosenFile>
  /** @throws AppError `not-found` for a token that was never given. */
  readonly pathOf: (token: FileToken) => string
}

export function createFileTokens(newId: () => string): FileTokens {
  const paths = new Map<FileToken, string>()
  const tokens = new Map<string, FileToken>()
  return {
    async give(path) {
      const { size } = await stat(path)
      const token = tokens.get(path) ?? fileTokenSchema.parse(newId())
      tokens.set(path, token)
      paths.set(token, path)
      return { token, name: basename(path), bytes: size }
    },
    pathOf(token) {
      const path = paths.get(token)
      if (path === undefined) {
        throw new AppError('not-found', 'This file was not chosen.', 'Choose it again.')
      }
      return path
    },
  }
}
