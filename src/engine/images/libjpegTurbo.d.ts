/** The parts of the WebAssembly build of libjpeg-turbo that are used here. */
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  export interface JpegFrame {
    readonly width: number
    readonly height: number
    readonly bitsPerSample: number
    readonly componentCount: number
  }
  export interface JpegDecoder {
    /** Memory of the module for the file's bytes; valid until the next call. */
    getEncodedBuffer(length: number): Uint8Array
    decode(): void
    getFrameInfo(): JpegFrame
    /** Memory of the module: copy it before the decoder is deleted. */
    getDecodedBuffer(): Uint8ClampedArray
    delete(): void
  }
  export interface JpegModule {
    readonly JPEGDecoder: new () => JpegDecoder
  }
  export default function createModule(options: {
    readonly wasmBinary: Uint8Array
  }): Promise<JpegModule>
}
