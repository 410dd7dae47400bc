import { basename } from 'node:path'
import { AppError } from '../../shared/errors'
import { largestComposite, parseComposite } from '../../shared/explanation/compositeFile'
import type { ChosenFile } from '../../shared/session'
import { expandDropped, fileKind, listFolder } from '../files/listing'
import { readText } from '../files/text'
import type { AreaHandlers, Services } from './services'

export function filesHandlers({ dialogs, files }: Services): AreaHandlers<'files'> {
  async function giveAll(paths: readonly string[]): Promise<ChosenFile[]> {
    const given: ChosenFile[] = []
    for (const path of paths) given.push(await files.give(path))
    return given
  }
  return {
    async 'files.chooseModel'() {
      const path = await dialogs.chooseModel()
      return path === null ? null : files.give(path)
    },
    async 'files.chooseComposite'() {
      const path = await dialogs.chooseComposite()
      if (path === null) return null
      return parseComposite(await readText(path, largestComposite), basename(path))
    },
    async 'files.chooseImages'() {
      return giveAll(await dialogs.chooseImages())
    },
    async 'files.chooseFolder'() {
      const folder = await dialogs.chooseFolder()
      if (folder === null) return []
      const images = (await listFolder(folder)).filter((path) => fileKind(path) === 'image')
      if (images.length === 0) {
        throw new AppError(
          'invalid-input',
          'There is no PNG or JPEG image in this folder.',
          'Choose the folder in which the images lie; folders below it are not searched.',
        )
      }
      return giveAll(images)
    },
    async 'files.dropped'({ paths }) {
      const found = await expandDropped(paths)
      const models = found.filter((path) => fileKind(path) === 'model')
      const images = found.filter((path) => fileKind(path) === 'image')
      if (models.length + images.length === 0) {
        throw new AppError(
          'invalid-input',
          'None of the dropped files is an ONNX model, a PNG or a JPEG image.',
          'Drop .onnx, .png, .jpg or .jpeg files, or a folder that holds them.',
        )
      }
      return { models: await giveAll(models), images: await giveAll(images) }
    },
  }
}
