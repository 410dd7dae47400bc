import { useEffect, useState } from 'react'
import type { ImageId } from '../../shared/session'
import { useApp } from './AppContext'

export interface ThumbnailProps {
  readonly id: ImageId
  readonly className?: string | undefined
}

/** Decoration beside the image's name; it keeps its place while it loads or when it cannot. */
export function Thumbnail({ id, className }: ThumbnailProps) {
  const app = useApp()
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    let wanted = true
    app.images.thumbnail(id).then(
      (found) => {
        if (wanted) setUrl(found)
      },
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [app, id])
  return url === null ? (
    <span className={className} aria-hidden="true" />
  ) : (
    <img className={className} src={url} alt="" draggable={false} />
  )
}
