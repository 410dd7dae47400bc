import type { Explained } from '../outputs'
import type { CommandSubject } from '../subject'
import type { DemoSample } from './samples'

export interface DemoResult extends Explained {
  readonly sample: DemoSample
  readonly subject: CommandSubject
}
