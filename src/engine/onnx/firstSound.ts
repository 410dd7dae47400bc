import { providerTitle, type ProviderName } from '../../shared/explanation/provider'
import { allFinite } from '../arrays/finite'
import type { Feeds, OrtSession, Results } from './ortSession'
import type { Candidates } from './providers'
import { causeOf, openChecked, type Open, type TestInput } from './selfCheck'

/** What computes, as results state it: it changes when a provider fails in the middle. */
export interface RunsOn {
  readonly provider: string
  /** Within one operator, on the processor. */
  readonly threads: number
  /** Sentences: which provider was not used, why, and which one runs instead. */
  readonly notices: readonly string[]
}

export interface Asked extends Candidates {
  readonly open: Open
  readonly inputs: readonly TestInput[]
  /** Why a provider is not worth a try on this machine; null where it is. */
  readonly unfit: (provider: ProviderName) => Promise<string | null>
  /** Milliseconds that a run may take where the CPU needs so many; null where speed does not matter. */
  readonly allowed: ((cpu: number) => number) | null
}

export interface SoundSession {
  readonly provider: () => ProviderName
  readonly notices: () => readonly string[]
  run(feeds: Feeds): Promise<Results>
  release(): Promise<void>
}

/**
 * The first provider that opens the model, runs it, computes what the CPU computes and is fast enough; the
 * CPU where none is. One that fails later gives way to the CPU, which computes that input again.
 */
export async function openFirstSound(asked: Asked): Promise<SoundSession> {
  const { open, tried, inputs, unfit, allowed } = asked
  let cpu: Promise<OrtSession> | undefined
  const reference = (): Promise<OrtSession> => (cpu ??= open('cpu'))
  const refused = [...asked.refused]
  for (const provider of tried) {
    if (provider === 'cpu') break
    const own = await unfit(provider)
    const checked =
      own === null
        ? await openChecked(open, provider, inputs, reference, allowed)
        : { session: null, why: own }
    if (checked.session) {
      await (await cpu)?.release()
      return giveWay(checked.session, provider, refused, open)
    }
    refused.push(`${providerTitle(provider)} ${checked.why}`)
  }
  return alwaysOnCpu(await reference(), refused)
}

/** Made apart from what opens sessions, which holds the weights for as long as it is reachable. */
function alwaysOnCpu(session: OrtSession, refused: readonly string[]): SoundSession {
  const notices = refused.map((why) => notice(why, 'cpu'))
  return {
    provider: () => 'cpu',
    notices: () => notices,
    run: session.run,
    release: session.release,
  }
}

/** A session that hands over to the CPU when it fails and the CPU does not. */
function giveWay(
  first: OrtSession,
  chosen: ProviderName,
  refused: readonly string[],
  open: Open,
): SoundSession {
  let session = first
  let provider = chosen
  let notices = refused.map((why) => notice(why, chosen))

  async function computeAgain(
    feeds: Feeds,
    why: string,
    otherwise: () => Results,
  ): Promise<Results> {
    const cpu = await open('cpu')
    let results: Results
    try {
      results = await cpu.run(feeds)
    } catch (error) {
      await cpu.release()
      throw error
    }
    if (!areFinite(results)) {
      // The input is to blame.
      await cpu.release()
      return otherwise()
    }
    await session.release()
    notices = [...notices, notice(`${providerTitle(provider)} ${why}`, 'cpu')]
    session = cpu
    provider = 'cpu'
    return results
  }

  return {
    provider: () => provider,
    notices: () => notices,
    run: async (feeds) => {
      if (provider === 'cpu') return session.run(feeds)
      let results: Results
      try {
        results = await session.run(feeds)
      } catch (error) {
        return computeAgain(feeds, `failed while it ran: ${causeOf(error)}`, () => {
          throw error
        })
      }
      if (areFinite(results)) return results
      const why = 'computed numbers that are not finite'
      return computeAgain(feeds, why, () => results)
    },
    release: () => session.release(),
  }
}

function notice(why: string, provider: ProviderName): string {
  const title = providerTitle(provider)
  return `${why}. ${provider === 'cpu' ? `The ${title}` : title} runs instead.`
}

function areFinite(results: Results): boolean {
  return Object.values(results).every(
    ({ data }) => !(data instanceof Float32Array) || allFinite(data),
  )
}
