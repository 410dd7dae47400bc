// yauzl comes without types; this is what set-up uses of it.
declare module 'yauzl' {
  import type { Readable } from 'node:stream'

  export interface Entry {
    readonly fileName: string
    /** The upper 16 bits are the POSIX mode. */
    readonly externalFileAttributes: number
  }
  export interface ZipFile {
    readEntry(): void
    openReadStream(
      entry: Entry,
      callback: (error: Error | null, stream: Readable | undefined) => void,
    ): void
    on(event: 'entry', listener: (entry: Entry) => void): this
    on(event: 'end', listener: () => void): this
    on(event: 'error', listener: (error: Error) => void): this
    close(): void
  }
  export function open(
    path: string,
    options: { readonly lazyEntries: true; readonly autoClose?: boolean },
    callback: (error: Error | null, zip: ZipFile | undefined) => void,
  ): void
}
