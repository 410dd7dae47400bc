import { join } from 'node:path'

/** Where the files lie that come with the program. */
export interface Resources {
  readonly samples: string
  readonly manual: string
  readonly licences: string
  readonly licence: string
  readonly icon: string
}

/** @param root the program's folder in development, the resources folder when packaged. */
export function resourcesIn(root: string): Resources {
  return {
    samples: join(root, 'assets', 'samples'),
    manual: join(root, 'assets', 'help', 'manual.md'),
    licences: join(root, 'assets', 'help', 'licences.md'),
    licence: join(root, 'LICENSE'),
    icon: join(root, 'assets', 'icon.png'),
  }
}
