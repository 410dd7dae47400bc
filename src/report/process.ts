import { reportMethods } from '../shared/ipc/report'
import { parentPortOf, serve } from '../shared/ipc/serve'
import { renderReport } from './renderReport'

// A state that nobody foresaw must not go on writing reports; the asker sees the process end.
process.on('unhandledRejection', (reason) => {
  console.error(reason)
  process.exit(1)
})
process.on('disconnect', () => process.exit(0))

serve(reportMethods, { render: renderReport }, parentPortOf(process))
