import { useEffect, useState } from 'react'
import type { ChannelResponse } from '../../shared/ipc/contract'
import { useApp } from './AppContext'

export type DroppedFiles = ChannelResponse<'files.dropped'>

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}

/** Makes the whole window take files; true while files are held over it. */
export function useDropTarget(onDrop: (files: DroppedFiles) => void): boolean {
  const app = useApp()
  const [over, setOver] = useState(false)
  useEffect(() => {
    // Entering a child fires before leaving its parent: counting tells them from leaving for good.
    let depth = 0
    function enter(event: DragEvent): void {
      if (!hasFiles(event)) return
      depth += 1
      setOver(true)
    }
    function hover(event: DragEvent): void {
      if (hasFiles(event)) event.preventDefault()
    }
    function leave(event: DragEvent): void {
      if (!hasFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    function drop(event: DragEvent): void {
      event.preventDefault()
      depth = 0
      setOver(false)
      const paths = app.api.pathsOf([...(event.dataTransfer?.files ?? [])])
      if (paths.length === 0) return
      app.api
        .call('files.dropped', { paths })
        .then((files) => {
          if (files.models.length + files.images.length > 0) onDrop(files)
          else
            app.notices.tell('None of these files is an ONNX model or an image that can be read.')
        })
        .catch(app.notices.fail)
    }
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragover', hover)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragover', hover)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [app, onDrop])
  return over
}
