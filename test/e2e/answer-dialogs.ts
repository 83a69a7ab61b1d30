import type { ElectronApplication } from '@playwright/test'

/** The user's answers to the dialogs of the system, which no test can click on. */
export interface DialogAnswers {
  /** Paths chosen in the next open dialogs; none: the user thinks better of it. */
  readonly paths?: readonly string[]
  /** The button of message boxes, by what its label contains; left out: the one that Escape means. */
  readonly button?: string
}

export interface AskedMessage {
  readonly message: string
  readonly detail: string
  readonly buttons: readonly string[]
  readonly answer: string
}

declare global {
  /** In the main process, put there by `answerDialogs`. */
  var weirTestDialogs: { answers: DialogAnswers; readonly asked: AskedMessage[] } | undefined
}

/** Answers all dialogs like this from now on. */
export function answerDialogs(app: ElectronApplication, answers: DialogAnswers): Promise<void> {
  return app.evaluate(({ dialog }, given) => {
    if (globalThis.weirTestDialogs !== undefined) {
      globalThis.weirTestDialogs.answers = given
      return
    }
    const state = { answers: given, asked: [] as AskedMessage[] }
    globalThis.weirTestDialogs = state
    dialog.showOpenDialog = () => {
      const filePaths = [...(state.answers.paths ?? [])]
      return Promise.resolve({ canceled: filePaths.length === 0, filePaths })
    }
    const choose = (...call: readonly unknown[]): number => {
      // The window that a box belongs to may come first.
      const options = call.at(-1) as Electron.MessageBoxOptions
      const { message, detail = '', buttons = ['OK'], cancelId = buttons.length - 1 } = options
      const wanted = state.answers.button
      const found = wanted === undefined ? cancelId : buttons.findIndex((label) => label.includes(wanted))
      if (found < 0) throw new Error(`no button "${wanted}" among ${buttons.join(', ')}: ${message}`)
      state.asked.push({ message, detail, buttons, answer: buttons[found]! })
      return found
    }
    dialog.showMessageBox = (...call: readonly unknown[]) =>
      Promise.resolve({ response: choose(...call), checkboxChecked: false })
    dialog.showMessageBoxSync = (...call: readonly unknown[]) => choose(...call)
  }, answers)
}

/** Every message box that was answered so far. */
export function listAskedMessages(app: ElectronApplication): Promise<readonly AskedMessage[]> {
  return app.evaluate(() => globalThis.weirTestDialogs?.asked ?? [])
}
