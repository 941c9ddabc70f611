import { createElement, use } from 'react';
import type { ComponentType } from 'react';

/** Code did not come: offline, or a newer version was published. A browser does not ask for it again, only a new page does. */
export class CodeLoadError extends Error {
  override name = 'CodeLoadError';
}

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;
type Code<Props> = Promise<ComponentType<Props>>;

/** A component whose code is loaded when it is first shown. */
export function late<Props extends object>(load: Load<Props>): ComponentType<Props> {
  let asked: Code<Props> | null = null;
  return shownBy(() => (asked ??= ask(load)));
}

/** The same, with code that is asked for at once: there before it is to be shown, and when the network is away. */
export function soon<Props extends object>(load: Load<Props>): ComponentType<Props> {
  const asked = ask(load);
  return shownBy(() => asked);
}

function shownBy<Props extends object>(code: () => Code<Props>): ComponentType<Props> {
  return function Late(props: Props) {
    return createElement(use(code()), props);
  };
}

function ask<Props>(load: Load<Props>): Code<Props> {
  const code = load().then(
    ({ default: content }) => content,
    (cause: unknown) => Promise.reject(new CodeLoadError('The code was not loaded.', { cause })),
  );
  // By these two React knows at once that it is there. Else it shows what stands for it, and that for 300 ms at least.
  code.then(
    (value) => Object.assign(code, { status: 'fulfilled', value }),
    () => undefined,
  );
  return code;
}
