import { createElement, lazy, useState } from 'react';
import type { ComponentType } from 'react';

/** Code did not come: offline, or a newer version was published. A browser does not ask for it again, only a new page does. */
export class CodeLoadError extends Error {
  override name = 'CodeLoadError';
}

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/** A component whose code is loaded when it is first shown. */
export function late<Props extends object>(load: Load<Props>): ComponentType<Props> {
  return new Code(load).component();
}

/** The same, with code that is asked for at once: there before it is to be shown, and when the network is away. */
export function soon<Props extends object>(load: Load<Props>): ComponentType<Props> {
  const code = new Code(load);
  // Why it did not come is said where it is shown.
  code.ask().catch(() => undefined);
  return code.component();
}

class Code<Props extends object> {
  private readonly load: Load<Props>;
  private asked: ReturnType<Load<Props>> | null = null;
  private there: ComponentType<Props> | null = null;

  constructor(load: Load<Props>) {
    this.load = load;
  }

  ask(): ReturnType<Load<Props>> {
    return (this.asked ??= this.fetch());
  }

  component(): ComponentType<Props> {
    const Awaited = lazy(() => this.ask());
    // What is there is shown at once: React keeps what stands for the rest for 300 ms at least. What was begun with stays, as
    // does its state.
    const Late = (props: Props) => {
      const [Content] = useState<ComponentType<Props>>(() => this.there ?? Awaited);
      return createElement(Content, props);
    };
    return Late;
  }

  private async fetch(): ReturnType<Load<Props>> {
    try {
      const code = await this.load();
      this.there = code.default;
      return code;
    } catch (cause) {
      throw new CodeLoadError('The code was not loaded.', { cause });
    }
  }
}
