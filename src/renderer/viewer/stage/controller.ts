import type { ViewerController } from '../types'
import type { Interaction } from './interaction'
import type { ViewModel } from './viewModel'

/** What the action registry may do; see ViewerController. */
export function createController(
  model: ViewModel,
  interaction: Interaction,
  focus: () => void,
  reducedMotion: () => boolean,
): ViewerController {
  return {
    fit: model.fit,
    actualSize: () => model.scaleTo(1),
    zoomBy(factor) {
      const { width, height } = model.stage()
      model.zoomAt({ x: width / 2, y: height / 2 }, factor, !reducedMotion())
    },
    panBy: model.panBy,
    panScreens(x, y) {
      const { width, height } = model.stage()
      model.panBy(-x * width, -y * height)
    },
    centreOn: model.centreOn,
    nudge: interaction.nudge,
    cancel: interaction.cancel,
    finish: () => interaction.state().draft !== null && interaction.draw({ kind: 'finish' }),
    removeLast: () =>
      interaction.state().draft !== null && interaction.draw({ kind: 'removeLast' }),
    deleteVertex: interaction.removeVertex,
    focus,
    view: model.view,
  }
}
