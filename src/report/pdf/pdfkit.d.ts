import type {} from 'pdfkit'

/** What pdfkit 0.20 has and its types do not say. */
declare global {
  namespace PDFKit {
    /** An image that is embedded once and drawn often. */
    interface OpenedImage {
      readonly width: number
      readonly height: number
      /** EXIF orientation of a JPEG, 1…8. */
      readonly orientation?: number
    }
    namespace Mixins {
      interface PDFImage {
        openImage(source: Uint8Array): OpenedImage
        image(source: OpenedImage, x: number, y: number, options?: ImageOption): this
      }
    }
  }
}
