import type { Page } from '@playwright/test';

/** How a visit was, as browsers tell it. */
export interface Vitals {
  /** When the largest thing was there: milliseconds after the visit began. */
  lcp: number;
  /** How much jumped that nobody had touched, in all. It is no less than what is reported by windows of time. */
  cls: number;
  /** The longest time from a touch or key to what it changed, in milliseconds; 0 if all took less than 16. */
  interaction: number;
}

declare global {
  interface Window {
    /** Of a page that is watched. */
    vitals?: Vitals;
  }
}

/** Watches each page that is opened from now on. */
export async function watchVitals(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const vitals = { lcp: 0, cls: 0, interaction: 0 };
    window.vitals = vitals;

    const watch = (type: string, note: (entry: PerformanceEntry) => void) => {
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) note(entry);
      });
      // 16 ms is the least that a browser tells of; by itself it tells of nothing below 104.
      const options = { type, buffered: true, durationThreshold: 16 };
      observer.observe(options);
    };
    // What only some browsers tell has no types.
    const told = (entry: PerformanceEntry, name: string): unknown => Reflect.get(entry, name);

    watch('largest-contentful-paint', ({ startTime }) => {
      vitals.lcp = startTime;
    });
    watch('layout-shift', (entry) => {
      const share = told(entry, 'value');
      if (told(entry, 'hadRecentInput') !== true && typeof share === 'number') vitals.cls += share;
    });
    watch('event', (entry) => {
      const id = told(entry, 'interactionId');
      if (typeof id === 'number' && id > 0) vitals.interaction = Math.max(vitals.interaction, entry.duration);
    });
  });
}

/** How the visit was until now. What a frame was like is told some frames later. */
export async function vitalsOf(page: Page): Promise<Vitals> {
  return page.evaluate(async () => {
    for (let frames = 0; frames < 10; frames++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    if (window.vitals === undefined) throw new Error('Nobody watches this page.');
    return window.vitals;
  });
}
