import { dialog, type BrowserWindow, type FileFilter, type OpenDialogOptions } from 'electron'

/** What the user is asked with the system's own dialogs; paths stay in main. */
export interface Dialogs {
  readonly chooseModel: () => Promise<string | null>
  readonly chooseComposite: () => Promise<string | null>
  readonly chooseImages: () => Promise<readonly string[]>
  readonly chooseFolder: () => Promise<string | null>
  /** @param name the suggested file name with its extension. */
  readonly saveReport: (name: string) => Promise<string | null>
}

const images: FileFilter = {
  name: 'Images (PNG, JPEG)',
  extensions: ['png', 'jpg', 'jpeg', 'PNG', 'JPG', 'JPEG'],
}

export function createDialogs(window: () => BrowserWindow | null): Dialogs {
  async function open(options: OpenDialogOptions): Promise<readonly string[]> {
    const parent = window()
    const answer = parent
      ? await dialog.showOpenDialog(parent, options)
      : await dialog.showOpenDialog(options)
    return answer.canceled ? [] : answer.filePaths
  }
  return {
    async chooseModel() {
      const paths = await open({
        title: 'Choose a model',
        buttonLabel: 'Choose model',
        properties: ['openFile'],
        filters: [{ name: 'ONNX models', extensions: ['onnx', 'ONNX'] }],
      })
      return paths[0] ?? null
    },
    async chooseComposite() {
      const paths = await open({
        title: 'Choose a composite: one rule for each layer',
        buttonLabel: 'Choose composite',
        properties: ['openFile'],
        filters: [{ name: 'Composites (JSON)', extensions: ['json', 'JSON'] }],
      })
      return paths[0] ?? null
    },
    chooseImages: () =>
      open({
        title: 'Choose images',
        buttonLabel: 'Choose images',
        properties: ['openFile', 'multiSelections'],
        filters: [images],
      }),
    async chooseFolder() {
      const paths = await open({
        title: 'Choose a folder of images',
        buttonLabel: 'Choose folder',
        properties: ['openDirectory'],
      })
      return paths[0] ?? null
    },
    async saveReport(name) {
      const parent = window()
      const options = {
        title: 'Export the report',
        buttonLabel: 'Export',
        defaultPath: name,
        filters: [{ name: 'PDF', extensions: ['pdf'] }],
      }
      const answer = parent
        ? await dialog.showSaveDialog(parent, options)
        : await dialog.showSaveDialog(options)
      return answer.canceled || answer.filePath === '' ? null : answer.filePath
    },
  }
}
